import type { Output } from '../../runner/task/host.ts';

/** Modes of SELinux. */
export type SelinuxMode = 'enforcing' | 'permissive' | 'disabled';

/** Reads the answer of `getenforce`; undefined when the host has no such tool. */
export function parseGetenforce({ code, stdout }: Output): SelinuxMode | undefined {
  const word = stdout.trim().toLowerCase();
  return code === 0 && (word === 'enforcing' || word === 'permissive' || word === 'disabled') ? word : undefined;
}

/** The values of /etc/selinux/config that matter. Spaces around `=` make a line void for SELinux, so they do here. */
export function parseSelinuxConfig(text: string): { readonly mode?: string; readonly policy?: string } {
  const mode = /^SELINUX=(\S*)/m.exec(text)?.[1];
  const policy = /^SELINUXTYPE=(\S*)/m.exec(text)?.[1];
  return { ...(mode !== undefined && { mode }), ...(policy !== undefined && { policy }) };
}

/** The text with one setting replaced, or added at the end; comments and all else stay byte for byte. */
export function withSelinuxSetting(text: string, key: 'SELINUX' | 'SELINUXTYPE', value: string): string {
  const line = new RegExp(`^${key}=.*$`, 'gm');
  if (line.test(text)) return text.replace(line, `${key}=${value}`);
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${key}=${value}\n`;
}

/** What `getsebool NAME` says. */
export type BooleanState =
  | { readonly kind: 'known'; readonly on: boolean; readonly pending?: boolean }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'no-tool' }
  | { readonly kind: 'error'; readonly text: string };

/** Reads the answer of `getsebool NAME`. */
export function parseGetsebool({ code, stdout, stderr }: Output): BooleanState {
  const match = /^\S+ --> (on|off|active|inactive)(?: pending: (on|off))?/m.exec(stdout);
  if (match) return { kind: 'known', on: match[1] === 'on' || match[1] === 'active', ...(match[2] !== undefined && { pending: match[2] === 'on' }) };
  const text = `${stdout}${stderr}`.trim();
  if (/SELinux is disabled/.test(text)) return { kind: 'disabled' };
  if (code === 127) return { kind: 'no-tool' };
  if (/Error getting active value/.test(text)) return { kind: 'unknown' };
  return { kind: 'error', text: text || `exit code ${code}` };
}

/** Booleans stored for the next boot: `name=1` lines of booleans.local. */
export function parseStoredBooleans(text: string): ReadonlyMap<string, boolean> {
  return new Map([...text.matchAll(/^\s*([A-Za-z0-9_]+)\s*=\s*([01])\s*$/gm)].map(([, name = '', value]) => [name, value === '1']));
}
