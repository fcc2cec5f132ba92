import { rawCommand, sh } from '../../runner/task/command.ts';
import { HostAccess } from '../../runner/transport/access.ts';
import { createActuator } from '../../runner/transport/actuator.ts';
import { HostFailure } from '../../runner/transport/channel.ts';
import { fakeShell } from '../../runner/transport/fake/shell.ts';
import { ReadMemo } from '../../runner/transport/memo.ts';
import { createObserver } from '../../runner/transport/observer.ts';
import { failureOf } from './contract.ts';

const signal = new AbortController().signal;
const access = (open: () => ReturnType<typeof fakeShell>, reconnect = async (): Promise<void> => undefined): HostAccess =>
  new HostAccess('fake', new ReadMemo({ value: 0 }), async () => open(), reconnect);

test('a fake shell answers in order, as text or as a whole output', async () => {
  const shell = fakeShell(async (script, { kind, stdin }) => {
    if (script === 'slow') await new Promise((resolve) => setTimeout(resolve, 30));
    return script === 'fail' ? { code: 3, stdout: '', stderr: 'no' } : `${kind} ${script} ${stdin?.toString() ?? ''}`;
  });
  const order: string[] = [];
  const note = async (promise: Promise<{ stdout: string; code: number }>): Promise<void> => {
    const { stdout, code } = await promise;
    order.push(`${code} ${stdout}`);
  };
  await Promise.all([note(shell.read('slow')), note(shell.effect('do', { stdin: 'in' })), note(shell.read('fail'))]);
  expect(order).toEqual(['0 read slow ', '0 effect do in', '3 ']);
  expect(shell.roundTrips).toBe(1);
  await shell.close();
  await failureOf(shell.read('x'), 'lost');
});

test('ten thousand hosts are a matter of a moment', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10_000 }, (_none, index) => createObserver(access(() => fakeShell(() => `host ${index}`)), signal).read(sh`hostname`, ({ stdout }) => stdout)),
  );
  expect(new Set(answers).size).toBe(10_000);
});

test('a read is asked again over a new shell when the connection was lost', async () => {
  const shells = [fakeShell(() => Promise.reject(new HostFailure('lost', 'gone'))), fakeShell(() => 'well')];
  const observer = createObserver(access(() => shells.shift() ?? fakeShell(() => 'too often')), signal);
  expect(await observer.read(sh`x`, ({ stdout }) => stdout)).toBe('well');
});

test('a restart is over when another boot answers', async () => {
  let boot = 'one';
  let attempts = 0;
  const said: string[] = [];
  const shell = fakeShell((script, { kind }) => {
    if (kind === 'read') return `${boot}\n`;
    said.push(script);
    return Promise.reject(new HostFailure('lost', 'the connection was lost'));
  });
  const host = access(() => shell, async () => {
    attempts++;
    if (attempts === 1) throw new HostFailure('unreachable', 'connection refused');
    boot = 'two';
  });
  await createActuator(host, signal).reboot(sh`reboot`, 5);
  expect([said, attempts]).toEqual([['reboot'], 2]);
});

test('a restart that does not happen, or is refused, is a failure', async () => {
  const idle = access(() => fakeShell((_script, { kind }) => (kind === 'read' ? 'same\n' : '')));
  await expect(createActuator(idle, signal).reboot(sh`true`, 0.3)).rejects.toThrow('it did not go down');
  const refusing = access(() => fakeShell((_script, { kind }) => (kind === 'read' ? 'same\n' : { code: 1, stdout: '', stderr: 'must be root' })));
  await expect(createActuator(refusing, signal).reboot(sh`reboot`, 0.3)).rejects.toThrow('must be root');
});

test('nothing is done when the rollback cannot be armed', async () => {
  let acted = false;
  const host = access(() => fakeShell(() => ({ code: 1, stdout: '', stderr: 'read-only file system' })));
  const guarded = createActuator(host, signal).guarded(rawCommand('undo'), 5, async () => {
    acted = true;
  });
  await expect(guarded).rejects.toThrow('read-only file system');
  expect(acted).toBe(false);
});
