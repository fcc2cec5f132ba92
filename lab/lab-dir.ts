import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** What a lab's hosts look like: the machine itself, or CentOS 6. */
export type Persona = 'centos6' | 'plain';

/** The program behind /bin/sh on the hosts. */
export type HostShell = 'bash' | 'dash' | 'busybox';

/** One host of a lab. */
export interface LabHost {
  readonly name: string;
  readonly address: string;
}

/** What is written down about a lab that is up: enough to find, reach and remove it. */
export interface LabState {
  /** The lab's network is 10.66.N.0/24. */
  readonly subnet: number;
  readonly persona: Persona;
  readonly shell: HostShell;
  /** Who answers to ssh: the machine's OpenSSH, or a server of the lab's own where there is none. */
  readonly sshd: 'openssh' | 'ssh2';
  readonly hosts: readonly LabHost[];
}

/** A problem that a person can solve: told as one sentence, without a stack. */
export class LabError extends Error {}

/** Where a lab keeps its state when nobody says otherwise. */
export function defaultLabDir(): string {
  return resolve('.rollcall', 'lab');
}

/** The folder with the lab's own scripts and personas, in a checkout or beside a bundled program. */
export function labHome(): string {
  const candidates = [import.meta.dirname, join(import.meta.dirname, '..', 'lab'), join(import.meta.dirname, 'lab')];
  const home = candidates.find((candidate) => existsSync(join(candidate, 'host', 'run.sh')));
  if (home === undefined) throw new LabError(`the lab's files are not installed: no host/run.sh in ${candidates.join(', ')}`);
  return home;
}

/** The state of the lab in `dir`, or undefined when there is none. */
export function readState(dir: string): LabState | undefined {
  const file = join(dir, 'lab.json');
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as LabState;
}

/** The state of a lab that must be up. @throws LabError when it is not. */
export function requireState(dir: string): LabState {
  const state = readState(dir);
  if (state === undefined) throw new LabError(`no lab is up in ${dir}: start one with \`rollcall lab up\``);
  return state;
}

/** Writes a lab's state down. */
export async function writeState(dir: string, state: LabState): Promise<void> {
  await mkdir(dir, { recursive: true });
  // In one step: the power switch reads it at any time.
  await writeFile(join(dir, 'lab.json.new'), `${JSON.stringify(state, null, 2)}\n`);
  await rename(join(dir, 'lab.json.new'), join(dir, 'lab.json'));
}

/** A host of the lab in `dir` by its name. @throws LabError naming the hosts there are. */
export function requireHost(dir: string, name: string): LabHost {
  const { hosts } = requireState(dir);
  const host = hosts.find((candidate) => candidate.name === name);
  if (host === undefined) throw new LabError(`the lab has no host ${name}; it has ${hosts.map((each) => each.name).join(', ')}`);
  return host;
}

/** The network namespace that holds the lab's bridge. */
export function labNetns(subnet: number): string {
  return `rollcall${subnet}`;
}

/** The folder of one host: console log, process id, host.env. */
export function hostDir(dir: string, name: string): string {
  return join(dir, 'hosts', name);
}

/** The upper layer of a host's disk: exactly what was changed on it since it was made. */
export function hostUpper(dir: string, name: string): string {
  return join(dir, 'disks', name, 'upper');
}

/** The process id of a host's init as the machine sees it; undefined when the host is not running. */
export function initPid(dir: string, name: string): number | undefined {
  const file = join(hostDir(dir, name), 'pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8').trim());
  return pid > 1 && isInit(pid) ? pid : undefined;
}

/** Whether the process is first in a namespace of its own: a number of a dead host may have been given to another process. */
function isInit(pid: number): boolean {
  try {
    const ids = /^NSpid:(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]?.trim().split(/\s+/) ?? [];
    return ids.length > 1 && ids.at(-1) === '1' && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
