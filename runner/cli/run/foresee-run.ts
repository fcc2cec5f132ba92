import { selectHosts, splitPattern } from '../../inventory/pattern.ts';
import { expansions } from '../../plan/expansion.ts';
import { literalText } from '../../plan/literal.ts';
import { templateFiles, templateProblems } from '../../plan/template-files.ts';
import type { Node, Playbook } from '../../playbook/model.ts';
import { problem, type Diagnostic } from '../../source/diagnostic.ts';
import { nearest } from '../../util/suggest.ts';
import type { Loaded } from '../load/load-run.ts';
import { undefinedInRun, type Asked } from './undefined-in-run.ts';

/** Everything that is wrong with a run and shows before a host is contacted, in the order in which a person reads. */
export function foreseeRun(loaded: Loaded, request: Asked): Diagnostic[] {
  const expand = expansions(loaded.load);
  const look = templateFiles(loaded.load);
  // Names cannot be looked up in an inventory that could not be read.
  const found = [...loaded.diagnostics, ...templateProblems(loaded.playbooks, expand, look), ...(loaded.inventoryRead ? unmatched(loaded, request) : [])];
  const sound = loaded.inventoryRead && !found.some((each) => each.severity === 'error');
  return [...found, ...(sound ? undefinedInRun(loaded, expand, look, request) : [])].sort(inFileOrder);
}

/** As a person reads: by place within a file; what has no place, and other files, in the order of finding. */
function inFileOrder(a: Diagnostic, b: Diagnostic): number {
  return a.span !== undefined && a.span.file === b.span?.file ? a.span.start - b.span.start : 0;
}

/** Patterns that name nothing: refused before anybody is contacted, unless the run may add hosts itself. */
function unmatched(loaded: Loaded, request: Asked): Diagnostic[] {
  const names = [...loaded.inventory.groups.keys(), ...loaded.inventory.hosts.keys()];
  const say = (word: string, what: string, span?: Diagnostic['span']): Diagnostic => {
    const near = nearest(word, names);
    if (request.inventories.length === 0) return problem('no-such-host', `'${word}' ${what} matches no host, since no inventory was given`, span, 'name one with -i: a file, a folder, or hosts such as -i n1,n2');
    return problem('no-such-host', `'${word}' ${what} matches no host or group of the inventory`, span, near === undefined ? `groups and hosts: ${names.slice(0, 12).join(', ')}` : `did you mean '${near}'?`);
  };
  const read = { readFile: (path: string) => loaded.files.read(path) };
  const limit = request.settings.limit === undefined ? [] : selectHosts(loaded.inventory, 'all', { limit: request.settings.limit, ...read }).unmatched.map((word) => say(word, 'in --limit'));
  if (growsInventory(loaded.playbooks)) return limit;
  const plays = loaded.selected.flatMap((playbook) => playbook.plays).flatMap((play) => {
    const pattern = literalText(Array.isArray(play.hosts) ? play.hosts.map((each) => literalText(each)).join(',') : play.hosts);
    if (pattern === undefined || pattern.includes('{{')) return [];
    return selectHosts(loaded.inventory, splitPattern(pattern), read).unmatched.map((word) => say(word, "in 'hosts'", play.hostsAt ?? play.at));
  });
  return [...limit, ...plays];
}

function growsInventory(playbooks: readonly Playbook[]): boolean {
  const grows = (node: Node): boolean => {
    if (node.kind === 'block') return [...node.block, ...node.rescue, ...node.always].some(grows);
    return node.kind === 'include' || node.module === 'add_host' || node.module === 'group_by';
  };
  return playbooks.some((playbook) => playbook.plays.some((play) => play.phases.some((phase) => phase.nodes.some(grows))));
}
