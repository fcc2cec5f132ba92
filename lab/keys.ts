import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError, type LabHost } from './lab-dir.ts';
import { run } from './run.ts';

/** Makes the lab's two RSA keys (EL6 knows no newer kind): who logs in, and what every host answers with. */
export async function makeKeys(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await Promise.all([makeKey(join(dir, 'id_rsa'), 'rsa', 'rollcall-lab'), makeKey(join(dir, 'host_rsa'), 'rsa', 'rollcall-lab-host')]);
}

/** Makes a key without a passphrase and its `.pub`, unless it is there. @throws LabError in ssh-keygen's words */
export async function makeKey(file: string, type: 'rsa' | 'ed25519', comment: string): Promise<void> {
  if (existsSync(file)) return;
  const made = await run(['ssh-keygen', '-q', '-t', type, ...(type === 'rsa' ? ['-b', '2048'] : []), '-N', '', '-C', comment, '-f', file]);
  if (made.code !== 0) throw new LabError(`ssh-keygen failed: ${made.stderr.trim()}`);
}

/** Writes known_hosts and ssh_config, so that both `ssh -F` and Rollcall reach every host by its name. */
export async function writeClientFiles(dir: string, hosts: readonly LabHost[]): Promise<void> {
  const hostKey = (await readFile(join(dir, 'host_rsa.pub'), 'utf8')).split(' ').slice(0, 2).join(' ');
  await writeFile(join(dir, 'known_hosts'), hosts.map((host) => `${host.name},${host.address} ${hostKey}\n`).join(''));
  const shared = [
    '  User root',
    `  IdentityFile "${join(dir, 'id_rsa')}"`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile "${join(dir, 'known_hosts')}"`,
    '  StrictHostKeyChecking yes',
    '  KexAlgorithms +diffie-hellman-group14-sha1',
    '  HostKeyAlgorithms +ssh-rsa',
    '  PubkeyAcceptedAlgorithms +ssh-rsa',
  ].join('\n');
  const config = hosts.map((host) => `Host ${host.name}\n  HostName ${host.address}\n${shared}\n`).join('\n');
  await writeFile(join(dir, 'ssh_config'), config);
}
