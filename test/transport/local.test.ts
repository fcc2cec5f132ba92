import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openShell } from '../../runner/transport/shell/open.ts';
import { localTransport } from '../../runner/transport/local/transport.ts';
import { HostSession } from '../../runner/transport/session.ts';
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
