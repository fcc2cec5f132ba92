/** One stream of a call, kept up to a limit: the first and the last half of it, and a note of what is missing between them. */
export class KeptOutput {
  readonly #half: number;
  readonly #head: Buffer[] = [];
  #headSize = 0;
  #tail: Buffer[] = [];
  #tailSize = 0;
  #size = 0;

  constructor(limit: number) {
    this.#half = Math.max(1, Math.floor(limit / 2));
  }

  /** Bytes seen, kept or not. */
  get size(): number {
    return this.#size;
  }

  /** Takes a copy of what fits. */
  add(data: Buffer): void {
    this.#size += data.length;
    const room = this.#half - this.#headSize;
    const first = data.subarray(0, Math.max(0, room));
    if (first.length > 0) {
      this.#head.push(Buffer.from(first));
      this.#headSize += first.length;
    }
    if (first.length === data.length) return;
    const rest = Buffer.from(data.subarray(first.length));
    this.#tail.push(rest);
    this.#tailSize += rest.length;
    // Compacted at twice the limit, so that each byte is copied at most once more.
    if (this.#tailSize > 2 * this.#half) this.#compact();
  }

  /** The bytes from `offset` on, as far as they are kept without a gap. */
  since(offset: number): Buffer {
    return this.#size > this.#headSize + this.#tailSize ? Buffer.alloc(0) : this.bytes().subarray(offset);
  }

  /** Everything kept. */
  bytes(): Buffer {
    if (this.#tailSize > this.#half) this.#compact();
    const missing = this.#size - this.#headSize - this.#tailSize;
    const note = missing > 0 ? [Buffer.from(`\n[... ${missing} bytes of output were cut here ...]\n`)] : [];
    return Buffer.concat([...this.#head, ...note, ...this.#tail]);
  }

  #compact(): void {
    const kept = Buffer.concat(this.#tail).subarray(-this.#half);
    this.#tail = [kept];
    this.#tailSize = kept.length;
  }
}
