/** Lets at most `limit` holders in at a time, first come first served; waiting ends when the signal aborts. */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  #calm: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Runs `work` when there is room. @throws the signal's reason when it aborts before that */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
      this.#tellCalm();
    }
  }

  /** Resolves when nobody waits to be let in: whoever comes then waits for few, or for nobody. */
  calm(): Promise<void> {
    return this.#waiting.length === 0 ? Promise.resolve() : new Promise((resolve) => void this.#calm.push(resolve));
  }

  #tellCalm(): void {
    if (this.#waiting.length > 0 || this.#calm.length === 0) return;
    for (const tell of this.#calm) tell();
    this.#calm = [];
  }

  #enter(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        this.#tellCalm();
        reject(signal?.reason as Error);
      };
      this.#waiting.push(enter);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }
}
