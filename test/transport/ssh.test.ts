import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openShell } from '../../runner/transport/shell/open.ts';
import { localShells } from './shells.ts';
import { sshTransport } from '../../runner/transport/ssh/transport.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { shellContract, slowShellContract } from './contract.ts';
import type { Subject } from './contract.ts';
import { EL6_OPTIONS, startSshd } from './sshd.ts';
import type { Sshd } from './sshd.ts';

const daemons = new Map<string, Promise<Sshd>>();
function daemon(options: readonly string[]): Promise<Sshd> {
  const key = options.join('\n');
  const known = daemons.get(key) ?? startSshd(options);
  daemons.set(key, known);
  return known;
}
afterAll(async () => {
  for (const each of daemons.values()) await (await each).stop();
});

const shells = localShells();
afterAll(() => shells.remove());

function opener(options: readonly string[], shell: string): () => Promise<Subject> {
  return async () => ({ session: new HostSession((await daemon(options)).target('root'), sshTransport(), { shell }) });
}

shellContract({ 'ssh, dash': opener([], shells.dash), 'ssh, busybox': opener([], shells.busybox), "ssh with EL6's algorithms, bash": opener(EL6_OPTIONS, shells.bash) });
slowShellContract('ssh', opener([], shells.dash));

test('a controller that dies leaves nothing behind', async () => {
  const connection = await sshTransport().connect((await daemon([])).target('root'), new AbortController().signal);
  const shell = await openShell(await connection.open('/bin/sh'), { pty: false });
  await shell.effect('echo something');
  const folder = (await shell.read('echo "$_rt"')).stdout.trim();
  expect(existsSync(folder)).toBe(true);
  await connection.close();
  for (let tries = 0; tries < 100 && existsSync(folder); tries++) await sleep(20);
  expect(existsSync(folder)).toBe(false);
});
