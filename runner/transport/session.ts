import { foreignGuards, type ForeignGuards } from './armed.ts';
import { openBecomeShell } from './become.ts';
import { HostFailure } from './channel.ts';
import type { Channel, Connection, Transport } from './channel.ts';
import type { Become, Target } from '../inventory/target.ts';
import { connectLimiter } from './limiter.ts';
import type { Connector } from './limiter.ts';
import { ReadMemo } from './memo.ts';
import type { Generation } from './memo.ts';
import { ProcessCount } from './process-count.ts';
import type { Shell } from './shell.ts';
import { plainCommand, startShell } from './shell/open.ts';
import type { StartedShell } from './shell/open.ts';
import type { ShellSession } from './shell/session.ts';

/** Channels per connection: sshd allows ten (MaxSessions), others of the same person may be using some. */
const MAX_CHANNELS = 8;

/** What went to and from a host: batches of requests that were waited for, and bytes before encryption. */
export interface Traffic {
  readonly roundTrips: number;
  readonly sent: number;
  readonly received: number;
  /** Processes made on the host meanwhile, by anybody; only when they are counted, and where the host can tell. */
  readonly processes?: number;
}

/** What a host session may be given. */
export interface HostSessionOptions {
  /** Limits handshakes over all hosts; without it only this host's own. */
  readonly connect?: Connector;
  /** Told how the way to the host stands. */
  readonly onState?: (state: 'connecting' | 'connected' | 'lost' | 'unreachable', message?: string) => void;
  /** Told of rollbacks that an earlier run left armed on the host, before anything else is done there. */
  readonly onArmed?: (shell: Shell, guards: ForeignGuards) => Promise<void>;
  /** Ends everything. */
  readonly signal?: AbortSignal;
  /** Shell program on the host; default /bin/sh. */
  readonly shell?: string;
  /** Counts the processes that are made on the host. */
  readonly profile?: boolean;
}

interface Opened {
  /** As soon as it may be read from. */
  readonly early: Promise<ShellSession>;
  readonly session: Promise<ShellSession>;
  /** Whether something else came before this run there: what was read ahead may be of before it. */
  readonly held: Promise<boolean>;
  /** For closing the one that was not used for longest. */
  used: number;
  /** The same, once it is there. */
  open?: ShellSession;
}

/** One host: its connection and its shells, opened when first needed, opened again after they were lost. */
export class HostSession {
  readonly target: Target;
  readonly #transport: Transport;
  readonly #options: HostSessionOptions;
  readonly #connect: Connector;
  readonly #generation: Generation = { value: 0 };
  readonly #memos = new Map<string, ReadMemo>();
  readonly #shells = new Map<string, Opened>();
  readonly #ending = new AbortController();
  #connection: Promise<Connection> | undefined;
  #terminalNeeded = false;
  #spent = 0;
  readonly #bytes = { sent: 0, received: 0 };
  readonly #processes: ProcessCount | undefined;
  #uses = 0;

  constructor(target: Target, transport: Transport, options: HostSessionOptions = {}) {
    this.target = target;
    this.#transport = transport;
    this.#options = options;
    this.#connect = options.connect ?? connectLimiter(1);
    if (options.profile === true) this.#processes = new ProcessCount();
  }

  /** The shell of the login user, or of the user to become. Those who ask at the same time share it. @throws HostFailure */
  shell(become?: Become): Promise<Shell> {
    return this.#open('main', become).session;
  }

  /** The same shell, perhaps before it has answered for the first time: only to read from. @throws HostFailure */
  reader(become?: Become): Promise<Shell> {
    return this.#open('main', become).early;
  }

  /** Whether what a reader is told from now on may be outdated once the shell is there: a rollback of another run had to be waited for. */
  heldBack(become?: Become): Promise<boolean> {
    const opened = this.#open('main', become);
    return opened.open ? Promise.resolve(false) : opened.held.catch(() => false);
  }

  /** A second shell of the same user: for stopping and following what runs in the first. */
  spare(become?: Become): Promise<Shell> {
    return this.#open('spare', become).session;
  }

  /** What has been read as this user, shared by all tasks; emptied when any user changes the host. */
  memo(become?: Become): ReadMemo {
    const key = userKey(become);
    const known = this.#memos.get(key) ?? new ReadMemo(this.#generation);
    this.#memos.set(key, known);
    return known;
  }

  /** What has been read and not been wanted for long is forgotten. */
  age(): void {
    for (const memo of this.#memos.values()) memo.age();
  }

  /** Gives up the connection, if there is one, and opens another. @throws HostFailure when that cannot be done */
  async reconnect(signal?: AbortSignal): Promise<void> {
    const old = this.#connection;
    this.#forget();
    // Not closed nicely: the way it went may be dead.
    void old?.then((connection) => connection.close(), () => undefined);
    await this.#connected(signal);
  }

  /** Whether a connection stands. */
  get alive(): boolean {
    return this.#connection !== undefined;
  }

  /** Requests that were waited for, over all shells there have been. */
  get roundTrips(): number {
    return this.#spent;
  }

  /** What went over its channels so far. */
  get traffic(): Traffic {
    const processes = this.#processes?.made;
    return { roundTrips: this.#spent, sent: this.#bytes.sent, received: this.#bytes.received, ...(processes !== undefined && { processes }) };
  }

  /** A channel of the connection whose bytes are counted. */
  #counted(channel: Channel): Channel {
    return {
      ...channel,
      write: (data) => {
        this.#bytes.sent += Buffer.byteLength(data);
        return channel.write(data);
      },
      onData: (listener) => channel.onData((chunk) => {
        this.#bytes.received += chunk.length;
        listener(chunk);
      }),
    };
  }

  /** Closes the shells, so that they clean up, and the connection. Never throws. */
  async close(): Promise<void> {
    const connection = this.#connection;
    const shells = [...this.#shells.values()];
    this.#ending.abort();
    this.#forget();
    await Promise.all(shells.map((opened) => opened.session.then((session) => session.close(), () => undefined)));
    await connection?.then((open) => open.close(), () => undefined);
  }

  #forget(): void {
    this.#connection = undefined;
    this.#shells.clear();
    this.#processes?.interrupted();
  }

  #signal(more?: AbortSignal): AbortSignal {
    const others = [this.#options.signal, more].filter((each) => each !== undefined);
    // Each signal made of others takes 2 KB, for as long as the host is connected.
    return others.length === 0 ? this.#ending.signal : AbortSignal.any([this.#ending.signal, ...others]);
  }

  #connected(signal?: AbortSignal): Promise<Connection> {
    if (this.#connection !== undefined) return this.#connection;
    const { onState } = this.#options;
    onState?.('connecting');
    const opening = this.#connect(this.#transport, this.target, this.#signal(signal));
    this.#connection = opening;
    opening.then(
      (connection) => {
        onState?.('connected');
        void connection.closed.then((reason) => {
          if (this.#connection !== opening) return;
          this.#forget();
          onState?.('lost', reason);
        });
      },
      (error: unknown) => {
        if (this.#connection === opening) this.#connection = undefined;
        onState?.('unreachable', error instanceof Error ? error.message : String(error));
      },
    );
    return opening;
  }

  #open(role: 'main' | 'spare', become?: Become): Opened {
    const key = `${role} ${userKey(become)}`;
    const known = this.#shells.get(key);
    if (known !== undefined) {
      known.used = ++this.#uses;
      return known;
    }
    const started = this.#start(role, become);
    const held = started.then(async (shell) => foreignGuards((await shell.opened).armed) !== undefined);
    const opened: Opened = { early: started.then(({ session }) => session), session: this.#opened(started), held, used: ++this.#uses };
    // Whoever wants the one need not want the other.
    opened.early.catch(() => undefined);
    opened.session.catch(() => undefined);
    held.catch(() => undefined);
    this.#shells.set(key, opened);
    const drop = (): void => {
      if (this.#shells.get(key) === opened) this.#shells.delete(key);
    };
    opened.session.then((session) => {
      opened.open = session;
      void session.gone.then(drop);
    }, drop);
    return opened;
  }

  async #opened(started: Promise<StartedShell>): Promise<ShellSession> {
    const session = await (await started).opened;
    const armed = foreignGuards(session.armed);
    if (armed) await this.#options.onArmed?.(session, armed);
    return session;
  }

  async #start(role: 'main' | 'spare', become?: Become): Promise<StartedShell> {
    if (this.#ending.signal.aborted) throw new HostFailure('cancelled', 'the session of this host was closed');
    this.#makeRoom();
    const opened = await this.#connected();
    const connection: Connection = { ...opened, open: async (command, options) => this.#counted(await opened.open(command, options)) };
    const { shell } = this.#options;
    const common = {
      signal: this.#signal(),
      onRoundTrip: () => void this.#spent++,
      ...(role === 'main' && { spare: () => this.spare(become) }),
      ...(shell !== undefined && { shell }),
      ...(this.#processes && { processes: this.#processes }),
    };
    if (become === undefined) return startShell(await connection.open(plainCommand(shell)), { pty: false, ...common });
    const session = await openBecomeShell(connection, become, { pty: this.#terminalNeeded, onTerminalNeeded: () => void (this.#terminalNeeded = true), ...common });
    return { session, opened: Promise.resolve(session) };
  }

  /** Closes the idle shell that was not used for longest when the daemon would refuse another. */
  #makeRoom(): void {
    if (this.#shells.size < MAX_CHANNELS) return;
    const [oldest] = [...this.#shells].filter(([, { open }]) => open?.idle === true).sort((a, b) => a[1].used - b[1].used);
    if (oldest === undefined) throw new HostFailure('lost', `all ${MAX_CHANNELS} channels of the connection are busy`, 'fewer users at once (become_user) on this host');
    this.#shells.delete(oldest[0]);
    void oldest[1].open?.close();
  }
}

function userKey(become: Become | undefined): string {
  return become === undefined ? '' : `${become.method} ${become.exe ?? ''} ${become.flags ?? ''} ${become.user}`;
}
