import { spawn } from 'node:child_process';

/** How a program ended and what it said. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; its exit code is data, never an exception. A program that cannot be started counts as 127. */
export function run(argv: readonly string[], options: { stdin?: string; env?: NodeJS.ProcessEnv; cwd?: string } = {}): Promise<Outcome> {
  const [program = '', ...words] = argv;
  return new Promise((done) => {
    const child = spawn(program, words, { env: options.env ?? process.env, ...(options.cwd !== undefined && { cwd: options.cwd }) });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (error) => done({ code: 127, stdout: '', stderr: `${program}: ${error.message}\n` }));
    child.stdin.on('error', () => undefined);
    child.on('close', (code, signal) => {
      done({ code: code ?? (signal === null ? 1 : 137), stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
    child.stdin.end(options.stdin ?? '');
  });
}

/** Waits until `ready` answers yes, looking every 10 ms; false when the deadline passes first. */
export async function until(ready: () => boolean | Promise<boolean>, seconds: number): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await ready())) {
    if (Date.now() > deadline) return false;
    await new Promise((wake) => setTimeout(wake, 10));
  }
  return true;
}
