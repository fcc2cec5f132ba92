import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineCommand } from './engine-command.ts';
import { hostDir, initPid, labHome, labNetns, LabError, type LabHost, type LabState } from './lab-dir.ts';
import { until } from './run.ts';

/** Gives the hosts their addresses: n1 is .11, n2 is .12 … n89; any other name the next free one from .200 on. */
export function assignAddresses(subnet: number, names: readonly string[]): readonly LabHost[] {
  let next = 200;
  return names.map((name) => {
    if (!/^[a-z][a-z0-9-]{0,10}$/.test(name)) throw new LabError(`${name} is no name for a lab host: a letter, then at most ten letters, digits or dashes`);
    const number = Number(/^n([1-9]|[1-8]\d)$/.exec(name)?.[1] ?? 0);
    return { name, address: `10.66.${subnet}.${number > 0 ? 10 + number : next++}` };
  });
}

/** Makes a host's disk (empty) and the files that are its own: its name, its hosts file. */
export async function prepareHost(dir: string, host: LabHost, state: LabState, conf: Readonly<Record<string, string>>): Promise<void> {
  const disk = join(dir, 'disks', host.name);
  const own = join(disk, 'own');
  await Promise.all(['upper', 'work', 'root', 'own/etc/sysconfig'].map((folder) => mkdir(join(disk, folder), { recursive: true })));
  await mkdir(hostDir(dir, host.name), { recursive: true });
  const loopback = `127.0.0.1   localhost localhost.localdomain localhost4 localhost4.localdomain4${conf['NAME_ON_LOOPBACK'] ? ` ${host.name}` : ''}`;
  await Promise.all([
    writeFile(join(own, 'etc/hostname'), `${host.name}\n`),
    writeFile(join(own, 'etc/hosts'), `${loopback}\n::1         localhost localhost.localdomain localhost6 localhost6.localdomain6\n`),
    writeFile(join(own, 'etc/resolv.conf'), ''),
    writeFile(join(own, 'etc/rollcall-lab.conf'), confText(host, state, conf)),
    state.persona === 'centos6' &&
      writeFile(join(own, 'etc/sysconfig/network'), `NETWORKING=yes\nHOSTNAME=${host.name}\nGATEWAY=10.66.${state.subnet}.254\n`),
    writeFile(join(hostDir(dir, host.name), 'host.env'), await hostEnv(dir, host, state)),
  ]);
}

function confText(host: LabHost, state: LabState, conf: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ LAB_HOST: host.name, LAB_POWER: `10.66.${state.subnet}.254`, ...conf }).map(([key, value]) => `${key}='${value}'`);
  return `# Switches of this lab host; lab/README.md says what they do. Read at every start of a simulated tool.\n${lines.join('\n')}\n`;
}

async function hostEnv(dir: string, host: LabHost, state: LabState): Promise<string> {
  const facts = {
    NAME: host.name,
    ADDRESS: host.address,
    GATEWAY: `10.66.${state.subnet}.254`,
    NETNS: labNetns(state.subnet),
    DISKS: join(dir, 'disks'),
    SCRIPTS: join(labHome(), 'host'),
    SSHD: state.sshd === 'ssh2' ? [...(await engineCommand('sshd-main')), '--keys', dir].join(' ') : '',
    ENGINE: state.persona === 'centos6' ? (await engineCommand('node-main')).join(' ') : '',
  };
  return Object.entries(facts).map(([key, value]) => `${key}='${value}'\n`).join('');
}

/** Boots a host and waits until it answers to ssh. */
export async function bootHost(dir: string, name: string): Promise<void> {
  if (initPid(dir, name) !== undefined) return;
  const folder = hostDir(dir, name);
  await rm(join(folder, 'pid'), { force: true });
  const log = openSync(join(folder, 'console.log'), 'a');
  const child = spawn('sh', [join(labHome(), 'host', 'run.sh'), folder], { detached: true, stdio: ['ignore', log, log], cwd: '/' });
  child.unref();
  await writeFile(join(folder, 'keeper'), `${child.pid ?? 0}\n`);
  if (!(await until(() => isReady(dir, name), 20))) {
    throw new LabError(`host ${name} did not start: see ${join(folder, 'console.log')}`);
  }
}

/** Whether the host has finished booting. */
export function isReady(dir: string, name: string): boolean {
  const pid = initPid(dir, name);
  return pid !== undefined && existsSync(`/proc/${pid}/root/run/rollcall-lab/ready`);
}

/** Kills a host's init: everything on it dies at once, as when the power is cut. */
export async function killHost(dir: string, name: string): Promise<void> {
  const pid = initPid(dir, name);
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  // The keeper too must be gone: it cleans up, and would clean up what the next one makes.
  await until(async () => initPid(dir, name) === undefined && !(await keeperRuns(dir, name)), 10);
}

async function keeperRuns(dir: string, name: string): Promise<boolean> {
  const pid = await readFile(join(hostDir(dir, name), 'keeper'), 'utf8').catch(() => '0');
  const command = await readFile(`/proc/${pid.trim()}/cmdline`, 'utf8').catch(() => '');
  return command.includes(hostDir(dir, name));
}

/** Ends the process whose id is in a file, if it still runs the program it should: its number may be another's by now. */
export async function endProcess(file: string, marker: string): Promise<void> {
  const pid = Number(await readFile(file, 'utf8').catch(() => '0'));
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (pid > 1 && pid !== process.pid && command.includes(marker)) process.kill(pid, 'SIGKILL');
}
