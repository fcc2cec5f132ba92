/** How often a host has been changed; shared by all users' reads of that host. */
export interface Generation {
  value: number;
}

/** What a host may say to a question; anything but undefined. */
export type Answer = object | string | number | null;

/** Answers, and promises of those under way, by what they are about. */
type Answers = Map<string, unknown>;

/**
 * What was read from one host as one user, until the host changes: answers of several kinds, each about something (a path, say). Reads under way are
 * shared too. What is there is kept as it is, under the very text it was asked by: a promise, a key and a mark of its own for each of a hundred
 * thousand files cost more than what is known about them.
 */
export class ReadMemo {
  readonly #generation: Generation;
  #seen: number;
  #answers = new Map<string, Answers>();
  /** What was not wanted since the last time this grew older, but in the age before. */
  #older = new Map<string, Answers>();

  constructor(generation: Generation) {
    this.#generation = generation;
    this.#seen = generation.value;
  }

  /** Grows with every change of the host; what was answered at one stand would be answered again as long as it stands there. */
  get generation(): number {
    return this.#generation.value;
  }

  /** The remembered answer, or a new one. Failures are not remembered. */
  get<T extends Answer>(kind: string, about: string, ask: () => Promise<T>): Promise<T> {
    if (this.#seen !== this.#generation.value) {
      this.#answers.clear();
      this.#older.clear();
    }
    this.#seen = this.#generation.value;
    const known = this.known<T>(kind, about);
    if (known !== undefined) return known;
    const answer = ask();
    this.#keep(kind, about, answer);
    answer.then(
      (value) => this.#replace(kind, about, answer, value),
      () => this.#replace(kind, about, answer, undefined),
    );
    return answer;
  }

  /** The remembered answer to something that was read since the host changed. */
  known<T>(kind: string, about: string): Promise<T> | undefined {
    const answer = this.#remembered(kind, about);
    return answer === undefined || answer instanceof Promise ? answer : Promise.resolve(answer as T);
  }

  /** The same, but only what need not be waited for. */
  here<T>(kind: string, about: string): Promise<T> | undefined {
    const answer = this.#remembered(kind, about);
    return answer === undefined || answer instanceof Promise ? undefined : Promise.resolve(answer as T);
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

  /** An answer or the promise of one. */
  #remembered(kind: string, about: string): unknown {
    if (this.#seen !== this.#generation.value) return undefined;
    const answer = this.#answers.get(kind)?.get(about);
    if (answer !== undefined) return answer;
    const older = this.#older.get(kind)?.get(about);
    if (older !== undefined) this.#keep(kind, about, older);
    return older;
  }

  #keep(kind: string, about: string, answer: unknown): void {
    const answers = this.#answers.get(kind);
    if (answers) answers.set(about, answer);
    else this.#answers.set(kind, new Map([[about, answer]]));
  }

  /** Puts what came of it in the place of a read under way, if that is still wanted: undefined for nothing. */
  #replace(kind: string, about: string, answer: Promise<unknown>, value: unknown): void {
    for (const age of [this.#answers, this.#older]) {
      const answers = age.get(kind);
      if (answers?.get(about) !== answer) continue;
      if (value === undefined) answers.delete(about);
      else answers.set(about, value);
    }
  }
}
