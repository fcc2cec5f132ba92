import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineCommand } from './engine-command.ts';
import { labNetns } from './lab-dir.ts';

/** Starts the lab's power switch, the device that fence agents talk to, on the lab's own network. */
export async function startPower(dir: string, subnet: number, owner: number | undefined): Promise<void> {
  const log = openSync(join(dir, 'power.log'), 'a');
  const program = [...(await engineCommand('power-main')), '--dir', dir, ...(owner === undefined ? [] : ['--owner', String(owner)])];
  const command = ['nsenter', `--net=/run/netns/${labNetns(subnet)}`, ...program];
  const child = spawn(command[0] ?? '', command.slice(1), { detached: true, stdio: ['ignore', log, log], cwd: '/' });
  child.unref();
  await writeFile(join(dir, 'power.pid'), `${child.pid ?? 0}\n`);
}
