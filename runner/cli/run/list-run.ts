import { selectHosts, splitPattern } from '../../inventory/pattern.ts';
import { formatListing, listPlay } from '../../playbook/listing.ts';
import type { Play } from '../../playbook/model.ts';
import { literalText } from '../../plan/literal.ts';
import { tagsSelect } from '../../plan/tags.ts';
import type { Loaded } from '../load/load-run.ts';
import type { RunRequest } from '../load/request.ts';

/** What `--syntax-check` and the `--list-…` flags print in place of a run, as ansible-playbook and ansible do. */
export function listRun({ mode, settings, playbooks }: Pick<RunRequest, 'mode' | 'settings' | 'playbooks'>, loaded: Loaded): string {
  const hostsOf = (play: Play): readonly string[] => {
    const limit = settings.limit === undefined ? {} : { limit: settings.limit };
    return selectHosts(loaded.inventory, splitPattern(patternOf(play)), { ...limit, order: play.order, readFile: (path) => loaded.files.read(path) }).hosts;
  };
  return loaded.selected.map(({ path: absolute, plays }, index) => {
    // As it was given.
    const path = playbooks[index] ?? absolute;
    switch (mode) {
      case 'run':
      case 'syntax-check':
        return `\nplaybook: ${path}\n`;
      case 'list-matching':
        return plays.map((play) => hostLines(hostsOf(play), '  ')).join('');
      case 'list-hosts':
        return `\nplaybook: ${path}\n${plays.map((play) => `${heading(play)}\n${hostLines(hostsOf(play), '    ')}`).join('')}`;
      default:
        return formatListing(path, plays.map((play) => listPlay(play, (tags) => tagsSelect(tags, settings.tags))), { tasks: mode !== 'list-tags', tags: mode !== 'list-tasks' });
    }
  }).join('');
}

function heading(play: Play): string {
  const pattern = patternOf(play);
  const words = (Array.isArray(play.hosts) ? play.hosts.map((each) => literalText(each)) : [pattern]).map((word) => `'${word}'`).join(', ');
  return `\n  play #${play.index + 1} (${pattern}): ${literalText(play.name) ?? ''}\tTAGS: [${play.directives.tags.join(',')}]\n    pattern: [${words}]`;
}

function hostLines(hosts: readonly string[], indent: string): string {
  return [`hosts (${hosts.length}):`, ...hosts.map((host) => `  ${host}`)].map((line) => `${indent}${line}\n`).join('');
}

/** A play's pattern as one text; templates in it as they stand. */
function patternOf({ hosts }: Play): string {
  return literalText(Array.isArray(hosts) ? hosts.map((each) => literalText(each)).join(',') : hosts) ?? '';
}
