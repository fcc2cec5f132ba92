import { rawCommand, quoteWord, sh, type Command } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import { Flag, Text } from '../../../runner/task/params.ts';
import type { Actuator, Observer } from '../../../runner/task/host.ts';
import type { JsonObject } from '../../../runner/util/json.ts';

/** Parameters of all modules that run a command of the author's choice. */
export const commandFields = {
  chdir: Text.optional().describe('Folder to change to first.'),
  creates: Text.optional().describe('Path or shell pattern: when there is such a file, the command is not run.'),
  removes: Text.optional().describe('Path or shell pattern: when there is no such file, the command is not run.'),
  unless: Text.optional().describe('Shell command that only looks: when it succeeds, the command is not run.'),
  onlyif: Text.optional().describe('Shell command that only looks: when it fails, the command is not run.'),
} as const;

/** Parameters about standard input and output. */
export const streamFields = {
  stdin: Text.optional().describe('Text for standard input.'),
  stdin_add_newline: Flag.default(true).describe('End `stdin` with a newline.'),
  strip_empty_ends: Flag.default(true).describe('Drop empty lines at the end of what is registered.'),
  warn: Flag.optional().describe('Taken for compatibility with old playbooks; there are no such warnings.'),
} as const;

/** When a command is not needed. */
export interface Guards {
  readonly chdir?: string | undefined;
  readonly creates?: string | undefined;
  readonly removes?: string | undefined;
  readonly unless?: string | undefined;
  readonly onlyif?: string | undefined;
}

/** Why a command is not run; null when it is. */
export interface Verdict {
  readonly message: string;
  readonly stdout: string;
}

/** Asks the host whether the command is needed. */
export async function judge({ chdir, creates, removes, unless, onlyif }: Guards, host: Observer): Promise<Verdict | null> {
  if (creates !== undefined && (await exists(creates, chdir, host))) return skipped(`'${creates}' exists`, `${creates} exists`);
  if (removes !== undefined && !(await exists(removes, chdir, host))) return skipped(`'${removes}' does not exist`, `${removes} does not exist`);
  const succeeds = (text: string): Promise<boolean> => host.read(inFolder(chdir, rawCommand(text)), ({ code }) => code === 0);
  if (unless !== undefined && (await succeeds(unless))) return skipped(`'${unless}' succeeds`, `${unless} succeeds`);
  if (onlyif !== undefined && !(await succeeds(onlyif))) return skipped(`'${onlyif}' fails`, `${onlyif} fails`);
  return null;
}

/** Whether there is a guard. */
export function isGuarded({ creates, removes, unless, onlyif }: Guards): boolean {
  return (creates ?? removes ?? unless ?? onlyif) !== undefined;
}

/** A command with a guard is known to run when the guard lets it; without one nobody knows whether it changes anything. */
export function certainty(guards: Guards): { certain?: true } {
  return isGuarded(guards) ? { certain: true } : {};
}

function skipped(reason: string, short: string): Verdict {
  return { message: `Did not run command since ${reason}`, stdout: `skipped, since ${short}` };
}

async function exists(pattern: string, chdir: string | undefined, host: Observer): Promise<boolean> {
  if (!/[*?[]/.test(pattern) && pattern.startsWith('/')) return (await host.stat(pattern)) !== null;
  return host.read(inFolder(chdir, rawCommand(`for f in ${globWord(pattern)}; do if [ -e "$f" ] || [ -L "$f" ]; then exit 0; fi; done; exit 1`)), ({ code }) => code === 0);
}

/** A shell pattern as one word of which only `*`, `?`, `[…]` and a leading `~` are special. */
function globWord(pattern: string): string {
  const [, home = '', rest = ''] = /^(~[A-Za-z0-9_-]*(?=\/|$))?([\s\S]*)$/.exec(pattern) ?? [];
  return home + rest.replace(/[^*?[\]!]+/g, (text) => (/^-$/.test(text) ? text : quoteWord(text)));
}

/** A command run in a folder. */
export function inFolder(folder: string | undefined, command: Command): Command {
  if (folder === undefined) return command;
  return sh`cd ${homeWord(folder)} || exit 1
${command}`.with({ ...(command.stdin !== undefined && { stdin: command.stdin }) });
}

/** A word whose leading `~` is the shell's. */
function homeWord(path: string): Command | string {
  const [, home, rest = ''] = /^(~[A-Za-z0-9_-]*)(\/.*)?$/s.exec(path) ?? [];
  return home === undefined ? path : rawCommand(home + (rest === '' ? '' : quoteWord(rest)));
}

/** Runs it and tells about it as Ansible does. @throws TaskFailure when it exits with anything but 0 */
export async function runAndTell(command: Command, host: Actuator, options: { cmd: string | readonly string[]; strip?: boolean }): Promise<JsonObject> {
  const start = new Date();
  const output = await host.run(command, { ok: 'any', stream: true });
  const end = new Date();
  const { strip = true } = options;
  const text = (raw: string): string => (strip ? raw.replace(/[\r\n]+$/, '') : raw);
  const result = {
    cmd: options.cmd, rc: output.code, stdout: text(output.stdout), stderr: text(output.stderr),
    ...timing(start, end), msg: '',
  };
  if (output.code !== 0) throw new TaskFailure('non-zero return code', { ...result, msg: 'non-zero return code', changed: true });
  return result;
}

/** When it ran and how long, as Ansible writes it. */
export function timing(start: Date, end: Date): { readonly start: string; readonly end: string; readonly delta: string } {
  return { start: timestamp(start), end: timestamp(end), delta: elapsed(end.getTime() - start.getTime()) };
}

/** `2026-11-23 21:04:34.123000`, in UTC. */
function timestamp(date: Date): string {
  return `${date.toISOString().replace('T', ' ').replace('Z', '')}000`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `0:00:01.500000` */
function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(milliseconds % 1000).padStart(3, '0')}000`;
}

/** What is registered when the command was not needed. */
export function tellSkipped(verdict: Verdict | null, cmd: string | readonly string[]): JsonObject {
  return verdict ? { cmd, rc: 0, stdout: verdict.stdout, stderr: '', msg: verdict.message } : {};
}

/** Standard input for the command; undefined for none. */
export function stdinOf({ stdin, stdin_add_newline }: { stdin?: string | undefined; stdin_add_newline: boolean }): string | undefined {
  return stdin === undefined ? undefined : stdin + (stdin_add_newline ? '\n' : '');
}
