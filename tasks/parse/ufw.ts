import { own } from '../../runner/util/own.ts';
/** What `ufw status verbose` says. */
export interface UfwStatus {
  readonly active: boolean;
  /** `off`, or its level. */
  readonly logging?: string;
  /** By direction. */
  readonly defaults?: Readonly<Record<'incoming' | 'outgoing' | 'routed', string>>;
}

/** Reads `ufw status verbose`. */
export function parseUfwStatus(text: string): UfwStatus {
  const [, on, level] = /^Logging: (on|off)(?: \(([a-z]+)\))?/m.exec(text) ?? [];
  const [, incoming, outgoing, routed] = /^Default: (\w+) \(incoming\), (\w+) \(outgoing\), (\w+) \(routed\)/m.exec(text) ?? [];
  return {
    active: /^Status: active$/m.test(text),
    ...(on !== undefined && { logging: on === 'off' ? 'off' : (level ?? 'on') }),
    ...(incoming !== undefined && outgoing !== undefined && routed !== undefined && { defaults: { incoming, outgoing, routed } }),
  };
}

const POLICIES: Readonly<Record<string, string>> = { DROP: 'deny', REJECT: 'reject', ACCEPT: 'allow' };

/** What the files say that ufw reads when it is switched on; while it is off it does not tell. */
export function parseUfwFiles(defaults: string, conf: string): UfwStatus {
  const policy = (chain: string): string => own(POLICIES, new RegExp(`^DEFAULT_${chain}_POLICY="?(\\w+)`, 'm').exec(defaults)?.[1] ?? 'DROP') ?? 'deny';
  const logging = /^LOGLEVEL="?(\w+)/m.exec(conf)?.[1];
  return { active: false, ...(logging !== undefined && { logging }), defaults: { incoming: policy('INPUT'), outgoing: policy('OUTPUT'), routed: policy('FORWARD') } };
}

const tuples = (text: string): readonly string[] => text.split('\n').filter((line) => line.startsWith('### tuple ###'));

/** Whether the rules that `ufw --dry-run` would write differ from those of the files; each family of addresses is compared when it is written. */
export function ufwWouldChange(dry: string, rules: { readonly ipv4: string; readonly ipv6: string }): boolean {
  const lines = dry.split('\n').filter((line) => line.trim() !== '');
  if (lines.every((line) => /^(Skipping|Could not delete non-existent rule)/.test(line))) return false;
  const blocks = dry.split(/^\*filter$/m).slice(1);
  const differs = (chain: string, now: string): boolean => blocks.some((block) => block.includes(`:${chain}-`) && tuples(block).join('\n') !== tuples(now).join('\n'));
  return differs('ufw-user', rules.ipv4) || differs('ufw6-user', rules.ipv6);
}

/** The number that a rule is inserted at, from `ufw status numbered`; null: behind all of them. */
export function ufwPlace(insert: number, relative: 'zero' | 'first-ipv4' | 'last-ipv4' | 'first-ipv6' | 'last-ipv6', numbered: string): number | null {
  if (relative === 'zero') return insert;
  const rules = [...numbered.matchAll(/^\[ *(\d+)\] (.*)$/gm)].map(([, number, text = '']) => ({ number: Number(number), ipv6: text.includes('(v6)') }));
  const last = Math.max(0, ...rules.map(({ number }) => number));
  const lastV4 = Math.max(0, ...rules.filter(({ ipv6 }) => !ipv6).map(({ number }) => number));
  const base = { 'first-ipv4': 1, 'last-ipv4': lastV4 || 1, 'first-ipv6': lastV4 + 1, 'last-ipv6': rules.some(({ ipv6 }) => ipv6) ? last : last + 1 }[relative];
  return insert + base > last ? null : insert + base;
}
