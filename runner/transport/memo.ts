/** How often a host has been changed; shared by all users' reads of that host. */
export interface Generation {
  value: number;
}

/** What was read from one host as one user, until the host changes. Reads under way are shared too. */
export class ReadMemo {
  readonly #generation: Generation;
  #seen: number;
  #answers = new Map<string, Promise<unknown>>();
  /** What was not wanted since the last time this grew older, but in the age before. */
  #older = new Map<string, Promise<unknown>>();
  /** Those of them that are there. */
  readonly #here = new WeakSet<Promise<unknown>>();

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
      this.#older.clear();
    }
    this.#seen = this.#generation.value;
    const known = this.known<T>(key);
    if (known !== undefined) return known;
    const answer = ask();
    this.#answers.set(key, answer);
    answer.then(
      () => void this.#here.add(answer),
      () => {
        for (const answers of [this.#answers, this.#older]) if (answers.get(key) === answer) answers.delete(key);
      },
    );
    return answer;
  }

  /** The remembered answer to something that was read since the host changed. */
  known<T>(key: string): Promise<T> | undefined {
    if (this.#seen !== this.#generation.value) return undefined;
    const answer = this.#answers.get(key);
    if (answer) return answer as Promise<T>;
    const older = this.#older.get(key);
    if (older) this.#answers.set(key, older);
    return older as Promise<T> | undefined;
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

  /** Some time has passed: what nobody has wanted since the time before last is forgotten. */
  age(): void {
    this.#older = this.#answers;
    this.#answers = new Map();
  }

  /** The host is being or has been changed: everything read before is forgotten. */
  changed(): void {
    this.#generation.value++;
  }
}
