/** What the frames of a session mean, as they arrive. `data` buffers are only valid during the call. */
export interface FrameListener {
  /** Bytes outside of any frame: what the login said, what a stray child wrote. */
  noise(data: Buffer): void;
  /** The prelude was understood; `pid` is the session shell's, `armed` the folders of rollbacks that wait on the host. */
  ready(pid: number, armed: readonly string[]): void;
  /** Call `id` runs; `captured` is the file that captures an effect's standard output. */
  start(id: number, captured: string): void;
  stdout(data: Buffer): void;
  /** The call ended with this code; NaN when the shell could not run it. */
  code(code: number): void;
  stderr(data: Buffer): void;
  /** The frame is over; `newest` is the newest process id of the host, where the shell was asked to say it and can. */
  end(id: number, newest?: number): void;
}

type State = 'between' | 'stdout' | 'stderr';

const EMPTY = Buffer.alloc(0);

/** Cuts the byte stream of a session shell into frames, at the session's nonce. Bytes go through unchanged, whatever they are. */
export class FrameReader {
  readonly #mark: Buffer;
  readonly #listener: FrameListener;
  #state: State = 'between';
  #rest: Buffer = EMPTY;

  constructor(nonce: string, listener: FrameListener) {
    this.#mark = Buffer.from(`\n${nonce} `, 'latin1');
    this.#listener = listener;
  }

  /** Takes the next bytes. */
  feed(chunk: Buffer): void {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const at = data.indexOf(this.#mark);
      if (at < 0) {
        this.#rest = this.#give(data);
        return;
      }
      const end = data.indexOf(0x0a, at + this.#mark.length);
      if (at > 0) this.#body(data.subarray(0, at));
      if (end < 0) {
        this.#rest = Buffer.from(data.subarray(at));
        return;
      }
      this.#line(data.toString('utf8', at + this.#mark.length, end));
      data = data.subarray(end + 1);
    }
  }

  /** Hands on what cannot be the beginning of a mark; returns the rest. */
  #give(data: Buffer): Buffer {
    const from = data.indexOf(0x0a, Math.max(0, data.length - this.#mark.length + 1));
    const keep = from < 0 ? data.length : possibleMark(data, from, this.#mark);
    if (keep > 0) this.#body(data.subarray(0, keep));
    return keep === data.length ? EMPTY : Buffer.from(data.subarray(keep));
  }

  #body(data: Buffer): void {
    if (this.#state === 'between') this.#listener.noise(data);
    else if (this.#state === 'stdout') this.#listener.stdout(data);
    else this.#listener.stderr(data);
  }

  #line(line: string): void {
    const [first = '', second = ''] = line.split(' ', 2);
    if (first === 'ready') {
      this.#listener.ready(Number(second), line.split(' ').slice(2).filter((word) => word !== ''));
      return;
    }
    const id = Number(first);
    if (second === '<') {
      this.#state = 'stdout';
      this.#listener.start(id, line.slice(first.length + 3));
    } else if (second === '>') {
      this.#state = 'between';
      this.#listener.end(id, Number(line.slice(first.length + 3)) || undefined);
    } else {
      this.#state = 'stderr';
      this.#listener.code(second === '!' ? Number.NaN : Number(second));
    }
  }
}

/** Where the last unfinished mark begins; the length of the data when there is none. */
function possibleMark(data: Buffer, from: number, mark: Buffer): number {
  for (let at = from; at >= 0 && at < data.length; at = data.indexOf(0x0a, at + 1)) {
    if (data.subarray(at).equals(mark.subarray(0, data.length - at))) return at;
  }
  return data.length;
}
