import type { Writable } from 'node:stream';

/** Where a report is written. Writing never throws and never blocks; when the reader has gone (EPIPE), output is dropped. */
export interface Sink {
  write(text: string): void;
  /** Columns of the terminal; 80 when there is none. */
  readonly columns: number;
  readonly color: boolean;
  /** Resolves when what was written has been handed to the system, or nobody reads it. */
  flush(): Promise<void>;
}

/** A sink on a stream such as `process.stdout`. */
export function streamSink(stream: Writable & { readonly isTTY?: boolean; readonly columns?: number }, environment: NodeJS.ProcessEnv = process.env): Sink {
  let gone = false;
  stream.on('error', () => {
    gone = true;
  });
  let held: string[] = [];
  /** A write to a pipe is a system call that wakes the reader: the lines of one moment go together. */
  const send = (): void => {
    const text = held.join('');
    held = [];
    if (!gone && text !== '') stream.write(text);
  };
  process.once('exit', send);
  return {
    write(text) {
      if (gone || text === '') return;
      held.push(text);
      if (held.length === 1) setImmediate(send);
    },
    get columns() {
      // A terminal that does not know its size says 0.
      return stream.columns || 80;
    },
    color: wantsColor(stream.isTTY === true, environment),
    flush: () =>
      new Promise((resolve) => {
        send();
        if (gone || stream.writableLength === 0) return resolve();
        stream.once('error', () => resolve());
        stream.write('', () => resolve());
      }),
  };
}

/** A sink that keeps the text, for files written at the end and for tests. */
export function textSink(options: { columns?: number; color?: boolean } = {}): Sink & { text(): string } {
  const parts: string[] = [];
  return {
    write: (text) => void parts.push(text),
    columns: options.columns ?? 80,
    color: options.color ?? false,
    flush: () => Promise.resolve(),
    text: () => parts.join(''),
  };
}

/** NO_COLOR and FORCE_COLOR decide, else the terminal does. */
export function wantsColor(isTerminal: boolean, environment: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return isTerminal && TERM !== 'dumb';
}
