import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sh } from '../../runner/task/command.ts';
import { hostAccess } from '../../runner/transport/access.ts';
import { createActuator } from '../../runner/transport/actuator.ts';
import type { Target } from '../../runner/inventory/target.ts';
import { HostFailure, type Connection, type Transport } from '../../runner/transport/channel.ts';
import { connectLimiter, TurnedAway } from '../../runner/transport/limiter.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { sshTransport } from '../../runner/transport/ssh/transport.ts';
import { failureOf } from './contract.ts';
import { makePerson } from './people.ts';
import { copyOf, EL6_OPTIONS, freePort, startSshd } from './sshd.ts';
import { run } from './need.ts';

const signal = new AbortController().signal;
const [modern, el6, legacy] = await Promise.all([
  startSshd(['PasswordAuthentication yes']),
  startSshd([...EL6_OPTIONS, 'VersionAddendum CentOS']),
  startSshd(['KexAlgorithms diffie-hellman-group14-sha1', 'HostKeyAlgorithms ssh-rsa', 'Ciphers aes128-cbc', 'MACs hmac-md5']),
]);
const person = makePerson();
afterAll(async () => {
  await Promise.all([modern.stop(), el6.stop(), legacy.stop()]);
  person.remove();
});

async function login(target: Target): Promise<string> {
  const session = new HostSession(target, sshTransport());
  try {
    return (await (await session.shell()).read('id -un')).stdout.trim();
  } finally {
    await session.close();
  }
}

async function refusal(target: Target, kind: HostFailure['kind']): Promise<string> {
  const error = await login(target).then(() => new Error('it did not fail'), (reason: unknown) => reason);
  if (!(error instanceof HostFailure)) throw error;
  expect(error.kind).toBe(kind);
  return `${error.message} / ${error.help ?? ''}`;
}

test('keys of every kind, a passphrase, a password', async () => {
  const key = (name: string): string => join(modern.folder, name);
  copyOf(key('id_ed25519'), 'locked');
  run('ssh-keygen', ['-q', '-p', '-N', 'open sesame', '-f', key('id_ed25519.locked')]);
  const root = (more: Partial<Target>): Target => modern.target('root', more);
  expect(await Promise.all([
    login(root({ privateKey: key('id_rsa') })), login(root({ privateKey: key('id_ed25519') })), login(root({ privateKey: key('id_ed25519.locked'), passphrase: 'open sesame' })),
  ])).toEqual(['root', 'root', 'root']);
  const { privateKey: _key, ...byPassword } = modern.target(person.name, { password: person.password });
  expect(await login(byPassword)).toBe(person.name);
  expect(await refusal(root({ privateKey: key('id_ed25519.locked') }), 'auth')).toContain('encrypted and no passphrase was given');
  expect(await refusal(root({ privateKey: key('none') }), 'auth')).toContain('cannot be read');
});

test('an agent, also restricted to one key', async () => {
  const socket = join(modern.folder, 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  try {
    for (let tries = 0; tries < 100 && !existsSync(socket); tries++) await sleep(20);
    execFileSync('ssh-add', ['-q', join(modern.folder, 'id_ed25519')], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
    const config = join(modern.folder, 'agent-config');
    const { privateKey: _key, ...target } = modern.target('root', { sshConfig: config });
    writeFileSync(config, `IdentityAgent ${socket}\nIdentityFile none\n`);
    expect(await login(target)).toBe('root');
    copyOf(join(modern.folder, 'id_ed25519.pub'), 'only.pub');
    writeFileSync(config, `IdentityAgent ${socket}\nIdentitiesOnly yes\nIdentityFile ${modern.folder}/id_ed25519.pub.only\n`);
    writeFileSync(join(modern.folder, 'id_ed25519.pub.only.pub'), readFileSync(join(modern.folder, 'id_ed25519.pub')));
    expect(await login(target)).toBe('root');
    writeFileSync(config, `IdentityAgent ${socket}\nIdentitiesOnly yes\nIdentityFile ${modern.folder}/host_rsa\n`);
    expect(await refusal(target, 'auth')).toContain('ssh-agent');
  } finally {
    agent.kill();
    rmSync(socket, { force: true });
  }
});

test('a refused login says what was tried', async () => {
  const stranger = join(modern.folder, 'host_rsa');
  const message = await refusal(modern.target('root', { privateKey: stranger, password: 'wrong' }), 'auth');
  expect(message).toContain('login refused');
  expect(message).toContain(`key ${stranger} (ssh-rsa SHA256:`);
  expect(message).toContain('password');
  expect(message).not.toContain('wrong');
});

test("EL6's algorithms by default; legacy ones by choice, with a hint", async () => {
  expect(await login(el6.target('root'))).toBe('root');
  expect(await refusal(legacy.target('root'), 'unreachable')).toContain('legacy_algorithms');
  expect(await login(legacy.target('root', { legacyAlgorithms: true }))).toBe('root');
});

test('host keys: strict, accepted when new, refused when changed', async () => {
  const own = join(modern.folder, 'accepted');
  const unknown = (hostKeyChecking: 'strict' | 'accept-new' | 'off'): Target => modern.target('root', { hostKeyChecking, knownHosts: [own] });
  expect(await refusal(unknown('strict'), 'host-key')).toMatch(/is not known: ssh-ed25519 SHA256:.*accept-new/);
  expect(await login(unknown('off'))).toBe('root');
  expect(existsSync(own)).toBe(false);
  expect(await Promise.all([login(unknown('accept-new')), login(unknown('accept-new'))])).toEqual(['root', 'root']);
  expect(await login(unknown('strict'))).toBe('root');
  writeFileSync(own, readFileSync(el6.knownHosts, 'utf8').replaceAll(String(el6.port), String(modern.port)));
  expect(await refusal(unknown('accept-new'), 'host-key')).toContain(`${own}:2`);
  // Only the rsa key is known: it is asked for, and it fits.
  writeFileSync(own, readFileSync(modern.knownHosts, 'utf8').split('\n')[0] ?? '');
  expect(await login(unknown('strict'))).toBe('root');
});

test('through one jump host, through two, and why not', async () => {
  const config = join(modern.folder, 'jumps');
  writeFileSync(config, `Host modern\n HostName 127.0.0.1\n Port ${modern.port}\n User root\n IdentityFile ${modern.folder}/id_rsa\n UserKnownHostsFile ${modern.knownHosts}\nHost el6\n HostName 127.0.0.1\n Port ${el6.port}\n User root\n IdentityFile ${el6.folder}/id_rsa\n UserKnownHostsFile ${el6.knownHosts}\nHost legacy\n HostName 127.0.0.1\n Port ${legacy.port}\n User root\n IdentityFile ${legacy.folder}/id_rsa\n UserKnownHostsFile ${legacy.knownHosts}\n ProxyJump el6,modern\n`);
  chmodSync(config, 0o600);
  const via = (address: string, more: Partial<Target> = {}): Target => ({ name: address, transport: 'ssh', address, sshConfig: config, ...more });
  expect(await login(via('el6', { proxyJump: ['modern'] }))).toBe('root');
  expect(await login(via('legacy', { legacyAlgorithms: true }))).toBe('root');
  expect(await refusal(via('127.0.0.1', { port: await freePort(), proxyJump: ['modern'] }), 'unreachable')).toContain('through modern');
  expect(await refusal(via('el6', { proxyJump: [`nobody@127.0.0.1:${await freePort()}`] }), 'unreachable')).toMatch(/through nobody@.*connection refused/);
});

test('a host that is not there: the kinds of not being there', async () => {
  const port = await freePort();
  const at = (address: string, more: Partial<Target> = {}): Target => ({ ...modern.target('root'), address, port, connectTimeout: 0.4, ...more });
  expect(await refusal(at('127.0.0.1'), 'unreachable')).toContain('connection refused');
  expect(await refusal(at('rc.invalid', { connectTimeout: 10 }), 'unreachable')).toContain('cannot be resolved');
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const started = Date.now();
  expect(await refusal(at('127.0.0.1', { port: typeof address === 'object' ? (address?.port ?? 0) : 0 }), 'timeout')).toContain('no login within 0.4 s');
  expect(Date.now() - started).toBeLessThan(2000);
  silent.close();
});

/** A way to a daemon on which each of its answers takes so many milliseconds, and those after the first so many do not come at all. */
async function slowWay(port: number, delay: number, answers = Infinity): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = createConnection(port, '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    near.pipe(far);
    let arrived = 0;
    far.on('data', (data) => void (arrived++ < answers && setTimeout(() => near.write(data), delay)));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test('a daemon that goes on slowly may take longer than the time for one step; one that stops may not', async () => {
  const at = (port: number): Target => ({ ...modern.target('root'), port, hostKeyChecking: 'off', connectTimeout: 1.5 });
  const slow = await slowWay(modern.port, 400);
  const started = Date.now();
  expect(await login(at(slow.port))).toBe('root');
  expect(Date.now() - started).toBeGreaterThan(1500);
  slow.close();
  const stopping = await slowWay(modern.port, 0, 1);
  expect(await refusal(at(stopping.port), 'timeout')).toMatch(/no login within 3 s \(the daemon answered, the login did not end\)/);
  stopping.close();
});

test('a daemon that turns away is asked again', async () => {
  let calls = 0;
  const rude = createServer((socket) => {
    calls++;
    socket.on('error', () => undefined).end();
  });
  await new Promise<void>((resolve) => void rude.listen(0, '127.0.0.1', resolve));
  const address = rude.address();
  const target = modern.target('root', { port: typeof address === 'object' ? (address?.port ?? 0) : 0 });
  const connect = connectLimiter(2, 10);
  const error = await connect(sshTransport(), target, signal).catch((reason: unknown) => reason);
  rude.close();
  expect(error).toBeInstanceOf(TurnedAway);
  expect(calls).toBe(4);
});

test.each([['unreachable', 2, 3], ['unreachable', undefined, 1], ['auth', 5, 1], ['host-key', 5, 1]] as const)('a failure of the kind %s with %s retries: %s tries', async (kind, connectRetries, tries) => {
  let calls = 0;
  const failing: Transport = {
    connect() {
      calls++;
      return Promise.reject(new HostFailure(kind, 'no'));
    },
  };
  const target = { ...modern.target('root', {}), ...(connectRetries !== undefined && { connectRetries }) };
  await expect(connectLimiter(2, 1)(failing, target, signal)).rejects.toThrow('no');
  expect(calls).toBe(tries);
});

test('no more connect at once than there are places; who is cancelled leaves the line', async () => {
  const connection: Connection = { open: () => Promise.reject(new Error('not here')), closed: new Promise(() => undefined), close: () => Promise.resolve() };
  let now = 0;
  let most = 0;
  const slow: Transport = {
    async connect() {
      most = Math.max(most, ++now);
      await sleep(5);
      now--;
      return connection;
    },
  };
  const connect = connectLimiter(3);
  const target = modern.target('root');
  const leaving = new AbortController();
  const all = Promise.all(Array.from({ length: 20 }, () => connect(slow, target, signal)));
  const gone = connect(slow, target, leaving.signal);
  leaving.abort();
  await failureOf(gone, 'cancelled');
  await all;
  expect([most, now]).toEqual([3, 0]);
});

test('there is room when nobody waits for a place: they have got one, or left', async () => {
  const connection: Connection = { open: () => Promise.reject(new Error('not here')), closed: new Promise(() => undefined), close: () => Promise.resolve() };
  const ends: (() => void)[] = [];
  const held: Transport = { connect: () => new Promise((resolve) => void ends.push(() => resolve(connection))) };
  const connect = connectLimiter(2);
  const leaving = new AbortController();
  const hasRoom = (): Promise<boolean> => Promise.race([connect.room().then(() => true), sleep(20, false)]);
  const begin = (by: AbortSignal): Promise<Connection> => connect(held, modern.target('root'), by);
  const inside = [begin(signal), begin(signal)];
  expect(await hasRoom()).toBe(true);
  inside.push(begin(signal));
  const gone = begin(leaving.signal);
  expect(await hasRoom()).toBe(false);
  ends[0]?.();
  expect(await hasRoom()).toBe(false);
  leaving.abort();
  await failureOf(gone, 'cancelled');
  expect(await hasRoom()).toBe(true);
  for (const end of ends) end();
  await Promise.all(inside);
});

test('hosts that never answer keep nobody else waiting', async () => {
  const connection: Connection = { open: () => Promise.reject(new Error('not here')), closed: new Promise(() => undefined), close: () => Promise.resolve() };
  const connect = connectLimiter();
  const dead: Transport = { connect: () => new Promise(() => undefined) };
  for (let count = 0; count < 200; count++) void connect(dead, modern.target('root'), signal);
  expect(await connect({ connect: () => Promise.resolve(connection) }, modern.target('root'), signal)).toBe(connection);
});

test('a daemon that dies takes its sessions with it, and says so', async () => {
  const states: string[] = [];
  const session = new HostSession(modern.target('root'), sshTransport(), { onState: (state) => states.push(state) });
  const shell = await session.shell();
  const running = shell.effect('kill -9 $PPID; sleep 20');
  expect(await failureOf(running, 'lost')).toContain('unknown');
  await sleep(20);
  expect(session.alive).toBe(false);
  expect((await (await session.shell()).read('echo again')).stdout).toBe('again\n');
  await session.close();
  expect(states).toEqual(['connecting', 'connected', 'lost', 'connecting', 'connected']);
});

test('a change that cuts off is taken back by the host; one that does not stays', async () => {
  const daemon = await startSshd();
  const session = new HostSession({ ...daemon.target('root'), connectTimeout: 1 }, sshTransport());
  const actuator = createActuator(hostAccess(session), signal);
  try {
    const pid = readFileSync(join(daemon.folder, 'pid'), 'utf8').trim();
    const file = (name: string): string => join(daemon.folder, name);
    await actuator.guarded(sh`touch ${file('wrongly')}`, 8, async () => void (await actuator.run(sh`touch ${file('done')}`)));
    const started = Date.now();
    const cut = actuator.guarded(sh`kill -CONT ${pid}; touch ${file('back')}`, 2, async () => void (await actuator.run(sh`kill -STOP ${pid}`)));
    await expect(cut).rejects.toThrow('takes it back by itself');
    for (let tries = 0; tries < 100 && !existsSync(file('back')); tries++) await sleep(50);
    expect(Date.now() - started).toBeLessThan(5000);
    expect([existsSync(file('done')), existsSync(file('wrongly')), existsSync(file('back'))]).toEqual([true, false, true]);
    expect((await actuator.run(sh`echo well`)).stdout).toBe('well\n');
  } finally {
    await session.close();
    await daemon.stop();
  }
});
