import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { run } from './need.ts';

/** A user of this machine for the time of a test. */
export interface Person {
  readonly name: string;
  readonly password: string;
  remove(): void;
}

/** Makes a user with a password; `sudoers` are lines about it, with NAME in its place. */
export function makePerson(sudoers: readonly string[] = []): Person {
  const name = `rc-${randomBytes(4).toString('hex')}`;
  const password = `p'w ${randomBytes(6).toString('hex')}`;
  const rules = `/etc/sudoers.d/${name}`;
  patiently(() => run('useradd', ['-m', '-s', '/bin/sh', name]));
  patiently(() => run('chpasswd', ['-c', 'SHA256'], `${name}:${password}\n`));
  if (sudoers.length > 0) writeFileSync(rules, `${sudoers.map((line) => line.replaceAll('NAME', name)).join('\n')}\n`, { mode: 0o440 });
  return {
    name,
    password,
    remove() {
      rmSync(rules, { force: true });
      patiently(() => run('userdel', ['-f', '-r', name]));
    },
  };
}

/** Others may be changing /etc/passwd at the same moment: it is locked then. */
function patiently(act: () => void): void {
  for (let tries = 1; ; tries++) {
    try {
      act();
      return;
    } catch (error) {
      const text = (error as { stderr?: string }).stderr ?? '';
      if (/mail spool|not found/.test(text) && !/lock/.test(text)) return;
      if (tries === 20) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}
