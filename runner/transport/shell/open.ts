import { randomBytes } from 'node:crypto';
import { quoteWord } from '../../task/command.ts';
import { HostFailure } from '../channel.ts';
import type { Channel } from '../channel.ts';
import { FrameReader } from './frame.ts';
import { prelude } from './prelude.ts';
import { ShellSession } from './session.ts';
import type { Surroundings } from './session.ts';

/** Printed when the shell can be spoken to, where something may ask questions first. */
const GREETING = 'rollcall-shell-is-here';
/** The same for the command line: sudo quotes a command it refuses, which must not look like the greeting. */
const GREETING_WORDS = 'rollcall-"shell"-is-here';

/** Bytes of a login's chatter that are kept for messages. */
const NOISE_LIMIT = 16 * 1024;

/** How a session shell is opened. */
export interface OpenShellOptions extends Surroundings {
  /** The channel is a terminal. */
  readonly pty: boolean;
  /** The channel's command is one of `greetingCommand`: nothing is sent before its greeting. Always so with a terminal. */
  readonly greeting?: boolean;
  /** Hears what is said before the shell answers (prompts of sudo); returns an answer to type, or why this will not work. */
  readonly hear?: (text: string) => string | HostFailure | undefined;
  /** Seconds until the shell must have answered; default 30: a host under load takes long to start one. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** A shell that ended before it could be spoken to. */
export class ShellNotOpened extends HostFailure {
  /** Exit code of the channel's command, when known. */
  readonly code: number | undefined;
  /** What was said before the end. */
  readonly said: string;
  constructor(end: { code?: number; reason?: string }, said: string) {
    super('lost', `the shell ended before it answered${endText(end, said)}`);
    this.code = end.code;
    this.said = said;
  }
}

/** The command of a channel whose shell greets first: needed with a terminal (no echo, no line editing) and behind sudo and su. */
export function greetingCommand(options: { pty: boolean; shell?: string }): string {
  const shell = quoteWord(options.shell ?? '/bin/sh');
  if (!options.pty) return `/bin/sh -c ${quoteWord(`echo ${GREETING_WORDS}; exec ${shell} -s`)}`;
  // Only standard input may be the terminal: with standard error (or, for busybox, standard output) there, too, a shell is interactive.
  return `/bin/sh -c ${quoteWord(`stty raw -echo -ixon -opost || exit 1; echo ${GREETING_WORDS}; ${shell} -s 2>/dev/null | cat`)}`;
}

/** The command of a channel whose shell can be spoken to at once. */
export function plainCommand(shell = '/bin/sh'): string {
  return quoteWord(shell);
}

/** A shell that has been spoken to. */
export interface StartedShell {
  /** May be read from at once, where nothing has to be said before it can be spoken to; what is read fails as the opening does. */
  readonly session: ShellSession;
  /** The same once it has answered. @throws HostFailure */
  readonly opened: Promise<ShellSession>;
}

/** Makes a session of a channel on which a POSIX shell reads its standard input. @throws HostFailure */
export function openShell(channel: Channel, options: OpenShellOptions): Promise<ShellSession> {
  return startShell(channel, options).opened;
}

/** The same for those who do not want to wait for the shell's first answer before they ask it something. */
export function startShell(channel: Channel, options: OpenShellOptions): StartedShell {
  const nonce = randomBytes(16).toString('hex');
  const session = new ShellSession(channel, options);
  let noise = '';
  let greeted = options.greeting !== true && !options.pty;
  const opened = new Promise<void>((resolve, reject) => {
    // A channel that takes nothing has ended or is about to: its end says why, and there is a clock.
    const write = (text: string): void => void channel.write(text).catch(() => undefined);
    const hear = (data: Buffer): void => {
      const text = data.toString('utf8');
      noise = (noise + text).slice(-NOISE_LIMIT);
      const answer = options.hear?.(text);
      if (answer instanceof HostFailure) reject(answer);
      else if (answer !== undefined) write(answer);
      if (!greeted && noise.includes(GREETING)) {
        greeted = true;
        write(prelude(nonce, { counting: options.processes !== undefined }));
      }
    };
    let ready = false;
    const reader = new FrameReader(nonce, {
      noise: (data) => {
        if (!ready) hear(data);
      },
      ready: (pid, armed) => {
        ready = true;
        session.ready(pid, armed);
        resolve();
      },
      start: (id, captured) => session.start(id, captured),
      stdout: (data) => session.stdout(data),
      code: (code) => session.code(code),
      stderr: (data) => session.stderr(data),
      end: (id, newest) => session.end(id, newest),
    });
    channel.onData((chunk) => reader.feed(chunk));
    channel.onError((chunk) => {
      if (!ready) hear(chunk);
    });
    session.gone.then(
      (end) => reject(new ShellNotOpened(end, noise)),
      () => undefined,
    );
    if (greeted) write(prelude(nonce, { counting: options.processes !== undefined }));
  });
  return { session, opened: answered(session, opened, options, () => noise) };
}

/** Waits for the first answer, but not for ever. */
async function answered(session: ShellSession, opened: Promise<void>, options: OpenShellOptions, noise: () => string): Promise<ShellSession> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const seconds = options.timeout ?? 30;
    timer = setTimeout(() => reject(new HostFailure('timeout', `the shell did not answer within ${seconds} s${endText({}, noise())}`)), seconds * 1000);
    options.signal?.addEventListener('abort', () => reject(new HostFailure('cancelled', 'cancelled while a shell was opened')), { once: true });
  });
  try {
    await Promise.race([opened, late]);
    return session;
  } catch (error) {
    session.refuse(error instanceof HostFailure ? error : new HostFailure('lost', String(error)));
    throw error;
  } finally {
    clearTimeout(timer);
    late.catch(() => undefined);
  }
}

function endText(end: { code?: number; reason?: string }, noise: string): string {
  const facts = [end.code === undefined ? '' : `exit code ${end.code}`, end.reason ?? ''].filter((fact) => fact !== '');
  const said = noise.trim();
  return `${facts.length > 0 ? ` (${facts.join(', ')})` : ''}${said === '' ? '' : `; it said: ${said.slice(-500)}`}`;
}
