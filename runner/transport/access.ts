import type { Become } from '../inventory/target.ts';
import { HostFailure } from './channel.ts';
import { Inquiry } from './inquiry.ts';
import type { ReadMemo } from './memo.ts';
import type { HostSession } from './session.ts';
import type { Shell, ShellOptions, ShellOutput } from './shell.ts';
import { ShellNotOpened } from './shell/open.ts';

/** One host as one user: what observers and actuators of all its tasks work through. */
export class HostAccess {
  /** The inventory's name. */
  readonly name: string;
  /** What has been read, until the host changes. */
  readonly memo: ReadMemo;
  /** Small questions of one moment, asked together. */
  readonly inquiry: Inquiry;
  readonly #open: () => Promise<Shell>;
  readonly #reconnect: (signal?: AbortSignal) => Promise<void>;
  readonly #reader: () => Promise<Shell>;
  readonly #heldBack: () => Promise<boolean>;

  constructor(name: string, memo: ReadMemo, open: () => Promise<Shell>, reconnect: (signal?: AbortSignal) => Promise<void> = async () => undefined, reader = open, heldBack: () => Promise<boolean> = () => Promise.resolve(false)) {
    this.name = name;
    this.memo = memo;
    this.#open = open;
    this.#reconnect = reconnect;
    this.#reader = reader;
    this.#heldBack = heldBack;
    this.inquiry = new Inquiry((script, options) => this.inquire(script, options), (script, options) => this.read(script, options), reader);
  }

  /** The shell to talk to; another one after it was lost. @throws HostFailure */
  shell(): Promise<Shell> {
    return this.#open();
  }

  /** Opens a new connection and gives up the old one. @throws HostFailure */
  reconnect(signal?: AbortSignal): Promise<void> {
    return this.#reconnect(signal);
  }

  /** Reads, and once more when the connection was lost meanwhile: a read may be repeated. */
  read(script: string, options: ShellOptions = {}): Promise<ShellOutput> {
    return this.#twice((shell) => shell.read(script, options));
  }

  /** The same for a script that needs no process of its own (see `Shell.inquire`). */
  inquire(script: string, options: ShellOptions = {}): Promise<ShellOutput> {
    return this.#twice((shell) => shell.inquire(script, options));
  }

  async #twice(ask: (shell: Shell) => Promise<ShellOutput>): Promise<ShellOutput> {
    const held = this.#heldBack();
    const shell = await this.#reader();
    try {
      const answer = await ask(shell);
      return (await held) ? await ask(await this.shell()) : answer;
    } catch (error) {
      // A shell that could not even be opened would not be the second time.
      if (!(error instanceof HostFailure) || error.kind !== 'lost' || error instanceof ShellNotOpened) throw error;
      return ask(await this.shell());
    }
  }
}

/** The way to a host as its login user, or as another. */
export function hostAccess(session: HostSession, become?: Become): HostAccess {
  return new HostAccess(session.target.name, session.memo(become), () => session.shell(become), (signal) => session.reconnect(signal), () => session.reader(become), () => session.heldBack(become));
}
