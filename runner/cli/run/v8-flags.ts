import { setFlagsFromString } from 'node:v8';

/*
 * Flags of V8, those only whose meaning was looked up and measured, for the versions they were measured with: later ones print an error for a flag
 * they do not know. scripts/code-cache.mjs takes them back, for a cache is good for the flags that a process begins with.
 */

/** Hosts at once from which on memory counts more than the time that goes into saving it. */
const MANY = 128;

/**
 * Sets what is right from loading on. The room for what is new stays as small as it is when a program has been started: left to itself, it grows to 2
 * x 16 MB, which makes nothing faster (50 hosts: 135 MB and 102 MB, the same processor time; a play of 5,000 tasks: 152 and 123 MB).
 */
export function tuneV8ForLoading(): void {
  set('--semi-space-growth-factor=1');
}

/** Sets what is right for a run on so many hosts at once, once all is loaded: what reads large files is worth optimizing. */
export function tuneV8(hosts: number): void {
  // Most runs are over before it pays that V8 optimizes for their sake. What runs ten times longer is optimized all the same, later: 2.3 s of CPU
  // for 20 tasks on 50 hosts became 1.9.
  set('--interrupt-budget=600000');
  if (hosts > MANY) {
    // Left to itself, the heap grows to three times what is in use before it is collected: 400 MB with a thousand hosts at once instead of 205 (235
    // with 25 percent). That costs a fifteenth of the processor time, and with few hosts there is nothing to be saved.
    set('--heap-growing-percent=10');
    set('--optimize-for-size');
  }
}

function set(flag: string): void {
  if (process.versions.v8.startsWith('11.')) setFlagsFromString(flag);
}
