import { setFlagsFromString } from 'node:v8';

/** Hosts at once from which on memory counts more than the time that goes into collecting it. */
const MANY = 128;

/**
 * Sets V8's flags for a run. Only those whose meaning was looked up and measured, for the versions they were measured with: later ones print an error
 * for a flag they do not know. scripts/code-cache.mjs takes them back, for a cache is good for the flags a process begins with.
 */
export function tuneV8(hostsAtOnce: number): void {
  if (!process.versions.v8.startsWith('11.')) return;
  // Most runs are over before it pays that V8 optimizes for their sake. What runs ten times longer is optimized all the same, later: 2.3 s of CPU
  // for 20 tasks on 50 hosts became 1.9, and nothing changes for runs of minutes.
  // And the room for what is new, 1 MB at first, need not double four times, each time with a collection that moves almost all of it.
  const flags = ['--interrupt-budget=600000', '--semi-space-growth-factor=16'];
  // Left to itself, the heap grows to three times what is in use before it is collected: 400 MB with a thousand hosts at once instead of 240.
  if (hostsAtOnce > MANY) flags.push('--heap-growing-percent=25', '--optimize-for-size');
  for (const flag of flags) setFlagsFromString(flag);
}
