/** A promise with its two ends outside, for events that come from callbacks. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** Makes one. */
export function deferred<T>(): Deferred<T> {
  const ends: Partial<Deferred<T>> = {};
  const promise = new Promise<T>((resolve, reject) => {
    ends.resolve = resolve;
    ends.reject = reject;
  });
  return { ...ends, promise } as Deferred<T>;
}
