import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Transport } from '../channel.ts';
import { threadTransport } from './thread-transport.ts';
import { sshTransport } from './transport.ts';

/** Connections that the main thread holds itself: below that, starting threads would cost more than it saves. */
const OWN = 128;

/** Threads at most; beside them the main thread has its own work to do. */
const MOST = 8;

/** What a thread handles is short-lived: with the usual room for it, it would only be collected later. */
const LIMITS = { maxYoungGenerationSizeMb: 6 };

/** Hosts over ssh: the first ones from this thread, and when there are many, from threads beside it. */
export function spreadSshTransport(ownPlaces = OWN, entry = threadEntry()): Transport {
  const own = sshTransport();
  if (entry === undefined) return own;
  const places = Math.min(MOST, Math.max(1, availableParallelism() - 1));
  const threads: (Transport | undefined)[] = [];
  let count = 0;
  return {
    connect(target, signal) {
      const at = count++ - ownPlaces;
      if (at < 0) return own.connect(target, signal);
      return (threads[at % places] ??= start(at % places)).connect(target, signal);
    },
  };

  function start(place: number): Transport {
    const thread = new Worker(entry ?? '', { resourceLimits: LIMITS });
    // One that dies is not asked again.
    thread.on('exit', () => (threads[place] = undefined));
    return threadTransport(thread);
  }
}

/** The built program of a thread, beside the bundle; undefined where this runs from its sources. */
function threadEntry(): string | undefined {
  const path = fileURLToPath(new URL('ssh-thread.js', import.meta.url));
  return existsSync(path) ? path : undefined;
}
