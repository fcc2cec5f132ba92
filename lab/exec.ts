import { resolve } from 'node:path';
import { defaultLabDir, initPid, LabError, requireHost } from './lab-dir.ts';
import { run, type Outcome } from './run.ts';

/** The words that run a command on a host as root from the machine, past ssh. @throws LabError when the host is not running. */
export function execWords(dir: string, name: string, argv: readonly string[]): readonly string[] {
  requireHost(dir, name);
  const pid = initPid(dir, name);
  if (pid === undefined) throw new LabError(`host ${name} is not running: start it with \`rollcall lab start ${name}\``);
  const enter = ['nsenter', '--target', String(pid), '--mount', '--uts', '--ipc', '--net', '--pid', '--root', `--wd=/proc/${pid}/root/root`];
  const terminal = process.env['TERM'] ?? 'dumb';
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin';
  const clean = ['env', '-i', path, 'HOME=/root', 'USER=root', 'LOGNAME=root', 'SHELL=/bin/bash'];
  return [...enter, ...clean, `TERM=${terminal}`, ...argv];
}

/** Runs a command on a host as root, past ssh, and gives its exit code and output. */
export async function labExec(name: string, argv: readonly string[], options: { dir?: string; stdin?: string } = {}): Promise<Outcome> {
  const words = execWords(resolve(options.dir ?? defaultLabDir()), name, argv);
  return run(words, options.stdin === undefined ? {} : { stdin: options.stdin });
}
