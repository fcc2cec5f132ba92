import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { hash } from 'node:crypto';

/** This process, as its name is written into tokens on hosts: which machine, since when it is up, and which process there. */
export function thisProcess(): string {
  return `${machine()}-${process.pid}-${startOf(process.pid) ?? 0}`;
}

/** True for a process of this machine that has ended; of other machines nobody here can tell. */
export function isGone(name: string): boolean {
  const [, where, pid, start] = /^([\da-f]+)-(\d+)-(\d+)$/.exec(name) ?? [];
  if (where !== machine()) return false;
  const now = startOf(Number(pid));
  if (now !== undefined) return String(now) !== start;
  try {
    // No error, or one of permission: there is such a process.
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** The boot of this machine and, in a container, the container: process numbers mean something within them only. */
function machine(): string {
  const parts = [hostname(), attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')), attempt(() => readlinkSync('/proc/self/ns/pid'))];
  return hash('sha256', parts.join('\0')).slice(0, 12);
}

/** When a process began, in clock ticks since the boot: numbers of processes are used again. */
function startOf(pid: number): number | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The name of the program, in brackets, may hold anything.
  const start = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  return stat === '' || !Number.isFinite(start) ? undefined : start;
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
