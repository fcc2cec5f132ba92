/** One stream of a call, kept up to a limit: the first and the last half of it, and a note of what is missing between them. */
export class KeptOutput {
  readonly #half: number;
  readonly #head: Buffer[] = [];
  #headSize = 0;
  /** The last bytes, in a circle: the oldest stand at `#tailAt` once it is full. Made when it is needed. */
  #tail: Buffer | undefined;
  #tailAt = 0;
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
    this.#addToTail(data.subarray(first.length));
  }

  #addToTail(data: Buffer): void {
    const tail = (this.#tail ??= Buffer.allocUnsafeSlow(this.#half));
    const last = data.subarray(-this.#half);
    const copied = last.copy(tail, this.#tailAt);
    last.copy(tail, 0, copied);
    this.#tailAt = (this.#tailAt + last.length) % this.#half;
    this.#tailSize = Math.min(this.#half, this.#tailSize + last.length);
  }

  /** The bytes from `offset` on, as far as they are kept without a gap. */
  since(offset: number): Buffer {
    return this.#size > this.#headSize + this.#tailSize ? Buffer.alloc(0) : this.bytes().subarray(offset);
  }

  /** Everything kept. */
  bytes(): Buffer {
    const missing = this.#size - this.#headSize - this.#tailSize;
    const note = missing > 0 ? [Buffer.from(`\n[... ${missing} bytes of output were cut here ...]\n`)] : [];
    const tail = this.#tail?.subarray(0, this.#tailSize);
    const from = this.#tailSize < this.#half ? 0 : this.#tailAt;
    return Buffer.concat([...this.#head, ...note, ...(tail ? [tail.subarray(from), tail.subarray(0, from)] : [])]);
  }
}
