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

/** Everything a transport needs to reach a host, from the inventory's connection variables and the command line. */
export interface Target {
  /** The inventory's name. */
  readonly name: string;
  readonly transport: 'ssh' | 'local';
  /** Name or address to connect to (`ansible_host`), before `HostName` of ssh_config. */
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  /** Path of a private key file. */
  readonly privateKey?: string;
  readonly passphrase?: string;
  /** ssh_config to read; `~/.ssh/config` without it; `none` for no file at all. */
  readonly sshConfig?: string;
  /** What to do with an unknown host key; ssh_config's StrictHostKeyChecking, else `strict`. */
  readonly hostKeyChecking?: 'strict' | 'accept-new' | 'off';
  /** known_hosts files to read; the first one is written to by `accept-new`. */
  readonly knownHosts?: readonly string[];
  /** Adds SHA-1 key exchanges, CBC ciphers and old MACs for this host only (EL6 that was hardened oddly, network gear). */
  readonly legacyAlgorithms?: boolean;
  /** Seconds for connection and authentication together; default 10. */
  readonly connectTimeout?: number;
  /** Jump hosts (`ansible_ssh_common_args: -J` or ProxyJump), nearest first, `user@host:port`. */
  readonly proxyJump?: readonly string[];
}

/** Privileges to be gained on top of the login user. */
export interface Become {
  readonly method: 'sudo' | 'su';
  readonly user: string;
  readonly password?: string;
  /** Program instead of sudo or su. */
  readonly exe?: string;
  /** Words after it, e.g. `-H`. */
  readonly flags?: string;
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
