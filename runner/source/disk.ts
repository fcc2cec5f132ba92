import { spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FileReader } from './reader.ts';
import { byCodePoint } from '../util/code-point-order.ts';

/** A program of the controller gets a minute: inventory scripts ask clouds, but a run must not hang on one. */
const RUN_TIMEOUT_MS = 60_000;
/** A listing of 50,000 hosts with their variables fits. */
const RUN_OUTPUT_LIMIT = 256 * 1024 * 1024;

/** The controller's own file system. */
export function diskReader(): FileReader {
  return { read, list, isDirectory, isExecutable, run };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function read(path: string): string | undefined {
  try {
    return decoder.decode(readFileSync(path));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new Error(`cannot read ${path}: ${reason(error)}`, { cause: error });
  }
}

function list(path: string): readonly string[] | undefined {
  try {
    return readdirSync(path).sort(byCodePoint);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new Error(`cannot list ${path}: ${reason(error)}`, { cause: error });
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // Below a file (ENOTDIR), or not ours to look at: no folder that could be used.
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function run(path: string, args: readonly string[]): { code: number; stdout: string; stderr: string } {
  // Node runs an executable text without a first line `#!` through /bin/sh: a password file would be taken for commands.
  if (isBareText(path)) return { code: 126, stdout: '', stderr: `${path} could not be run: it is executable, but no program (has it no first line #!…?)` };
  const done = spawnSync(path, args, {
    cwd: dirname(path),
    encoding: 'utf8',
    timeout: RUN_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: RUN_OUTPUT_LIMIT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (done.error) {
    const timedOut = (done.error as NodeJS.ErrnoException).code === 'ETIMEDOUT';
    const why = timedOut ? `did not end within ${RUN_TIMEOUT_MS / 1000} seconds` : `could not be run: ${reason(done.error)}`;
    return { code: timedOut ? 124 : 126, stdout: done.stdout ?? '', stderr: `${done.stderr ?? ''}${path} ${why}` };
  }
  const killed = done.signal ? `${path} was killed by ${done.signal}` : '';
  return { code: done.status ?? 128, stdout: done.stdout, stderr: done.stderr + killed };
}

function isBareText(path: string): boolean {
  const head = Buffer.alloc(512);
  try {
    const file = openSync(path, 'r');
    try {
      const beginning = head.subarray(0, readSync(file, head));
      return !beginning.includes(0) && !beginning.subarray(0, 2).equals(Buffer.from('#!'));
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES') return 'permission denied';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8 text';
  return message;
}
