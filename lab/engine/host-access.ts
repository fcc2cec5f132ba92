import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { run, type Outcome } from '../run.ts';
import { own } from '../../runner/util/own.ts';

/** The host an engine belongs to. Paths are relative: the engine's working folder is the root of the host's disk. */
export interface HostAccess {
  readonly name: string;
  readonly address: string;
  read(path: string): Promise<string | undefined>;
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Adds a line to /var/log/messages, and to a log of its own under /var/log/cluster when the program has one. */
  log(program: string, message: string): Promise<void>;
  /** Runs a program of the host on the host. */
  run(argv: readonly string[], stdin?: string): Promise<Outcome>;
  /** Runs a program of the machine in the host's network: the host's own may be simulated. */
  machine(argv: readonly string[]): Promise<Outcome>;
  resolve(name: string): Promise<string | undefined>;
  /** A switch from /etc/rollcall-lab.conf. */
  conf(key: string): Promise<string | undefined>;
  /** Seconds of EL6 as seconds of the lab: everything waits a tenth as long, unless TIME_SCALE says otherwise. */
  seconds(real: number): Promise<number>;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const OWN_LOG: Readonly<Record<string, string>> = { corosync: 'corosync', rgmanager: 'rgmanager', fenced: 'fenced', dlm_controld: 'dlm_controld' };

/** Access to the host whose root is the current folder. */
export function hostAccess(name: string, address: string): HostAccess {
  const clean = { PATH: '/sbin:/usr/sbin:/bin:/usr/bin' };
  const host: HostAccess = {
    name,
    address,
    read: async (path) => readFile(path, 'utf8').catch(() => undefined),
    write: async (path, text) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
    },
    remove: async (path) => rm(path, { force: true }),
    log: async (program, message) => {
      const now = new Date();
      const time = `${MONTHS[now.getMonth()] ?? ''} ${String(now.getDate()).padStart(2)} ${now.toTimeString().slice(0, 8)}`;
      await append('var/log/messages', `${time} ${name} ${program}[${process.pid}]: ${message}\n`);
      const log = own(OWN_LOG, program);
      if (log !== undefined) await append(`var/log/cluster/${log}.log`, `${time} ${program} ${message}\n`);
    },
    run: async (argv, stdin) => run(['/usr/sbin/chroot', '.', ...argv], { env: clean, ...(stdin !== undefined && { stdin }) }),
    machine: async (argv) => run(argv, { env: clean }),
    resolve: async (wanted) => lookUp(wanted, (await host.read('etc/hosts')) ?? ''),
    conf: async (key) => switchIn((await host.read('etc/rollcall-lab.conf')) ?? '', key),
    seconds: async (real) => real * Number((await host.conf('TIME_SCALE')) ?? 0.1),
  };
  return host;
}

async function append(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, text);
}

function lookUp(wanted: string, hosts: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(wanted)) return wanted;
  const lines = hosts.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  return lines.find(([address, ...names]) => names.includes(wanted) && !address?.includes(':'))?.[0];
}

function switchIn(text: string, key: string): string | undefined {
  const value = [...text.matchAll(/^\s*([A-Z0-9_]+)=(.*)$/gm)].findLast((match) => match[1] === key)?.[2]?.trim();
  const bare = value?.replace(/^(['"])(.*)\1$/, '$2');
  return bare === '' ? undefined : bare;
}
