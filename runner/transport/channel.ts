import type { Target } from '../inventory/target.ts';

/** A running program on a host with its three streams: what every transport can open, and all that a shell session needs. */
export interface Channel {
  /** Sends bytes to standard input; resolves when more may be sent (back-pressure). */
  write(data: string | Buffer): Promise<void>;
  /** Ends standard input. */
  end(): void;
  /** Called with standard output; with a pty, with everything. One listener. */
  onData(listener: (chunk: Buffer) => void): void;
  /** Called with standard error. One listener. */
  onError(listener: (chunk: Buffer) => void): void;
  /** Called once, when the program or the connection has gone. `code` is absent when nobody knows. */
  onClose(listener: (end: { code?: number; reason?: string }) => void): void;
  /** Stops reading until `resume`: back-pressure for large outputs. */
  pause(): void;
  resume(): void;
  /** Gives up the program: closes the streams without waiting. */
  close(): void;
}

/** One way to one host, open. */
export interface Connection {
  /** Starts a program through the host's login shell. */
  open(command: string, options?: { pty?: boolean }): Promise<Channel>;
  /** Resolves with the reason when the connection has gone, whoever ended it. */
  readonly closed: Promise<string>;
  /** Ends it at once; never throws. */
  close(): Promise<void>;
}

/** Opens connections of one kind. */
export interface Transport {
  connect(target: Target, signal: AbortSignal): Promise<Connection>;
}

/** Why a host could not be used: a value, not a stack trace. */
export type HostFailureKind = 'unreachable' | 'host-key' | 'auth' | 'become' | 'timeout' | 'lost' | 'cancelled';

/** A failure of the way to a host, as opposed to a failure of a task. */
export class HostFailure extends Error {
  override readonly name = 'HostFailure';
  readonly kind: HostFailureKind;
  /** What a person can do about it. */
  readonly help: string | undefined;
  constructor(kind: HostFailureKind, message: string, help?: string) {
    super(message);
    this.kind = kind;
    this.help = help;
  }
}
