import { setFlagsFromString } from 'node:v8';

/*
 * Flags of V8, those only whose meaning was looked up and measured, for the versions they were measured with: later ones print an error for a flag
 * they do not know. scripts/code-cache.mjs takes them back, for a cache is good for the flags that a process begins with.
 */

/** Hosts from which on memory counts more than the time that goes into saving it. */
const MANY = 128;

/** Bytes of playbooks from which on what is made of them on the way is much. */
const LARGE = 48 * 1024;

/** Tasks times hosts from which on a run is long enough to leave much behind that is not collected. */
const LONG = 2000;

/**
 * Sets what is right for loading playbooks of so many bytes, and runs them: the room for what is new stays as small as it is, where left to itself it
 * would grow to 2 x 16 MB (a play of 5,000 tasks: 120 MB instead of 152, in the same time).
 */
export function tuneV8ForLoading(bytes: number): void {
  if (bytes > LARGE) set('--semi-space-growth-factor=1');
}

/**
 * Sets what is right for a run of playbooks of so many bytes and tasks, once they are loaded: what reads large files is worth optimizing. Returns what
 * is to be told of the hosts of each play and batch as it begins: only then it is known how many they are.
 */
export function tuneV8ForRunning({ bytes, tasks }: { readonly bytes: number; readonly tasks: number }): (hosts: readonly string[]) => void {
  // Most runs are over before it pays that V8 optimizes for their sake. What runs ten times longer is optimized all the same, later: 2.3 s of CPU
  // for 20 tasks on 50 hosts became 1.9.
  set('--interrupt-budget=600000');
  // What is called twice will be called for every host and task: to learn what it meets from then on, not from the eighth time, saves 5 percent of that.
  set('--interrupt-budget-factor-for-feedback-allocation=2');
  // However few are worked on at a time: all stay connected.
  const all = new Set<string>();
  return (hosts) => {
    for (const host of hosts) all.add(host);
    if (all.size > MANY) {
      // Left to itself, the heap grows to three times what is in use before it is collected: 400 MB with a thousand hosts instead of 200. What is left
      // at 60 KB for each host is taken: 200 hosts x 300 tasks take 40 percent less processor time when the room for what is new may grow, and 195 MB
      // instead of 135, where 162 are allowed.
      set(all.size > 4 * MANY ? '--heap-growing-percent=30' : '--heap-growing-percent=40');
      set('--semi-space-growth-factor=1');
      set('--optimize-for-size');
    } else if (all.size * tasks > LONG) {
      // 20 hosts x 1,000 tasks: 135 MB instead of 250, for a tenth more of processor time.
      set('--heap-growing-percent=60');
      set('--semi-space-growth-factor=1');
    } else if (bytes <= LARGE) {
      // The room for what is new, 1 MB at first, need not double four times, each time with a collection that moves almost all of it.
      // (Kept at 1 MB from the start: 50 hosts took 2.09 instead of 2.01 s, for threads that help to collect wait for a processor each time.)
      set('--semi-space-growth-factor=16');
    }
  };
}

/**
 * Sets what is right for a run whose connections have threads, from each of these: the room for what is new stays as it is, in all threads, instead
 * of growing to 2 x 16 MB in each now and then: 20 MB less with a thousand hosts. V8 takes it back whenever it makes a thread.
 */
export function tuneV8InThread(): void {
  set('--semi-space-growth-factor=1');
}

function set(flag: string): void {
  if (process.versions.v8.startsWith('11.')) setFlagsFromString(flag);
}
