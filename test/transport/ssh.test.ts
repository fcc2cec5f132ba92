import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { HostFailure, Transport } from '../../runner/transport/channel.ts';
import { threadTransport } from '../../runner/transport/ssh/thread-transport.ts';
import { spreadSshTransport } from '../../runner/transport/ssh/threads.ts';
import { builtProgram, removeProgram } from '../flagship/program.ts';
import { openShell } from '../../runner/transport/shell/open.ts';
import { localShells } from './shells.ts';
import { sshTransport } from '../../runner/transport/ssh/transport.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { failureOf, shellContract, slowShellContract } from './contract.ts';
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

const threads: Worker[] = [];
afterAll(async () => {
  for (const each of threads) await each.terminate();
  removeProgram();
});

const threadProgram = (): string => join(builtProgram(), '../ssh-thread.js');

/** A transport whose connections live in another thread, as in runs on many hosts. */
function threaded(): Transport {
  const thread = new Worker(threadProgram());
  threads.push(thread);
  return threadTransport(thread);
}

const shells = localShells();
afterAll(() => shells.remove());

function opener(options: readonly string[], shell: string, transport: () => Transport = sshTransport): () => Promise<Subject> {
  return async () => ({ session: new HostSession((await daemon(options)).target('root'), transport(), { shell }) });
}

shellContract({ 'ssh, dash': opener([], shells.dash), 'ssh, busybox': opener([], shells.busybox), "ssh with EL6's algorithms, bash": opener(EL6_OPTIONS, shells.bash), 'ssh from a thread, dash': opener([], shells.dash, () => spreadSshTransport(0, threadProgram())) });
slowShellContract('ssh', opener([], shells.dash));
slowShellContract('ssh from a thread', opener([], shells.dash, threaded));

test('failures in a thread are the same as here; one that dies takes its connections with it, and says so', async () => {
  const target = (await daemon([])).target('root');
  const none = { ...target, privateKey: '/no/such/key' };
  const [here, there] = await Promise.all([sshTransport(), threaded()].map((transport) => transport.connect(none, new AbortController().signal).catch((error: unknown) => error)));
  expect([there, (there as HostFailure).kind, (there as HostFailure).help]).toEqual([here, (here as HostFailure).kind, (here as HostFailure).help]);
  const stop = new AbortController();
  const cancelled = threaded().connect(target, stop.signal);
  stop.abort();
  await failureOf(cancelled, 'cancelled');
  const session = new HostSession(target, threaded());
  const running = (await session.shell()).effect('sleep 20');
  await sleep(100);
  await threads.at(-1)?.terminate();
  expect(await failureOf(running, 'lost')).toContain('unknown');
  await session.close();
});

test('whoever connects through a thread that has died is told so at once; the next one has another', async () => {
  const target = (await daemon([])).target('root');
  const { signal } = new AbortController();
  const broken = join(mkdtempSync(join(tmpdir(), 'rollcall-thread-')), 'thread.mjs');
  writeFileSync(broken, 'throw new Error("broken");');
  const transport = spreadSshTransport(0, broken);
  for (let tries = 0; tries < 3; tries++) expect(await failureOf(transport.connect(target, signal), 'lost')).toBe('the thread of the connection failed: broken');
  const own = threaded();
  await (await own.connect(target, signal)).close();
  await threads.at(-1)?.terminate();
  expect(await failureOf(own.connect(target, signal), 'lost')).toContain('has ended');
});

test('a controller that dies leaves nothing behind', async () => {
  const connection = await sshTransport().connect((await daemon([])).target('root'), new AbortController().signal);
  const shell = await openShell(await connection.open('/bin/sh'), { pty: false });
  await shell.effect('echo something');
  const [file = ''] = (await shell.read('echo "$_rt"*')).stdout.trim().split(' ');
  expect(existsSync(file)).toBe(true);
  await connection.close();
  for (let tries = 0; tries < 100 && existsSync(file); tries++) await sleep(20);
  expect(existsSync(file)).toBe(false);
});
