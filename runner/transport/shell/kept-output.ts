/** Bytes of one stream of a call that are kept where nobody says otherwise. */
export const OUTPUT_LIMIT = 16 * 1024 * 1024;

/** Bytes that the note of what is missing has room for. */
const NOTE_ROOM = 80;

const EMPTY = Buffer.alloc(0);

/**
 * One stream of a call, kept up to a limit, with a note where something is missing. All in one piece of memory, for it may be large, and most
 * of it is only taken when something comes.
 */
export class KeptOutput {
  /** Bytes of the beginning, and of the end, that are kept. */
  readonly #first: number;
  readonly #last: number;
  readonly #note: (missing: number) => string;
  /** What was seen, from the beginning on; once there is more than is kept: the beginning, the room of the note, and the end in a circle. */
  #buffer: Buffer = EMPTY;
  /** Where the oldest bytes of the end stand in it. */
  #oldest = 0;
  #size = 0;
  #whole: Buffer | undefined;

  private constructor(first: number, last: number, note: (missing: number) => string) {
    this.#first = first;
    this.#last = last;
    this.#note = note;
  }

  /** Keeps the first and the last half of the limit. */
  static ofBoth(limit: number): KeptOutput {
    const half = Math.max(1, Math.floor(limit / 2));
    return new KeptOutput(half, half, (missing) => `\n[... ${missing} bytes of output were cut here ...]\n`);
  }

  /** Keeps the last bytes of something of which no more than one byte too many is told. */
  static ofEnd(limit: number): KeptOutput {
    return new KeptOutput(0, limit, () => `[... all but the last ${limit} bytes of output were cut here ...]\n`);
  }

  get #limit(): number {
    return this.#first + this.#last;
  }

  /** Takes a copy of what fits. Not after it has been asked for the bytes. */
  add(data: Buffer): void {
    const before = this.#size;
    this.#size += data.length;
    const fits = data.subarray(0, Math.max(0, this.#limit - before));
    if (fits.length > 0) {
      this.#makeRoom(before, before + fits.length);
      fits.copy(this.#buffer, before);
    }
    if (fits.length === data.length) return;
    const last = data.subarray(fits.length).subarray(-this.#last);
    if (before <= this.#limit) this.#openRoom();
    const end = this.#end();
    const copied = last.copy(end, this.#oldest);
    last.copy(end, 0, copied);
    this.#oldest = (this.#oldest + last.length) % this.#last;
  }

  #makeRoom(used: number, needed: number): void {
    if (needed <= this.#buffer.length) return;
    const most = this.#limit + NOTE_ROOM;
    const old = this.#buffer;
    // Mostly all there is comes at once. Memory that nobody writes to is not taken: beyond a megabyte nothing is copied again.
    this.#buffer = Buffer.allocUnsafe(needed > 2 ** 20 ? most : Math.min(most, used === 0 ? needed : 2 * needed));
    old.copy(this.#buffer, 0, 0, used);
  }

  /** Makes the room of the note, before the first byte that is too many. */
  #openRoom(): void {
    this.#makeRoom(this.#limit, this.#limit + NOTE_ROOM);
    this.#buffer.copyWithin(this.#first + NOTE_ROOM, this.#first, this.#limit);
  }

  #end(): Buffer {
    return this.#buffer.subarray(this.#first + NOTE_ROOM, this.#limit + NOTE_ROOM);
  }

  /** The bytes from `offset` on, as far as they are kept without a gap. */
  since(offset: number): Buffer {
    return this.#size > this.#limit ? EMPTY : this.bytes().subarray(offset);
  }

  /** Everything kept. */
  bytes(): Buffer {
    return (this.#whole ??= this.#finish());
  }

  #finish(): Buffer {
    const missing = this.#size - this.#limit;
    if (missing <= 0) return this.#buffer.subarray(0, this.#size);
    const end = this.#end();
    turn(end, this.#oldest);
    const noted = this.#first + this.#buffer.write(this.#note(missing), this.#first, 'latin1');
    end.copy(this.#buffer, noted);
    return this.#buffer.subarray(0, noted + this.#last);
  }
}

/** Turns a circle in its place, so that it begins with what stood at `from`. */
function turn(circle: Buffer, from: number): void {
  circle.subarray(0, from).reverse();
  circle.subarray(from).reverse();
  circle.reverse();
}
