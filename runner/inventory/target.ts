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
  /** Further tries when it cannot be reached; none without it. */
  readonly connectRetries?: number;
  /** Names a further connection beside the host's usual one, for work in the background. */
  readonly lane?: string;
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
