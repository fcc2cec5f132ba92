import { selectHosts, splitPattern } from '../../inventory/pattern.ts';
import { LOCALHOST } from '../../inventory/vars.ts';
import type { Inventory } from '../../inventory/model.ts';
import { literalText } from '../../plan/literal.ts';
import type { Node, Play, Playbook } from '../../playbook/model.ts';

/** Hosts of the inventory that the plays name, this machine left out. */
export function trialHosts(playbooks: readonly Playbook[], inventory: Inventory, limit: string | undefined): readonly string[] {
  const names = playsOf(playbooks).flatMap((play) => selectHosts(inventory, patternOf(play), limit === undefined ? {} : { limit }).hosts);
  return [...new Set(names)].filter((name) => !LOCALHOST.includes(name));
}

/** An inventory for playbooks that were given none: every group the plays name has the same two hosts. */
export function inventedInventory(playbooks: readonly Playbook[]): string {
  const words = playsOf(playbooks).flatMap(patternOf).map((word) => word.replace(/^[!&]/, ''));
  const groups = [...new Set(words)].filter((word) => /^[A-Za-z_][\w-]*$/.test(word) && word !== 'all' && !LOCALHOST.includes(word) && !/^n[12]$/.test(word));
  return ['n1', 'n2', ...groups.flatMap((group) => [`[${group}]`, 'n1', 'n2']), ''].join('\n');
}

/** Whether anything in the playbooks asks for the rights of another user. */
export function usesBecome(playbooks: readonly Playbook[]): boolean {
  const asks = (node: Node): boolean => node.directives.become !== undefined || (node.kind === 'block' && [...node.block, ...node.rescue, ...node.always].some(asks));
  return playsOf(playbooks).some((play) => play.directives.become !== undefined || [...play.phases.flatMap(({ nodes }) => nodes), ...play.handlers].some(asks));
}

/** Names for the throwaway hosts, by those of the inventory: the same where a lab can have them. */
export function labNames(hosts: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(hosts.map((host, index) => {
    const short = host.split('.')[0]?.toLowerCase() ?? '';
    const name = /^[a-z][a-z0-9-]{0,10}$/.test(short) && !taken.has(short) ? short : `h${index + 1}`;
    taken.add(name);
    return [host, name];
  }));
}

function playsOf(playbooks: readonly Playbook[]): readonly Play[] {
  return playbooks.flatMap(({ plays }) => plays);
}

function patternOf({ hosts }: Play): readonly string[] {
  const texts = Array.isArray(hosts) ? hosts.map((each) => literalText(each) ?? '') : [literalText(hosts) ?? ''];
  return texts.filter((each) => !each.includes('{{')).flatMap((each) => splitPattern(each));
}
