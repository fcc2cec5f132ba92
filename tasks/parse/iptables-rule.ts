import { ipv4Number, ipv4Text, networkOf, prefixOf } from './cidr.ts';
import { own } from '../../runner/util/own.ts';

/** One rule, in the form all ways of writing it share. */
export interface IptablesRule {
  readonly chain: string;
  /** Its words without `-A CHAIN`, as they were written. */
  readonly words: readonly string[];
  /** Conditions by option, negated ones with a leading `!` in the value: `source`, `protocol`, `--dport` … Comments are not conditions. */
  readonly conditions: ReadonlyMap<string, string>;
  /** ACCEPT, DROP, a chain …; undefined for a rule that only counts. */
  readonly target: string | undefined;
  /** Equal for two rules that do the same, comments aside. */
  readonly meaning: string;
  readonly comment: string | undefined;
}

const BASIC: Readonly<Record<string, string>> = {
  '-s': 'source',
  '--source': 'source',
  '--src': 'source',
  '-d': 'destination',
  '--destination': 'destination',
  '--dst': 'destination',
  '-i': 'in',
  '--in-interface': 'in',
  '-o': 'out',
  '--out-interface': 'out',
  '-p': 'protocol',
  '--protocol': 'protocol',
  '--proto': 'protocol',
};
const ALIASES: Readonly<Record<string, string>> = {
  '--destination-port': '--dport',
  '--source-port': '--sport',
  '--destination-ports': '--dports',
  '--source-ports': '--sports',
};
const PROTOCOLS: Readonly<Record<string, string>> = {
  0: 'all',
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'ipv6-icmp',
  112: 'vrrp',
  132: 'sctp',
};
const PORTS: Readonly<Record<string, string>> = {
  ssh: '22',
  telnet: '23',
  smtp: '25',
  domain: '53',
  http: '80',
  ntp: '123',
  snmp: '161',
  https: '443',
  ldap: '389',
};
const ICMP: Readonly<Record<string, string>> = {
  any: 'any',
  'echo-reply': '0',
  pong: '0',
  'destination-unreachable': '3',
  redirect: '5',
  'echo-request': '8',
  ping: '8',
  'time-exceeded': '11',
};

/** Reads the words of one rule after `-A CHAIN`. Understands the spelling of a person and that of iptables-save. */
export function parseRule(chain: string, words: readonly string[]): IptablesRule {
  const conditions = new Map<string, string>();
  const matches = new Set<string>();
  const targetOptions: string[] = [];
  let target: string | undefined;
  let goto = false;
  let comment: string | undefined;
  for (let at = 0; at < words.length;) {
    let negated = words[at] === '!';
    if (negated) at += 1;
    const option = words[at] ?? '';
    at += 1;
    const values: string[] = [];
    while (at < words.length && !isOption(words[at]!, words[at + 1])) {
      if (words[at] === '!' && values.length === 0) negated = true;
      else values.push(words[at]!);
      at += 1;
    }
    const value = values.join(' ');
    if (option === '-m' || option === '--match') matches.add(value);
    else if (option === '-j' || option === '--jump' || option === '-g' || option === '--goto') [target, goto] = [value, option === '-g' || option === '--goto'];
    else if (option === '--comment') comment = value;
    else if (option === '-c' || option === '--set-counters') continue;
    else if (target !== undefined) targetOptions.push(`${option} ${value}`.trim());
    else {
      const [key, plain] = normalise(option, value);
      if (plain !== undefined) conditions.set(key, `${negated ? '!' : ''}${plain}`);
    }
  }
  matches.delete('comment');
  // `-m tcp` says no more than `-p tcp`; other modules do more by being there.
  matches.delete(conditions.get('protocol') ?? '');
  const meaning = JSON.stringify([
    chain,
    [...conditions].sort(([a], [b]) => (a < b ? -1 : 1)),
    [...matches].sort(),
    target ?? '',
    goto,
    targetWords(target, targetOptions),
  ]);
  return { chain, words, conditions, target, meaning, comment };
}

function isOption(word: string, next: string | undefined): boolean {
  if (word === '!') return next !== undefined && next.startsWith('-');
  return /^-[a-zA-Z-]/.test(word);
}

function normalise(given: string, value: string): readonly [string, string | undefined] {
  const option = own(BASIC, given) ?? own(ALIASES, given) ?? given;
  switch (option) {
    case 'source':
    case 'destination':
      return [option, address(value)];
    case 'protocol': {
      const name = own(PROTOCOLS, value) ?? value.toLowerCase();
      return [option, name === 'all' ? undefined : name];
    }
    case '--dport':
    case '--sport':
      return [option, port(value)];
    case '--dports':
    case '--sports':
    case '--ports':
      return [option, value.split(',').map(port).sort().join(',')];
    case '--state':
    case '--ctstate':
      return [option, value.toUpperCase().split(',').sort().join(',')];
    case '--icmp-type':
      return [option, own(ICMP, value) ?? value];
    case '--limit':
      return [
        option,
        value
          .replace(/\/(sec|min|hour|day)\w*$/, '/$1')
          .replace(/\/s$/, '/sec')
          .replace(/\/m$/, '/min')
          .replace(/\/h$/, '/hour')
          .replace(/\/d$/, '/day'),
      ];
    case '--syn':
      return ['--tcp-flags', 'FIN,SYN,RST,ACK SYN'];
    default:
      return [option, value];
  }
}

/** An address with its prefix length, host bits cleared; undefined for "all". */
function address(text: string): string | undefined {
  const [host = '', mask] = text.split('/');
  const value = host === '0' ? 0 : ipv4Number(host);
  if (value === undefined) return host.includes(':') && mask === undefined ? `${host.toLowerCase()}/128` : text.toLowerCase();
  const prefix = mask === undefined ? 32 : /^\d+$/.test(mask) ? Number(mask) : prefixOf(mask);
  if (prefix === undefined || prefix > 32) return text;
  return prefix === 0 ? undefined : `${ipv4Text(networkOf(value, prefix))}/${prefix}`;
}

function port(text: string): string {
  const ends = text
    .trim()
    .split(':')
    .map((end) => own(PORTS, end) ?? end);
  return ends.length === 2 && ends[0] === ends[1] ? ends[0]! : ends.join(':');
}

/** REJECT's default answer is written out by iptables-save. */
function targetWords(target: string | undefined, options: readonly string[]): readonly string[] {
  if (target !== 'REJECT') return [...options].sort();
  const given = options.find((option) => option.startsWith('--reject-with '))?.slice('--reject-with '.length) ?? 'icmp-port-unreachable';
  return [given.startsWith('icmp') || given === 'tcp-reset' || given === 'tcp-rst' ? given : `icmp-${given}`];
}

/** Splits a line of iptables-save into words: blanks separate, double quotes hold together, a backslash inside them takes the next character. */
export function ruleWords(line: string): readonly string[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']+/g) ?? [];
  return words.map((word) => (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word.startsWith("'") ? word.slice(1, -1) : word));
}

/** A rule as a line of iptables-save. */
export function ruleLine({ chain, words }: Pick<IptablesRule, 'chain' | 'words'>): string {
  return ['-A', chain, ...words].map((word) => (/^[^\s"'\\]+$/.test(word) ? word : `"${word.replace(/(["\\])/g, '\\$1')}"`)).join(' ');
}
