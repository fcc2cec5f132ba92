/** A stretch of the run's time, perhaps in several parts: a play in batches, a task that each batch goes through again. */
export class Stretch {
  readonly name: string;
  readonly from: number;
  /** How often it was begun. */
  parts = 1;
  until: number;
  /** Milliseconds of all parts together. */
  spent = 0;
  #before = 0;
  #begun: number;

  constructor(name: string, at: number) {
    this.name = name;
    this.from = this.until = this.#begun = at;
  }

  /** Another part begins. */
  again(at: number): void {
    this.parts++;
    this.#before = this.spent;
    this.#begun = at;
  }

  /** The part that was begun last has lasted until now, at least. */
  reach(at: number): void {
    if (at < this.#begun) return;
    this.until = Math.max(this.until, at);
    this.spent = this.#before + at - this.#begun;
  }
}
