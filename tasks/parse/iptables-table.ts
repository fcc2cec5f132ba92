import { ipv4Number, networkOf } from './cidr.ts';
import { parseRule, ruleWords, type IptablesRule } from './iptables-rule.ts';

/** The rules of one table, in order, and what its chains do with what no rule decides. */
export interface IptablesTable {
  /** ACCEPT or DROP for built-in chains, `-` for the others. */
  readonly policies: ReadonlyMap<string, string>;
  readonly rules: readonly IptablesRule[];
}

/** Reads `iptables -S`. */
export function parseListing(text: string): IptablesTable {
  const policies = new Map<string, string>();
  const rules: IptablesRule[] = [];
  for (const line of text.split('\n')) {
    const [verb, chain, ...rest] = ruleWords(line);
    if (chain === undefined) continue;
    if (verb === '-P') policies.set(chain, rest[0] ?? 'ACCEPT');
    else if (verb === '-N') policies.set(chain, '-');
    else if (verb === '-A') rules.push(parseRule(chain, rest));
  }
  return { policies, rules };
}

/** A table inside the text of iptables-save, with the line of each rule (from 0). */
export interface SavedTable extends IptablesTable {
  readonly lines: readonly number[];
  /** Line of its COMMIT; the number of lines when it is missing. */
  readonly end: number;
}

/** Reads one table of a file in iptables-save's format; undefined when the file has no such table. */
export function parseSaved(text: string, table = 'filter'): SavedTable | undefined {
  const policies = new Map<string, string>();
  const rules: IptablesRule[] = [];
  const at: number[] = [];
  let inside = false;
  let found = false;
  const lines = text.split('\n');
  for (const [index, raw] of lines.entries()) {
    const line = raw.replace(/^\s*(\[\d+:\d+\]\s*)?/, '');
    if (line.startsWith('*')) {
      inside = line.slice(1).trim() === table;
      found ||= inside;
    } else if (inside && line.startsWith('COMMIT')) return { policies, rules, lines: at, end: index };
    else if (inside && line.startsWith(':')) {
      const [chain = '', policy = '-'] = line.slice(1).split(/\s+/);
      policies.set(chain, policy);
    } else if (inside && /^(?:-A|--append)\s/.test(line)) {
      const [, chain = '', ...words] = ruleWords(line);
      rules.push(parseRule(chain, words));
      at.push(index);
    }
  }
  return found ? { policies, rules, lines: at, end: lines.length } : undefined;
}

const REFUSALS = new Set(['REJECT', 'DROP']);

/**
 * The index among a chain's rules of the first one that lets nothing pass behind it: an unconditional REJECT or DROP, or a jump to a chain
 * that holds one. The number of the chain's rules when there is none.
 */
export function firstRefusal(table: IptablesTable, chain: string, depth = 8): number {
  const rules = table.rules.filter((rule) => rule.chain === chain);
  const index = rules.findIndex(({ conditions, target }) => {
    if (conditions.size > 0 || target === undefined) return false;
    if (REFUSALS.has(target)) return true;
    return (
      depth > 0 && table.policies.get(target) === '-' && firstRefusal(table, target, depth - 1) < table.rules.filter((rule) => rule.chain === target).length
    );
  });
  return index < 0 ? rules.length : index;
}

/** A new TCP connection from outside. */
export interface Packet {
  readonly port: string;
  /** Absent when nobody knows from where. */
  readonly source?: string;
}

/**
 * What a table does with a new connection: what cannot be told of a rule (an interface, an unknown match) counts as a match of an ACCEPT and
 * as no match of a refusal, so that 'refused' is certain.
 */
export function verdict(table: IptablesTable, packet: Packet, chain = 'INPUT', depth = 8): 'accepted' | 'refused' {
  for (const rule of table.rules) {
    if (rule.chain !== chain || rule.target === undefined) continue;
    const match = matches(rule, packet);
    if (match === 'no') continue;
    if (rule.target === 'ACCEPT') return 'accepted';
    if (REFUSALS.has(rule.target) && match === 'yes') return 'refused';
    if (table.policies.get(rule.target) === '-' && depth > 0 && chainDecides(table, packet, rule.target, match, depth))
      return verdict(table, packet, rule.target, depth - 1);
  }
  return table.policies.get(chain) === 'DROP' ? 'refused' : 'accepted';
}

function chainDecides(table: IptablesTable, packet: Packet, chain: string, match: 'yes' | 'maybe', depth: number): boolean {
  const ends = table.rules.some(
    (rule) => rule.chain === chain && rule.target !== undefined && (rule.target === 'ACCEPT' || REFUSALS.has(rule.target)) && matches(rule, packet) !== 'no',
  );
  return ends && (match === 'yes' || verdict(table, packet, chain, depth - 1) === 'accepted');
}

function matches({ conditions }: IptablesRule, { port, source }: Packet): 'yes' | 'no' | 'maybe' {
  // From an unknown address, a rule for a peer is no way in; one for this very port and some network is taken for the operator's.
  if (source === undefined && conditions.has('source') && ![...conditions.keys()].some((key) => key.startsWith('--dport'))) return 'no';
  let sure = true;
  for (const [key, given] of conditions) {
    const negated = given.startsWith('!');
    const holds = holdsFor(key, negated ? given.slice(1) : given, port, source);
    if (holds === undefined) sure = false;
    else if (holds === negated) return 'no';
  }
  return sure ? 'yes' : 'maybe';
}

function holdsFor(key: string, value: string, port: string, source: string | undefined): boolean | undefined {
  switch (key) {
    case 'protocol':
      return value === 'tcp';
    case 'in':
      return value === 'lo' ? false : undefined;
    case '--state':
    case '--ctstate':
      return value.split(',').includes('NEW');
    case '--dport':
    case '--dports':
    case '--ports':
      return value.split(',').some((each) => inRange(port, each));
    case 'source':
      return source === undefined ? undefined : within(source, value);
    case '--dst-type':
      return value === 'LOCAL';
    case '--tcp-flags':
      return value === 'FIN,SYN,RST,ACK SYN' ? true : undefined;
    default:
      return undefined;
  }
}

function inRange(port: string, range: string): boolean {
  const [from = '', to = from] = range.split(':');
  return Number(port) >= Number(from || 0) && Number(port) <= Number(to || 65535);
}

function within(address: string, network: string): boolean | undefined {
  const [base = '', prefix = '32'] = network.split('/');
  const [one, two] = [ipv4Number(address), ipv4Number(base)];
  return one === undefined || two === undefined ? undefined : networkOf(one, Number(prefix)) === networkOf(two, Number(prefix));
}
