import { parseAddress } from './address.ts';

/** The hosts that one entry of an inventory names, or why it names none. */
export type HostNames = { readonly hosts: readonly string[]; readonly port?: number } | { readonly error: string };

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** More than anybody's inventory; a slip of the keyboard must not eat the memory. */
const MOST_HOSTS = 1_000_000;

/** Reads a host entry: `web[01:50:2].example.com:2222` names 25 hosts and a port. */
export function hostNames(entry: string): HostNames {
  const address = parseAddress(entry);
  const name = address?.host ?? entry;
  if (address?.port === undefined && entry.trim().endsWith(':') && !address) {
    return { error: `'${entry}' ends in ':', which is reserved for a port` };
  }
  const port = address?.port === undefined ? {} : { port: address.port };
  if (!name.includes('[')) return { hosts: [name], ...port };
  const expanded = expandRange(name);
  return 'error' in expanded ? expanded : { ...expanded, ...port };
}

/** Expands every `[begin:end]` or `[begin:end:step]` in a name, the first one slowest. */
export function expandRange(name: string): { readonly hosts: readonly string[] } | { readonly error: string } {
  const parts: (readonly string[])[] = [];
  let total = 1;
  let rest = name;
  while (rest.includes('[')) {
    const open = rest.indexOf('[');
    const close = rest.indexOf(']');
    const isPair = close > open && !rest.includes('|');
    if (!isPair) return { error: `'${name}' has brackets that do not pair up: a section is [NAME], a range is NAME[1:9]` };
    const members = rangeMembers(rest.slice(open + 1, close));
    if ('error' in members) return members;
    total *= members.members.length;
    if (total > MOST_HOSTS) return { error: `'${name}' names more than ${MOST_HOSTS} hosts` };
    parts.push([rest.slice(0, open)], members.members);
    rest = rest.slice(close + 1);
  }
  let hosts = [''];
  for (const choices of [...parts, [rest]]) hosts = hosts.flatMap((head) => choices.map((choice) => head + choice));
  return { hosts };
}

function rangeMembers(text: string): { members: readonly string[] } | { error: string } {
  const bounds = text.split(':');
  const [begin = '', end = '', stepText = '1'] = bounds;
  if (bounds.length !== 2 && bounds.length !== 3) return { error: `'[${text}]' is no range: it must be [begin:end] or [begin:end:step], as in [1:9]` };
  if (end === '') return { error: `the range '[${text}]' has no end` };
  const first = begin || '0';
  const step = integer(stepText);
  if (step === undefined || step === 0) return { error: `the step of the range '[${text}]' is not a whole number other than 0` };
  const padded = first.startsWith('0') && first.length > 1;
  if (padded && first.length !== end.length) return { error: `the range '[${text}]' must have as many digits at its end as at its beginning` };

  const from = LETTERS.indexOf(first);
  const to = LETTERS.indexOf(end);
  if (from !== -1 && to !== -1) {
    if (from > to) return { error: `the range '[${text}]' ends before it begins` };
    return { members: count(from, to, step, (index) => LETTERS[index] ?? '') };
  }
  const low = integer(first);
  const high = integer(end);
  if (low === undefined || high === undefined) return { error: `the range '[${text}]' is neither of numbers nor of single letters` };
  if ((high - low) / step > MOST_HOSTS) return { error: `the range '[${text}]' names more than ${MOST_HOSTS} hosts` };
  return { members: count(low, high, step, (number) => (padded ? zeroFilled(number, first.length) : String(number))) };
}

/** Python's `range(low, high + 1, step)`: a downward range therefore stops two above its end, as it does in Ansible. */
function count(low: number, high: number, step: number, name: (at: number) => string): string[] {
  const members: string[] = [];
  for (let at = low; step > 0 ? at < high + 1 : at > high + 1; at += step) members.push(name(at));
  return members;
}

function zeroFilled(number: number, width: number): string {
  return number < 0 ? `-${String(-number).padStart(width - 1, '0')}` : String(number).padStart(width, '0');
}

function integer(text: string): number | undefined {
  return /^[+-]?[0-9]+$/.test(text.trim()) ? Number(text) : undefined;
}
