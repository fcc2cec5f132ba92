import type { Output } from '../task/host.ts';

/**
 * One persistent `/bin/sh` on a host, as one user. Calls may overlap: they are pipelined in the order of the calls
 * and answered in that order.
 */
export interface Shell {
  /**
   * Runs a script that changes nothing. Leaves no file on the host. Standard input is /dev/null.
   * `raw` keeps stdout as bytes in `stdoutBytes`.
   */
  read(script: string, options?: ShellOptions): Promise<ShellOutput>;
  /**
   * Runs a script of the transport's own that changes nothing, not even the shell it runs in: no names but `_q…`, no `exit`, no `cd`. It
   * costs no process of its own; what it says on standard error is lost.
   */
  inquire(script: string, options?: ShellOptions): Promise<ShellOutput>;
  /**
   * Runs a script that may change something: its output is captured apart from the channel, so that children left in the background
   * cannot disturb later answers, and it does not wait for them. Killed with all its children on timeout and cancel.
   */
  effect(script: string, options?: ShellOptions & { stdin?: string | Buffer | StreamedInput; onOutput?: (stream: 'stdout' | 'stderr', text: string) => void }): Promise<ShellOutput>;
  /** Ends the shell; removes what it left on the host. */
  close(): Promise<void>;
  /** Round trips made so far: batches of requests that were waited for. */
  readonly roundTrips: number;
}

/** Bytes for an effect's standard input that arrive piece by piece; `size` must be exact. */
export interface StreamedInput {
  readonly size: number;
  readonly chunks: AsyncIterable<Buffer>;
}

/** Deadlines of one call. */
export interface ShellOptions {
  /** Seconds; default 30 for reads, none for effects (the engine always gives one). */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** Bytes of a read's output kept; more is cut in the middle with a note. Default 16 MiB. Of an effect's the last 16 MiB are, behind a note. */
  readonly limit?: number;
  /**
   * Stdout in pieces as it arrives, for streaming downloads; `stdout` of the answer is then empty.
   * The flow stops until a returned promise is kept.
   */
  readonly onChunk?: (chunk: Buffer) => void | Promise<void>;
}

/** Output with the bytes of stdout kept beside the text. */
export interface ShellOutput extends Output {
  readonly stdoutBytes: Buffer;
}
