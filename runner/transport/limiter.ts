import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { pacer } from '../util/pacer.ts';
import { Semaphore } from '../util/semaphore.ts';
import { HostFailure } from './channel.ts';
import type { Connection, Transport } from './channel.ts';
import type { Target } from '../inventory/target.ts';

/** The daemon hung up before it said who it is: it has too many logins under way (MaxStartups). Worth another try. */
export class TurnedAway extends HostFailure {
  constructor(message: string) {
    super('unreachable', message, 'the host limits logins under way (sshd: MaxStartups); lower --forks, or try again');
  }
}

/** Opens connections, a limited number at a time: handshakes cost CPU here and places there. */
export type Connector = (transport: Transport, target: Target, signal: AbortSignal) => Promise<Connection>;

/** A connector of a whole run. */
export interface ConnectLimiter extends Connector {
  /** Resolves when nobody waits for a place to connect. */
  room(): Promise<void>;
}

/** Tries for one connection when turned away, and the first pause between them in milliseconds. */
const TRIES = 4;
const PAUSE = 200;

/** Whoever does not get through at all is tried again as `ansible_ssh_retries` says; never with a password or key that was refused. */
function triesFor(error: HostFailure, { connectRetries = 0 }: Target): number {
  const asked = error.kind === 'unreachable' ? connectRetries + 1 : 1;
  return error instanceof TurnedAway ? Math.max(TRIES, asked) : asked;
}

/** Handshakes in flight: as many as far hosts need, whose answers take long, and dead ones, which give none for seconds. */
const PLACES = 256;

/**
 * Limits handshakes in flight over all hosts of a run, and lets them begin one by one.
 */
export function connectLimiter(places = PLACES, pause = PAUSE): ConnectLimiter {
  const semaphore = new Semaphore(places);
  const next = pacer();
  const connect: Connector = async (transport, target, signal) => {
    // A whole fleet may wait on one signal.
    setMaxListeners(0, signal);
    for (let attempt = 1; ; attempt++) {
      try {
        return await semaphore.run(() => next().then(() => transport.connect(target, signal)), signal);
      } catch (error) {
        if (signal.aborted && !(error instanceof HostFailure)) throw new HostFailure('cancelled', 'cancelled while it waited to connect');
        if (!(error instanceof HostFailure) || attempt >= triesFor(error, target)) throw error;
        // Spread out, so that those who were turned away together do not come back together.
        await sleep(Math.min(30_000, pause * 2 ** attempt) * (0.5 + Math.random()), undefined, { signal }).catch(() => {
          throw new HostFailure('cancelled', 'cancelled while it waited to connect again');
        });
      }
    }
  };
  return Object.assign(connect, { room: () => semaphore.calm() });
}
