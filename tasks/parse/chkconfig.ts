import type { Output } from '../../runner/task/host.ts';

/** What `chkconfig --list NAME` says about one service. */
export type ChkconfigState =
  | { readonly kind: 'levels'; readonly on: readonly number[] }
  /** A service of xinetd: on or off, without runlevels. */
  | { readonly kind: 'xinetd'; readonly on: boolean }
  /** Has a header, but no links in any runlevel: never added. */
  | { readonly kind: 'never-added' }
  | { readonly kind: 'no-script' }
  | { readonly kind: 'no-header' }
  | { readonly kind: 'no-chkconfig' }
  | { readonly kind: 'unreadable'; readonly text: string };

/** Reads the answer of `chkconfig --list NAME`. The labels are English only with LC_ALL=C. */
export function parseChkconfig(name: string, { code, stdout, stderr }: Output): ChkconfigState {
  const line = stdout.split('\n').find((each) => each.trim().split(/[\s:]/)[0] === name);
  if (code === 0 && line !== undefined) {
    const levels = [...line.matchAll(/\b([0-6]):(on|off)\b/g)];
    if (levels.length > 0) return { kind: 'levels', on: levels.filter(([, , state]) => state === 'on').map(([, level]) => Number(level)) };
    const xinetd = /\b(on|off)\s*$/.exec(line);
    if (xinetd) return { kind: 'xinetd', on: xinetd[1] === 'on' };
  }
  if (stderr.includes('is not referenced in any runlevel')) return { kind: 'never-added' };
  if (stderr.includes('error reading information on service')) return { kind: 'no-script' };
  if (stderr.includes('does not support chkconfig')) return { kind: 'no-header' };
  if (code === 127) return { kind: 'no-chkconfig' };
  return { kind: 'unreadable', text: (stderr || stdout).trim() || `exit code ${code} and no text` };
}
