/*
 * What hosts have in common is kept once: the modes and owners of their files, the small files that are the same on all of them, what their daemons
 * call themselves. Otherwise a thousand hosts hold a thousand copies of each.
 */

/** Values by what they are made of; what has not been wanted for long is let go. */
export class Shared<V> {
  readonly #most: number;
  #recent = new Map<string, V>();
  #older = new Map<string, V>();

  /** `most`: values that are kept at least. Twice as many are at most. */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: string, make: () => V): V {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const value = this.#older.get(key) ?? make();
    if (this.#recent.size >= this.#most) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
    return value;
  }
}

/** Bytes of a content at most: comparing larger ones costs more than they take. */
const LARGEST = 4096;

const texts = new Shared<string>(1000);
const contents = new Shared<Buffer>(500);

/** The same text. */
export function sharedText(text: string): string {
  return texts.get(text, () => text);
}

/** A text's bytes, which nobody may change. */
export function sharedBytes(text: string, encoding: BufferEncoding = 'utf8'): Buffer {
  return shared(Buffer.from(text, encoding));
}

/** The same bytes, which nobody may change, in memory of their own: small buffers are cut from larger ones, and hold on to these. */
export function shared(bytes: Buffer): Buffer {
  return bytes.length > LARGEST ? bytes : contents.get(bytes.toString('latin1'), () => ownCopy(bytes));
}

function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
