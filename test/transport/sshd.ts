import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../../runner/inventory/target.ts';
import { makeKey } from './keys.ts';
import { needPrograms, run } from './need.ts';

/** What OpenSSH 5.3 of CentOS 6 offers; rsa-sha2 for users because today's sshd announces them whatever it is told. */
export const EL6_OPTIONS = [
  'KexAlgorithms diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha1', 'HostKeyAlgorithms ssh-rsa', 'Ciphers aes128-ctr,aes128-cbc,3des-cbc', 'MACs hmac-sha1',
  'PubkeyAcceptedAlgorithms ssh-rsa,rsa-sha2-256,rsa-sha2-512',
];

/** A real sshd on an unprivileged port of this machine, with keys of its own. */
export interface Sshd {
  readonly port: number;
  /** Folder with `host_TYPE`, `id_TYPE` and the log. */
  readonly folder: string;
  readonly knownHosts: string;
  /** How to reach it as a user who has been let in. */
  target(user: string, more?: Partial<Target>): Target;
  /** What it has said on standard error. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts one. The keys `id_rsa` and `id_ed25519` in its folder open every account. */
export async function startSshd(options: readonly string[] = []): Promise<Sshd> {
  needPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-sshd-'));
  const path = (name: string): string => join(folder, name);
  for (const type of ['rsa', 'ed25519'] as const) {
    makeKey(path(`host_${type}`), type, 'host');
    makeKey(path(`id_${type}`), type, 'user');
  }
  const port = await freePort();
  const publicKeys = ['rsa', 'ed25519'].map((type) => run('cat', [path(`id_${type}.pub`)])).join('');
  writeFileSync(path('authorized'), publicKeys);
  const hostLine = (type: string): string => `[127.0.0.1]:${port} ${run('cat', [path(`host_${type}.pub`)]).split(' ').slice(0, 2).join(' ')}\n`;
  writeFileSync(path('known_hosts'), hostLine('rsa') + hostLine('ed25519'));
  writeFileSync(
    path('config'),
    [
      `Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${path('host_rsa')}`, `HostKey ${path('host_ed25519')}`, `AuthorizedKeysFile ${path('authorized')}`, 'StrictModes no', 'UsePAM no',
      'PermitRootLogin yes', `PidFile ${path('pid')}`, ...options, 'LogLevel ERROR', '',
    ].join('\n'),
  );
  const privsep = '/run/sshd';
  if (!existsSync(privsep)) mkdirSync(privsep, { mode: 0o755 });
  // It has to be started by its full path: it starts itself again for each connection.
  const daemon = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', path('config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  daemon.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  await listening(port, daemon, () => log);
  return {
    port,
    folder,
    knownHosts: path('known_hosts'),
    target: (user, more = {}) => ({
      name: 'loopback', transport: 'ssh', address: '127.0.0.1', port, user, privateKey: path('id_rsa'), sshConfig: 'none', knownHosts: [path('known_hosts')], ...more,
    }),
    log: () => log,
    async stop() {
      const gone = new Promise((resolve) => daemon.once('exit', resolve));
      daemon.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function listening(port: number, daemon: ChildProcess, log: () => string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (daemon.exitCode !== null) throw new Error(`sshd did not start: ${log()}`);
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
    });
    if (up) return;
    await sleep(30);
  }
  throw new Error(`sshd does not listen: ${log()}`);
}

/** Copies a file, for tests that change it. */
export function copyOf(path: string, name: string): string {
  const copy = `${path}.${name}`;
  copyFileSync(path, copy);
  return copy;
}
