import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needPrograms } from './need.ts';

/** The kinds of /bin/sh that hosts have, by path. */
export function localShells(): { readonly dash: string; readonly bash: string; readonly busybox: string; remove(): void } {
  needPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-shells-'));
  // Other users have to reach it, too.
  chmodSync(folder, 0o755);
  symlinkSync('/usr/bin/busybox', join(folder, 'ash'));
  return { dash: '/usr/bin/dash', bash: '/usr/bin/bash', busybox: join(folder, 'ash'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
