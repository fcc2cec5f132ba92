import { setMaxListeners } from 'node:events';
import { HostFailure } from './channel.ts';

const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Waits for something, but not longer than the signal lets it. @throws HostFailure of kind `cancelled` when that comes first
 *
 * A signal may live as long as the run and be waited on by every task of every host: it gets one listener, and whoever has waited is forgotten.
 */
export function untilCancelled<T>(signal: AbortSignal, begin: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(new HostFailure('cancelled', 'cancelled while the host was looked at'));
    // What has been cancelled is not begun.
    if (signal.aborted) {
      leave();
      return;
    }
    const all = waitingOn(signal);
    all.add(leave);
    begin().then(
      (value) => {
        all.delete(leave);
        resolve(value);
      },
      (error: unknown) => {
        all.delete(leave);
        reject(error);
      },
    );
  });
}

function waitingOn(signal: AbortSignal): Set<() => void> {
  const known = waiting.get(signal);
  if (known) return known;
  const all = new Set<() => void>();
  waiting.set(signal, all);
  setMaxListeners(0, signal);
  signal.addEventListener('abort', () => all.forEach((leave) => leave()), { once: true });
  return all;
}
