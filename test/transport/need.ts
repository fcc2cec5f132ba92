import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Programs that these tests run for real, and the Debian packages they come from. */
const PROGRAMS = { '/usr/sbin/sshd': 'openssh-server', '/usr/bin/ssh-keygen': 'openssh-client', '/usr/bin/sudo': 'sudo', '/usr/bin/busybox': 'busybox', '/usr/bin/bash': 'bash', '/usr/bin/dash': 'dash' };

/** Fails with a sentence that says what to install. */
export function needPrograms(): void {
  const missing = Object.entries(PROGRAMS).filter(([path]) => !existsSync(path)).map(([, name]) => name);
  if (missing.length > 0) throw new Error(`the transport tests run real daemons: apt-get install ${missing.join(' ')}`);
  if (process.getuid?.() !== 0) throw new Error('the transport tests make users and sudo rules of their own: run them as root (in a container, for instance)');
}

/** Runs a program and gives its output. */
export function run(program: string, args: readonly string[], input?: string): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], ...(input !== undefined && { input }) });
}
