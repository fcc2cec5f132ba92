import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, rawCommand, quoteWord } from '../task/command.ts';
import type { FileSpec, WaitSpec } from '../task/change.ts';
import { TaskFailure } from '../task/failure.ts';
import type { Actuator, FileStat, Output } from '../task/host.ts';
import type { HostAccess } from './access.ts';
import { HostFailure } from './channel.ts';
import { guarded } from './guard.ts';
import { createObserver, knownStat } from './observer.ts';
import { reboot } from './reboot.ts';
import type { StreamedInput } from './shell.ts';
import { download, localFile } from './transfer.ts';
import { trainScript } from './train.ts';
import { INVALID, writeScript } from './write.ts';

/** What an actuator may be told beside its host. */
export interface ActuatorOptions {
  /** Hears what a command says while it runs. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Seconds for one command without a deadline of its own; default an hour. */
  readonly timeout?: number;
}

/** Seconds for an effect that nobody gave a deadline: every wait has one. */
const LONGEST = 3600;

/** A host as one task may change it. Every effect forgets what was read before, by any task as any user. */
export function createActuator(host: HostAccess, signal: AbortSignal, options: ActuatorOptions = {}): Actuator {
  let behind: (() => void) | undefined;
  const effect = async (command: Command, stdin: string | Buffer | StreamedInput | undefined, stream: boolean): Promise<Output> => {
    const shell = await host.shell();
    const timeout = command.timeout ?? options.timeout ?? LONGEST;
    host.memo.changed();
    try {
      const { onOutput } = options;
      const answer = shell.effect(command.script, { timeout, signal, ...(stdin !== undefined && { stdin }), ...(stream && onOutput !== undefined && { onOutput }) });
      const tell = behind;
      behind = undefined;
      tell?.();
      const output = await answer;
      // Answers come in the order of the requests: what was asked since then was answered behind this.
      if (tell) host.memo.settled();
      else host.memo.changed();
      return { code: output.code, stdout: output.stdout, stderr: output.stderr };
    } catch (error) {
      host.memo.changed();
      // The host is well, the command was not: it has been killed.
      if (error instanceof HostFailure && error.kind === 'timeout') throw new TaskFailure(`timed out: ${error.message}`, { rc: 124, cmd: command.shown, stdout: '', stderr: '' });
      throw error;
    }
  };
  const write = async (file: Omit<FileSpec, 'content'>, content: string | Buffer | StreamedInput): Promise<void> => {
    const before = await knownStat(host, file.path);
    host.inquiry.wrote([{ path: file.path, content }]);
    const output = await effect(rawCommand(writeScript(file, sizeOf(content), before)), content, false);
    if (output.code === 0) return;
    const said = output.stderr.trim();
    const what = output.code === INVALID ? `${file.path} was not written` : `cannot write ${file.path}`;
    throw new TaskFailure(`${what}: ${said === '' ? `exit code ${output.code}` : said}`, { rc: output.code, stderr: file.secret === true ? '' : output.stderr });
  };
  const run: Actuator['run'] = async (command, { ok = [0], stream = false } = {}) => {
    const output = await effect(command, command.stdin, stream);
    if (ok !== 'any' && !ok.includes(output.code)) throw commandFailure(command, output);
    return output;
  };
  const runAll = async (commands: readonly Command[]): Promise<void> => {
    const mark = `rollcall-${randomBytes(8).toString('hex')}`;
    const script = commands.map((command, index) => `{ ${command.script}\n} || { c=$?; echo ${mark}-${index} >&2; exit $c; }`).join('\n');
    const output = await effect(new Command(script, commands.map(({ shown }) => shown).join('; ')), undefined, false);
    if (output.code === 0) return;
    const [stderr = '', index = ''] = output.stderr.split(`${mark}-`);
    throw commandFailure(commands[Number.parseInt(index, 10) || 0] ?? new Command(script, ''), { ...output, stderr });
  };
  const last = async (act: () => Promise<unknown>, told: () => void): Promise<void> => {
    behind = told;
    try {
      await act();
    } finally {
      behind = undefined;
    }
  };
  return {
    ...createObserver(host, signal),
    run,
    runAll,
    last,
    async together(parts, plain, told) {
      const files = parts.flat().flatMap((step) => ('write' in step ? [step.write] : []));
      const before = new Map<string, FileStat | null>();
      for (const { path } of files) {
        const seen = await knownStat(host, path);
        // Forgotten meanwhile: whose the file is, and its mode, nobody knows any more.
        if (seen === undefined) return 0;
        before.set(path, seen);
      }
      host.inquiry.wrote(files);
      let made = 0;
      await last(async () => {
        const { code, stdout } = await effect(new Command(trainScript(parts, (path) => before.get(path) ?? null, plain), `the changes of ${parts.length} tasks`), undefined, false);
        made = code === 0 ? parts.length : Number.parseInt(stdout.trim().split('\n').at(-1) ?? '', 10) || 0;
      }, told);
      return made;
    },
    write: (file) => write(file, file.content),
    async remove(path) {
      if (!path.startsWith('/') || /^\/(\.*\/*)*$/.test(path)) throw new TaskFailure(`refusing to remove '${path}'`);
      await run(rawCommand(`rm -rf -- ${quoteWord(path)}`));
    },
    wait: (spec) => waitFor(host, spec, signal),
    guarded: (rollback, seconds, act) => guarded(host, { rollback, seconds, act, signal }),
    reboot: (command, timeout) => reboot(host, { command, timeout, signal }),
    async upload(localPath, file) {
      await write(file, await localFile(localPath));
    },
    download: (path, localPath) => download(host, path, localPath, signal),
  };
}

function sizeOf(content: string | Buffer | StreamedInput): number {
  if (typeof content === 'string') return Buffer.byteLength(content);
  return Buffer.isBuffer(content) ? content.length : content.size;
}

/** The failure of a command, with all that `register` sees. */
function commandFailure(command: Command, output: Output): TaskFailure {
  const last = (output.stderr.trim() === '' ? output.stdout : output.stderr).trim().split('\n').at(-1) ?? '';
  return new TaskFailure(`exit code ${output.code}${last === '' ? '' : `: ${last}`}`, { rc: output.code, stdout: output.stdout, stderr: output.stderr, cmd: command.shown });
}

/** Asks again and again; what is read while waiting is never remembered. */
async function waitFor(host: HostAccess, spec: WaitSpec, signal: AbortSignal): Promise<void> {
  const end = Date.now() + spec.timeout * 1000;
  for (;;) {
    const left = Math.max(1, (end - Date.now()) / 1000);
    const output = await host.read(spec.until.script, { timeout: Math.min(spec.until.timeout ?? 30, left), signal }).catch((error: unknown) => {
      if (error instanceof HostFailure && error.kind === 'timeout') return undefined;
      throw error;
    });
    if (output?.code === 0) break;
    if (Date.now() + spec.interval * 1000 > end) {
      throw new TaskFailure(`waited ${spec.timeout} s for ${spec.description}, in vain`, { cmd: spec.until.shown, rc: output?.code ?? 124, stdout: output?.stdout ?? '', stderr: output?.stderr ?? '' });
    }
    await sleep(spec.interval * 1000, undefined, { signal }).catch(() => {
      throw new HostFailure('cancelled', `cancelled while it waited for ${spec.description}`);
    });
  }
  host.memo.changed();
}
