import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** One run of a program. */
export interface Measured {
  readonly code: number;
  /** From the start to the end, in seconds. */
  readonly wall: number;
  /** Processor time of the program and of the children it waited for, in seconds. */
  readonly cpu: number;
  /** Processes that were made meanwhile on the whole machine, hosts made from namespaces included. */
  readonly processes: number;
  /** Most memory that the program itself had at a time, in MB; 0 when it was too short to be looked at. */
  readonly peak: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Milliseconds between looks at the memory. */
const LOOK = 20;

/** What stands before the line with the times that the shell adds to standard error. */
const MARK = '@times@';

/**
 * What programs are run with: this environment but for what makes Node another one. A file of extra certificates, say, is read at every start, which
 * takes it 30 ms and 5 MB.
 */
const { NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...ENVIRONMENT } = process.env;

/** Runs a program under a shell that says what it cost. `env`: variables beside the usual ones. */
export async function measure(argv: readonly string[], options: { env?: NodeJS.ProcessEnv; cwd?: string; stdin?: string } = {}): Promise<Measured> {
  const made = await processesMade();
  const started = process.hrtime.bigint();
  // `times` of the shell: its second line is about its children.
  const child = spawn('/bin/sh', ['-c', `"$@"; c=$?; { echo "${MARK}"; times; } >&2; exit $c`, 'measure', ...argv], { env: { ...ENVIRONMENT, ...options.env }, cwd: options.cwd ?? '/', stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => undefined).end(options.stdin ?? '');
  let peak = 0;
  const look = setInterval(() => void peakOfChild(child.pid ?? 0).then((found) => (peak = Math.max(peak, found))), LOOK);
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)));
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  clearInterval(look);
  const at = stderr.lastIndexOf(MARK);
  return { code, wall, cpu: childTimes(stderr.slice(at)), processes: (await processesMade()) - made, peak, stdout, stderr: stderr.slice(0, at) };
}

/** Since the machine was started. */
async function processesMade(): Promise<number> {
  return Number(/^processes (\d+)/m.exec(await readFile('/proc/stat', 'utf8'))?.[1] ?? 0);
}

function childTimes(text: string): number {
  const [, , line = ''] = text.split('\n');
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

async function peakOfChild(shell: number): Promise<number> {
  const [child = ''] = (await readFile(`/proc/${shell}/task/${shell}/children`, 'utf8').catch(() => '')).split(' ');
  const status = child === '' ? '' : await readFile(`/proc/${child}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}
