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

/**
 * A signal that ends with another one, or after so many milliseconds. `AbortSignal.any` with `AbortSignal.timeout` is not used for this:
 * Node holds the timeout's signal only weakly, so that a collection of garbage makes it never end (nodejs/node#57736).
 */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #parent: AbortSignal;
  readonly #end: () => void;
  #passed = false;

  constructor(milliseconds: number, parent: AbortSignal) {
    const controller = new AbortController();
    this.signal = controller.signal;
    this.#parent = parent;
    this.#end = () => controller.abort(parent.reason);
    this.#timer = setTimeout(() => {
      this.#passed = true;
      controller.abort(new DOMException('the time is over', 'TimeoutError'));
    }, Math.min(milliseconds, LONGEST));
    if (parent.aborted) this.#end();
    else waitingOn(parent).add(this.#end);
  }

  /** Whether it was the time that ended it, or would have. */
  get passed(): boolean {
    return this.#passed;
  }

  /** For those who are done: nothing ends any more. */
  close(): void {
    clearTimeout(this.#timer);
    waiting.get(this.#parent)?.delete(this.#end);
  }
}

/** Milliseconds a timer can wait; beyond that Node takes 1. */
const LONGEST = 2 ** 31 - 1;

function waitingOn(signal: AbortSignal): Set<() => void> {
  const known = waiting.get(signal);
  if (known) return known;
  const all = new Set<() => void>();
  waiting.set(signal, all);
  setMaxListeners(0, signal);
  signal.addEventListener('abort', () => all.forEach((leave) => leave()), { once: true });
  return all;
}
