import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openShell } from '../../runner/transport/shell/open.ts';
import { localTransport } from '../../runner/transport/local/transport.ts';
import { HostSession } from '../../runner/transport/session.ts';
import type { Shell } from '../../runner/transport/shell.ts';
import { shellContract, slowShellContract } from './contract.ts';
import { localShells } from './shells.ts';

const shells = localShells();
afterAll(() => shells.remove());

const files: string[] = [];
const opener = (shell: string) => async () => ({ session: new HostSession({ name: 'here', transport: 'local', address: 'here' }, localTransport(), { shell }) });

shellContract({ 'local, dash': opener(shells.dash), 'local, bash': opener(shells.bash), 'local, busybox': opener(shells.busybox) });
slowShellContract('local, busybox', opener(shells.busybox));

test('a connection that is closed leaves nothing behind', async () => {
  const connection = await localTransport().connect({ name: 'here', transport: 'local', address: 'here' }, new AbortController().signal);
  for (const program of Object.values(shells).filter((each) => typeof each === 'string')) {
    const shell = await openShell(await connection.open(program), { pty: false });
    await shell.effect('echo something');
    const [file = ''] = (await shell.read('echo "$_rt"*')).stdout.trim().split(' ');
    expect(existsSync(file)).toBe(true);
    files.push(file);
  }
  await connection.close();
  for (let tries = 0; tries < 100 && files.some((file) => existsSync(file)); tries++) await sleep(20);
  expect(files.filter((file) => existsSync(file))).toEqual([]);
});

test('what a shell that was killed has left is removed by the next one, and nothing of one that lives', async () => {
  const connection = await localTransport().connect({ name: 'here', transport: 'local', address: 'here' }, new AbortController().signal);
  const open = async (): Promise<{ readonly shell: Shell; readonly left: string[]; readonly pid: number }> => {
    const shell = await openShell(await connection.open(shells.dash), { pty: false });
    await shell.effect('echo 1');
    await shell.effect('echo 2; echo 3 >&2');
    const [pid = '', ...left] = (await shell.read('echo $$ "$_rt"*')).stdout.trim().split(' ');
    return { shell, left, pid: Number(pid) };
  };
  const [living, killed] = [await open(), await open()];
  process.kill(killed.pid, 'SIGKILL');
  await killed.shell.read('true').catch(() => undefined);
  expect([killed.left.length, killed.left.every((file) => existsSync(file))]).toEqual([4, true]);
  const next = await open();
  expect([killed.left.some((file) => existsSync(file)), living.left.every((file) => existsSync(file)), next.left.every((file) => existsSync(file))]).toEqual([false, true, true]);
  await connection.close();
});
