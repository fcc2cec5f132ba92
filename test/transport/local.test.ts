import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openShell } from '../../runner/transport/shell/open.ts';
import { localTransport } from '../../runner/transport/local/transport.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { shellContract, slowShellContract } from './contract.ts';
import { localShells } from './shells.ts';

const shells = localShells();
afterAll(() => shells.remove());

const folders: string[] = [];
const opener = (shell: string) => async () => ({ session: new HostSession({ name: 'here', transport: 'local', address: 'here' }, localTransport(), { shell }) });

shellContract({ 'local, dash': opener(shells.dash), 'local, bash': opener(shells.bash), 'local, busybox': opener(shells.busybox) });
slowShellContract('local, busybox', opener(shells.busybox));

test('a connection that is closed leaves nothing behind', async () => {
  const connection = await localTransport().connect({ name: 'here', transport: 'local', address: 'here' }, new AbortController().signal);
  for (const program of Object.values(shells).filter((each) => typeof each === 'string')) {
    const shell = await openShell(await connection.open(program), { pty: false });
    await shell.effect('echo something');
    const folder = (await shell.read('echo "$_rt"')).stdout.trim();
    expect(existsSync(folder)).toBe(true);
    folders.push(folder);
  }
  await connection.close();
  for (let tries = 0; tries < 100 && folders.some((folder) => existsSync(folder)); tries++) await sleep(20);
  expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
});
