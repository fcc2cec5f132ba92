import { randomBytes } from 'node:crypto';
import { quoteWord } from '../task/command.ts';
import { HostFailure } from './channel.ts';
import type { Connection } from './channel.ts';
import type { Become } from '../inventory/target.ts';
import { greetingCommand, openShell, ShellNotOpened } from './shell/open.ts';
import type { ShellSession, Surroundings } from './shell/session.ts';

/** How a shell of another user is opened. */
export interface BecomeOptions extends Surroundings {
  /** Known to need a terminal (an earlier attempt said so). */
  readonly pty: boolean;
  /** Told when it turned out that a terminal is needed, so that the next shell asks for one at once. */
  readonly onTerminalNeeded?: () => void;
  readonly shell?: string;
  readonly signal?: AbortSignal;
}

/** The refusal that a terminal cures. */
class TerminalNeeded extends HostFailure {
  constructor(said: string) {
    super('become', said, 'the transport has no terminal to offer');
  }
}

/** Opens a session shell as another user, on a channel of its own. @throws HostFailure of kind `become` that says why not */
export async function openBecomeShell(connection: Connection, become: Become, options: BecomeOptions): Promise<ShellSession> {
  const { password } = become;
  if (password !== undefined && /[\n\r\0]/.test(password)) throw new HostFailure('become', `the ${become.method} password has a line end or NUL in it`);
  // su asks its question on the terminal only (EL6: "standard in must be a tty").
  const pty = options.pty || (become.method === 'su' && password !== undefined);
  try {
    return await attempt(connection, become, options, pty);
  } catch (error) {
    if (!(error instanceof TerminalNeeded) || pty) throw error;
    options.onTerminalNeeded?.();
    return attempt(connection, become, options, true);
  }
}

async function attempt(connection: Connection, become: Become, options: BecomeOptions, pty: boolean): Promise<ShellSession> {
  const prompt = `[rollcall ${randomBytes(8).toString('hex')}] password: `;
  const shell = greetingCommand({ pty, ...(options.shell !== undefined && { shell: options.shell }) });
  const channel = await connection.open(become.method === 'sudo' ? sudoCommand(become, prompt, shell) : suCommand(become, shell), { pty });
  try {
    return await openShell(channel, {
      ...options,
      pty,
      greeting: true,
      hear: listener(become, prompt),
    });
  } catch (error) {
    if (error instanceof ShellNotOpened) throw ended(become, error);
    throw error;
  }
}

/** Options that sudo 1.7.2 knows as well as today's. `-n` makes it fail instead of asking when we have no answer. */
function sudoCommand(become: Become, prompt: string, shell: string): string {
  const ours = become.password === undefined ? '-n' : `-S -p ${quoteWord(prompt)}`;
  const theirs = (become.flags ?? '-H').split(/\s+/).filter((flag) => flag !== '' && flag !== '-n' && flag !== '-S');
  return [quoteWord(become.exe ?? 'sudo'), ...theirs.map(quoteWord), ours, '-u', quoteWord(become.user), '--', shell].join(' ');
}

/** Options before the user: busybox su stops reading options there. */
function suCommand(become: Become, shell: string): string {
  const theirs = (become.flags ?? '').split(/\s+/).filter((flag) => flag !== '');
  const flags = theirs.filter((flag) => flag !== '-');
  return [quoteWord(become.exe ?? 'su'), ...flags.map(quoteWord), '-s /bin/sh -c', quoteWord(shell), theirs.includes('-') ? '-' : '', quoteWord(become.user)].join(' ');
}

/** Hears the prompt and answers it once; hears refusals. */
function listener(become: Become, prompt: string): (text: string) => string | HostFailure | undefined {
  let said = '';
  let answered = false;
  const asked = (): boolean => (become.method === 'sudo' ? said.includes(prompt) : /password[^\n]*:\s*$/i.test(said));
  return (text) => {
    said = (said + text).slice(-8192);
    const refusal = refused(become, said);
    if (refusal !== undefined) return refusal;
    if (!asked()) return undefined;
    if (answered) return wrongPassword(become);
    if (become.password === undefined) return new HostFailure('become', `${become.method} asks for a password, and none was given`, HOW_TO_GIVE);
    answered = true;
    said = '';
    return `${become.password}\n`;
  };
}

const HOW_TO_GIVE = 'give it with --ask-become-pass or ansible_become_password, or allow it without (NOPASSWD)';

function wrongPassword(become: Become): HostFailure {
  return new HostFailure('become', `${become.method} did not accept the password`, 'check ansible_become_password: sudo wants the login user\'s password, su the one of the user to become');
}

/** What sudo and su say when they will not, oldest versions included. */
function refused(become: Become, said: string): HostFailure | undefined {
  const line = (pattern: RegExp): string | undefined => said.split(/[\r\n]+/).find((each) => pattern.test(each))?.trim();
  const terminal = line(/must have a tty|no tty present|a terminal is required|must be run from a terminal|must be a tty/);
  if (terminal !== undefined) return new TerminalNeeded(terminal);
  if (line(/sorry, try again|incorrect password|authentication failure|authentication failed|permission denied/i) !== undefined && become.password !== undefined) return wrongPassword(become);
  if (line(/a password is required/) !== undefined) return new HostFailure('become', `sudo asks for a password to become ${become.user}, and none was given`, HOW_TO_GIVE);
  const denied = line(/not in the sudoers file|may not run sudo|not allowed to (execute|run)/);
  if (denied !== undefined) return new HostFailure('become', denied, `allow it in sudoers, or connect as a user who may become ${become.user}`);
  const nobody = line(/unknown user|user \S+ does not exist|no passwd entry|unknown id/i);
  return nobody === undefined ? undefined : new HostFailure('become', nobody, 'check become_user');
}

/** The shell never came: why, from the exit code and the last words. */
function ended(become: Become, end: ShellNotOpened): HostFailure {
  const name = become.exe ?? become.method;
  const refusal = refused(become, end.said);
  if (refusal !== undefined) return refusal;
  if (end.code === 127) return new HostFailure('become', `${name} is not installed on the host`, become.method === 'sudo' ? 'install sudo, or use become_method: su' : undefined);
  const last = end.said.trim().split(/[\r\n]+/).findLast((line) => line.trim() !== '');
  return new HostFailure('become', `${name} to ${become.user} failed${last === undefined ? ` with exit code ${end.code ?? 'unknown'}` : `: ${last.trim()}`}`);
}
