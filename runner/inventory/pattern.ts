import { parseAddress } from './address.ts';
import { groupMembers } from './members.ts';
import type { Inventory } from './model.ts';
import { globPattern, regexPattern } from './name-pattern.ts';
import { LOCALHOST } from './vars.ts';

/** How hosts are chosen beside the pattern itself. */
export interface SelectOptions {
  /** `--limit`: only hosts that this pattern matches too; `@FILE` takes patterns from a file, one a line. */
  readonly limit?: string | readonly string[];
  readonly order?: 'inventory' | 'reverse_inventory' | 'sorted' | 'reverse_sorted' | 'shuffle';
  /** Reads the files of `@FILE`. */
  readonly readFile?: (path: string) => string | undefined;
  /** Source of chance for `shuffle`, from 0 to 1. */
  readonly random?: () => number;
}

/** The hosts that a pattern means. */
export interface Selection {
  readonly hosts: readonly string[];
  /** Parts of the pattern or limit that match no host and no group, without `!` and `&`. */
  readonly unmatched: readonly string[];
  /** Parts that cannot be used at all: no regex, no such limit file, no host at that index. */
  readonly problems: readonly string[];
}

const SUBSCRIPT = /^(.+)\[(?:(-?[0-9]+)|([0-9]+)[:-]([0-9]*))\]$/;

/** Chooses hosts by Ansible's patterns: `all`, `*`, `group`, `a:b`, `a,b`, `!x`, `&y`, globs, `~regex`, `group[0]`, `group[0:2]`. */
export function selectHosts(inventory: Inventory, pattern: string | readonly string[], options: SelectOptions = {}): Selection {
  const matching: Matching = { inventory, unmatched: new Set(), problems: [], known: new Map() };
  let hosts = evaluate(matching, splitPattern(pattern));
  if (options.limit !== undefined) {
    const limited = new Set(evaluate(matching, limitParts(matching, options)));
    hosts = hosts.filter((host) => limited.has(host));
  }
  return { hosts: ordered([...new Set(hosts)], options), unmatched: [...matching.unmatched], problems: matching.problems };
}

/** Splits a pattern at commas, or else at colons that belong to no address or range. */
export function splitPattern(pattern: string | readonly string[]): string[] {
  if (typeof pattern !== 'string') return pattern.flatMap(splitPattern);
  const parts = pattern.includes(',') ? pattern.split(',') : parseAddress(pattern) ? [pattern] : (pattern.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? []);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

interface Matching {
  readonly inventory: Inventory;
  readonly unmatched: Set<string>;
  readonly problems: string[];
  readonly known: Map<string, readonly string[]>;
}

function limitParts(matching: Matching, { limit = [], readFile }: SelectOptions): string[] {
  return splitPattern(limit).flatMap((part) => {
    if (!part.startsWith('@')) return [part];
    const text = readFile?.(part.slice(1));
    if (text !== undefined) return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
    matching.problems.push(`there is no limit file '${part.slice(1)}'`);
    return [];
  });
}

function evaluate(matching: Matching, parts: readonly string[]): string[] {
  const regular = parts.filter((part) => !/^[!&]/.test(part));
  let hosts: string[] = [];
  const seen = new Set<string>();
  for (const part of regular.length > 0 ? regular : ['all']) {
    for (const host of matching.inventory.hosts.has(part) ? [part] : matches(matching, part)) {
      if (!seen.has(host)) hosts.push(host);
      seen.add(host);
    }
  }
  // Intersections come before exclusions, wherever they stand.
  for (const sign of ['&', '!']) {
    for (const part of parts.filter((each) => each.startsWith(sign))) {
      const those = new Set(matches(matching, part.slice(1)));
      hosts = hosts.filter((host) => those.has(host) === (sign === '&'));
    }
  }
  return hosts;
}

function matches(matching: Matching, part: string): readonly string[] {
  let hosts = matching.known.get(part);
  if (!hosts) {
    hosts = part === '' ? [] : subscripted(matching, part);
    matching.known.set(part, hosts);
  }
  return hosts;
}

function subscripted(matching: Matching, part: string): readonly string[] {
  const match = part.startsWith('~') ? null : SUBSCRIPT.exec(part);
  if (!match) return enumerate(matching, part);
  const [, expression = '', index, start = '', end = ''] = match;
  const hosts = enumerate(matching, expression);
  if (hosts.length === 0) return hosts;
  if (index === undefined) {
    if (end === '') return hosts.slice(Number(start));
    // The end is included; `[2:0]` is the host at 2, as in Ansible.
    if (Number(end) > 0) return hosts.slice(Number(start), Number(end) + 1);
  }
  const host = hosts.at(Number(index ?? start));
  if (host !== undefined) return [host];
  matching.problems.push(`'${part}' asks for a host beyond the ${hosts.length} that '${expression}' matches`);
  return [];
}

/** Hosts of the groups whose names match, then hosts whose own names match. Not without duplicates: subscripts count them. */
function enumerate({ inventory, unmatched, problems }: Matching, expression: string): readonly string[] {
  const isRegex = expression.startsWith('~');
  const isMatch = nameTest(expression);
  if (!isMatch) {
    problems.push(`'${expression}' is no regular expression`);
    return [];
  }
  const groups = typeof isMatch === 'string' ? (inventory.groups.has(isMatch) ? [isMatch] : []) : [...inventory.groups.keys()].filter((name) => isMatch.test(name));
  const hosts = groups.flatMap((group) => groupMembers(inventory, group));
  if (groups.length === 0 || isRegex || /[.?*[]/.test(expression)) {
    if (typeof isMatch === 'string') {
      if (inventory.hosts.has(isMatch)) hosts.push(isMatch);
    } else for (const name of inventory.hosts.keys()) if (isMatch.test(name)) hosts.push(name);
  }
  if (hosts.length === 0 && LOCALHOST.includes(expression)) hosts.push(localhost(inventory) ?? expression);
  if (hosts.length === 0 && groups.length === 0 && expression !== 'all') unmatched.add(expression);
  return hosts;
}

/** A plain name stands for itself: no need to try it on every host. */
function nameTest(expression: string): string | RegExp | undefined {
  if (expression.startsWith('~')) return regexPattern(expression.slice(1));
  return /[*?[]/.test(expression) ? globPattern(expression) : expression;
}

/** The host of the inventory that stands for this machine: the first one named. */
function localhost(inventory: Inventory): string | undefined {
  const named = LOCALHOST.filter((name) => inventory.hosts.has(name));
  if (named.length < 2) return named[0];
  for (const name of inventory.hosts.keys()) if (named.includes(name)) return name;
  return undefined;
}

function ordered(hosts: string[], { order, random = Math.random }: SelectOptions): string[] {
  switch (order) {
    case 'reverse_inventory':
      return hosts.reverse();
    case 'sorted':
      return hosts.sort();
    case 'reverse_sorted':
      return hosts.sort().reverse();
    case 'shuffle':
      return shuffled(hosts, random);
    default:
      return hosts;
  }
}

function shuffled(hosts: string[], random: () => number): string[] {
  for (let last = hosts.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [hosts[last], hosts[other]] = [hosts[other] ?? '', hosts[last] ?? ''];
  }
  return hosts;
}
