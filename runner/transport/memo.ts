/** How often a host has been changed; shared by all users' reads of that host. */
export interface Generation {
  value: number;
}

/** What was read from one host as one user, until the host changes. Reads under way are shared too. */
export class ReadMemo {
  readonly #generation: Generation;
  #seen: number;
  readonly #answers = new Map<string, Promise<unknown>>();
  /** Those of them that are there. */
  readonly #here = new Set<Promise<unknown>>();

  constructor(generation: Generation) {
    this.#generation = generation;
    this.#seen = generation.value;
  }

  /** Grows with every change of the host; what was answered at one stand would be answered again as long as it stands there. */
  get generation(): number {
    return this.#generation.value;
  }

  /** The remembered answer, or a new one. Failures are not remembered. */
  get<T>(key: string, ask: () => Promise<T>): Promise<T> {
    if (this.#seen !== this.#generation.value) {
      this.#answers.clear();
      this.#here.clear();
    }
    this.#seen = this.#generation.value;
    const known = this.#answers.get(key);
    if (known !== undefined) return known as Promise<T>;
    const answer = ask();
    this.#answers.set(key, answer);
    answer.then(
      () => {
        if (this.#answers.get(key) === answer) this.#here.add(answer);
      },
      () => {
        if (this.#answers.get(key) === answer) this.#answers.delete(key);
      },
    );
    return answer;
  }

  /** The remembered answer to something that was read since the host changed. */
  known<T>(key: string): Promise<T> | undefined {
    return this.#seen === this.#generation.value ? (this.#answers.get(key) as Promise<T> | undefined) : undefined;
  }

  /** The same, but only what need not be waited for. */
  here<T>(key: string): Promise<T> | undefined {
    const answer = this.known<T>(key);
    return answer && this.#here.has(answer) ? answer : undefined;
  }

  /**
   * A change is over behind which this user's reads since `changed` have queued up, on the same shell: they stay. Other users' reads, on
   * other shells, may have been answered in the middle of it.
   */
  settled(): void {
    const isLatest = this.#seen === this.#generation.value;
    this.#generation.value++;
    if (isLatest) this.#seen = this.#generation.value;
  }

  /** The host is being or has been changed: everything read before is forgotten. */
  changed(): void {
    this.#generation.value++;
  }
}
