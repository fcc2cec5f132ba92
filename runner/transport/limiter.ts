import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostFailure } from './channel.ts';
import type { Connection, Transport } from './channel.ts';
import type { Target } from '../inventory/target.ts';
import { deferred } from './deferred.ts';
import type { Deferred } from './deferred.ts';

/** A number of places; whoever finds none waits in line. */
export class Semaphore {
  #free: number;
  readonly #line: Deferred<void>[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** Runs `work` in a place. @throws HostFailure of kind `cancelled` when the signal comes first */
  async use<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      if (next === undefined) this.#free++;
      else next.resolve();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new HostFailure('cancelled', 'cancelled while it waited to connect');
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    // A whole fleet may wait on one signal.
    setMaxListeners(0, signal);
    const turn = deferred<void>();
    this.#line.push(turn);
    const leave = (): void => {
      const at = this.#line.indexOf(turn);
      if (at < 0) return;
      this.#line.splice(at, 1);
      turn.reject(new HostFailure('cancelled', 'cancelled while it waited to connect'));
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}

/** The daemon hung up before it said who it is: it has too many logins under way (MaxStartups). Worth another try. */
export class TurnedAway extends HostFailure {
  constructor(message: string) {
    super('unreachable', message, 'the host limits logins under way (sshd: MaxStartups); lower --forks, or try again');
  }
}

/** Opens connections, a limited number at a time: handshakes cost CPU here and places there. */
export type Connector = (transport: Transport, target: Target, signal: AbortSignal) => Promise<Connection>;

/** Tries for one connection when turned away, and the first pause between them in milliseconds. */
const TRIES = 4;
const PAUSE = 200;

/** Limits handshakes in flight over all hosts of a run. */
export function connectLimiter(places = 16, pause = PAUSE): Connector {
  const semaphore = new Semaphore(places);
  return async (transport, target, signal) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await semaphore.use(signal, () => transport.connect(target, signal));
      } catch (error) {
        if (!(error instanceof TurnedAway) || attempt === TRIES) throw error;
        // Spread out, so that those who were turned away together do not come back together.
        await sleep(pause * 2 ** attempt * (0.5 + Math.random()), undefined, { signal }).catch(() => {
          throw new HostFailure('cancelled', 'cancelled while it waited to connect again');
        });
      }
    }
  };
}
