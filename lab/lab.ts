import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { assignAddresses, bootHost, endProcess, isReady, killHost, prepareHost } from './hosts.ts';
import { makeKeys, writeClientFiles } from './keys.ts';
import { defaultLabDir, hostDir, labHome, LabError, readState, requireHost, requireState, writeState } from './lab-dir.ts';
import type { HostShell, LabHost, LabState, Persona } from './lab-dir.ts';
import { hasNetwork, makeNetwork, removeNetwork, setLink } from './network.ts';
import { startPower } from './power.ts';
import { checkMachine, findProgram } from './requirements.ts';
import { run } from './run.ts';

/** What a lab to be made looks like. */
export interface LabOptions {
  /** Names of the hosts; n1 and n2 without it. */
  readonly names?: readonly string[];
  readonly persona: Persona;
  /** What /bin/sh is on the hosts; bash without it, as on EL6. */
  readonly shell?: HostShell;
  /** Where the state is kept; `.rollcall/lab` of the current folder without it. */
  readonly dir?: string;
  /** The lab's network is 10.66.N.0/24; 6 without it. Two labs can be up at once when their numbers differ. */
  readonly subnet?: number;
  /** Whether `admin` may use sudo without a password. */
  readonly nopasswd?: boolean;
  /** A process: when it ends, however it ends, the lab goes down by itself. */
  readonly owner?: number;
  /** Who answers to ssh: the machine's sshd where it has one, else a server of the lab's own. */
  readonly sshd?: 'openssh' | 'ssh2';
  /** Switches written to /etc/rollcall-lab.conf of every host. */
  readonly conf?: Readonly<Record<string, string>>;
}

/** A lab that is up. */
export interface Lab {
  readonly dir: string;
  readonly subnet: number;
  readonly persona: Persona;
  readonly hosts: readonly LabHost[];
  /** The private key that root and admin of every host accept. */
  readonly identityFile: string;
  readonly knownHosts: string;
  readonly sshConfig: string;
}

/** Makes a lab, or adds hosts to the one that is up, and waits until every host answers to ssh. */
export async function labUp(options: LabOptions): Promise<Lab> {
  checkMachine();
  const dir = resolve(options.dir ?? defaultLabDir());
  if (/[,:'"\\\s]/.test(dir)) throw new LabError(`a lab cannot be kept in ${dir}: the path has a character that overlay mounts or its scripts do not take`);
  const found = readState(dir);
  if (found !== undefined && !(await hasNetwork(found.subnet))) await labDown(dir);
  const before = readState(dir);
  if (before !== undefined && before.persona !== options.persona) throw new LabError(`a lab of persona ${before.persona} is up in ${dir}: take it down first`);
  const names = options.names ?? ['n1', 'n2'];
  const added = names.filter((name) => before?.hosts.every((host) => host.name !== name) ?? true);
  const all = [...(before?.hosts.map((host) => host.name) ?? []), ...added];
  const subnet = before?.subnet ?? options.subnet ?? 6;
  const sshd = before?.sshd ?? options.sshd ?? (findProgram('sshd') === undefined ? 'ssh2' : 'openssh');
  const state: LabState = { subnet, persona: options.persona, shell: options.shell ?? before?.shell ?? 'bash', sshd, hosts: assignAddresses(subnet, all) };
  try {
    if (before === undefined) await makeGround(dir, state, options);
    await writeState(dir, state);
    await Promise.all([
      writeClientFiles(dir, state.hosts),
      ...state.hosts.filter((host) => added.includes(host.name)).map((host) => prepareHost(dir, host, state, options.conf ?? {})),
    ]);
    await Promise.all(names.map((name) => bootHost(dir, name)));
  } catch (error) {
    if (before === undefined) await labDown(dir);
    throw error;
  }
  return describe(dir, state);
}

async function makeGround(dir: string, state: LabState, options: LabOptions): Promise<void> {
  await makeKeys(dir);
  await makeNetwork(state.subnet);
  await writeState(dir, state);
  const disks = join(dir, 'disks');
  await mkdir(disks, { recursive: true });
  const mounted = await run(['mount', '-t', 'tmpfs', '-o', 'mode=755', `rollcall-lab`, disks]);
  if (mounted.code !== 0) throw new LabError(`the lab's disks cannot be mounted: ${mounted.stderr.trim()}`);
  const build = ['sh', join(labHome(), 'host', 'build-layer.sh'), disks, join(labHome(), state.persona), state.shell, dir];
  const built = await run(['unshare', '--mount', ...build], { env: { ...process.env, SUDO_NOPASSWD: options.nopasswd ? '1' : '' } });
  if (built.code !== 0) throw new LabError(`the hosts' disk cannot be made: ${built.stderr.trim()}`);
  await startPower(dir, state.subnet, options.owner);
}

/** Takes a lab down and removes every trace of it. Safe to call when there is none. */
export async function labDown(at: string = defaultLabDir()): Promise<void> {
  const dir = resolve(at);
  const state = readState(dir);
  if (state !== undefined) {
    const keepers = state.hosts.map((host) => endProcess(join(hostDir(dir, host.name), 'keeper'), 'run.sh'));
    await Promise.all([endProcess(join(dir, 'power.pid'), 'power-main'), ...keepers]);
    await Promise.all(state.hosts.map((host) => killHost(dir, host.name)));
    await removeNetwork(state.subnet);
  }
  if (existsSync(join(dir, 'disks'))) await run(['umount', '--lazy', join(dir, 'disks')]);
  await rm(dir, { recursive: true, force: true });
}

/** The hosts of a lab and whether each is running. */
export function labList(at: string = defaultLabDir()): readonly (LabHost & { readonly up: boolean })[] {
  const dir = resolve(at);
  return requireState(dir).hosts.map((host) => ({ ...host, up: isReady(dir, host.name) }));
}

/** Kills a host: everything on it dies at once. Its disk is kept. */
export async function labKill(name: string, at: string = defaultLabDir()): Promise<void> {
  requireHost(resolve(at), name);
  await killHost(resolve(at), name);
}

/** Boots a host that was killed or switched off, with the disk it had. */
export async function labStart(name: string, at: string = defaultLabDir()): Promise<void> {
  requireHost(resolve(at), name);
  await bootHost(resolve(at), name);
}

/** Plugs a host's network cable in (`up`) or pulls it out (`down`). */
export async function labLink(name: string, link: 'up' | 'down', at: string = defaultLabDir()): Promise<void> {
  requireHost(resolve(at), name);
  await setLink(requireState(resolve(at)).subnet, name, link);
}

function describe(dir: string, state: LabState): Lab {
  return {
    dir,
    subnet: state.subnet,
    persona: state.persona,
    hosts: state.hosts,
    identityFile: join(dir, 'id_rsa'),
    knownHosts: join(dir, 'known_hosts'),
    sshConfig: join(dir, 'ssh_config'),
  };
}
