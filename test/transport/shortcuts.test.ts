import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh2 from 'ssh2';
import type { Target } from '../../runner/inventory/target.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { PACKET, WINDOW } from '../../runner/transport/ssh/shortcuts.ts';
import { sshTransport } from '../../runner/transport/ssh/transport.ts';
import { failureOf } from './contract.ts';
import { makeKey } from './keys.ts';
import { startSshd } from './sshd.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-shortcuts-'));
const keys = (['ed25519', 'ecdsa', 'rsa'] as const).map((type) => {
  const path = join(folder, `id_${type}`);
  makeKey(path, type);
  return path;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a daemon was asked to log in, in order. Calls itself OpenSSH, runs shells of this machine, or refuses to; `numbers`: what it calls its first channel. */
async function daemon({ refuses = false, software = 'OpenSSH_9.9', refusals = 0, numbers = 0 } = {}): Promise<{ readonly heard: string[]; target(key: string, more?: Partial<Target>): Target; close(): void }> {
  const heard: string[] = [];
  const server = new ssh2.Server({ hostKeys: [readFileSync(keys[0] ?? '')], ident: software }, (client) => {
    client.on('error', () => undefined);
    // It takes its time to grant that somebody may log in.
    const { _protocol: protocol, _chanMgr: channels } = client as unknown as { readonly _chanMgr: { _cur: number }; readonly _protocol: { serviceAccept(name: string): void; authSuccess(): void; channelOpenConfirm(recipient: number, sender: number, ...more: readonly number[]): void; channelOpenFail(recipient: number, reason: number, description: string): void } };
    const grant = protocol.serviceAccept.bind(protocol);
    protocol.serviceAccept = (name) => void setTimeout(() => {
      heard.push('granted');
      grant(name);
    }, 50);
    // And to say that it does.
    const welcome = protocol.authSuccess.bind(protocol);
    protocol.authSuccess = () => void setTimeout(() => {
      heard.push('let in');
      welcome();
    }, 100);
    // And that a channel is there.
    const confirm = protocol.channelOpenConfirm.bind(protocol);
    protocol.channelOpenConfirm = (recipient, sender, ...more) => void setTimeout(() => {
      heard.push('opened');
      confirm(recipient, sender, ...more);
    }, 150);
    channels._cur = numbers - 1;
    client.on('authentication', (context) => {
      heard.push(context.method === 'publickey' ? `key${context.signature ? ', signed' : ''}` : context.method);
      if (context.method === 'publickey' && context.signature && refusals-- > 0) {
        // OpenSSH does not know what is meant by a channel before the login; others may say that there is none.
        protocol.channelOpenFail(0, 1, 'not before the login');
        context.reject(['publickey', 'password'], true);
      }
      else context.accept();
    });
    client.on('session', (accept) => (heard.push('session'), accept()).on('exec', (start, reject, { command }) => {
      heard.push('run');
      if (refuses) {
        reject();
        return;
      }
      const stream = start();
      const shell = spawn('/bin/sh', ['-c', command], { stdio: 'pipe' });
      stream.pipe(shell.stdin).on('error', () => undefined);
      shell.stdout.pipe(stream);
    }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    heard,
    target: (privateKey, more = {}) => ({ name: 'h', transport: 'ssh', address: '127.0.0.1', port, user: 'root', sshConfig: '/dev/null', hostKeyChecking: 'off', privateKey, ...more }),
    close: () => void server.close(),
  };
}

/** A way to a port of this machine on which answers can be held back behind the next one. */
async function way(to: number): Promise<{ readonly port: number; holdBehindNext(): void; release(): void; close(): void }> {
  const held: (() => void)[] = [];
  let state: 'open' | 'armed' | 'held' = 'open';
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    near.pipe(far).on('error', () => undefined);
    far.on('data', (chunk) => {
      if (state === 'held') held.push(() => near.write(chunk));
      else near.write(chunk);
      if (state === 'armed') state = 'held';
    }).on('close', () => near.destroy());
    near.on('error', () => undefined).on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    holdBehindNext: () => void (state = 'armed'),
    release() {
      state = 'open';
      for (const give of held.splice(0)) give();
    },
    close: () => void server.close(),
  };
}

test.each(keys)('the only key is not asked about before it signs: %s', async (key) => {
  const host = await daemon();
  const config = join(folder, 'config');
  writeFileSync(config, 'IdentitiesOnly yes\nIdentityAgent none\n');
  const session = new HostSession(host.target(key, { sshConfig: config }), sshTransport());
  expect((await (await session.shell()).read('echo here')).stdout).toBe('here\n');
  await session.close();
  host.close();
  expect(host.heard.filter((each) => each.startsWith('key'))).toEqual(['key, signed']);
});

test.each([
  ['OpenSSH_9.9', ['granted', 'key, signed', 'session', 'let in', 'run', 'opened']],
  ['OpenSSH_5.3', ['granted', 'key, signed', 'let in', 'session', 'opened', 'run']],
  ['Another_1.0', ['granted', 'key, signed', 'let in', 'session', 'opened', 'run']],
])('OpenSSH is asked for a channel, and told what to run in it, before it grants the one and the other: %s', async (software, heard) => {
  const host = await daemon({ software });
  const config = join(folder, 'config');
  writeFileSync(config, 'IdentitiesOnly yes\nIdentityAgent none\n');
  const session = new HostSession(host.target(keys[2] ?? '', { sshConfig: config }), sshTransport());
  expect((await (await session.shell()).read('sleep 0.1; echo here')).stdout).toBe('here\n');
  await session.close();
  host.close();
  expect(host.heard).toEqual(heard);
});

test('where there is something else to log in with, a key is asked about first', async () => {
  const host = await daemon();
  const session = new HostSession(host.target(keys[0] ?? '', { password: 'x' }), sshTransport());
  expect((await (await session.shell()).read('echo here')).stdout).toBe('here\n');
  await session.close();
  host.close();
  expect(host.heard.filter((each) => each.startsWith('key'))).toEqual(['key', 'key, signed']);
});

test('a key that is not enough leaves no channel behind that somebody waits for', async () => {
  const host = await daemon({ refusals: 1 });
  const session = new HostSession(host.target(keys[0] ?? '', { password: 'x' }), sshTransport());
  expect((await (await session.shell()).read('echo here')).stdout).toBe('here\n');
  await session.close();
  host.close();
  expect(host.heard.filter((each) => !['granted', 'let in', 'opened', 'run'].includes(each))).toEqual(['key', 'key, signed', 'password', 'session']);
});

test('a login that takes two keys', async () => {
  const sshd = await startSshd(['AuthenticationMethods publickey,publickey']);
  const config = join(sshd.folder, 'ssh_config');
  writeFileSync(config, ['rsa', 'ed25519'].map((type) => `IdentityFile ${sshd.folder}/id_${type}\n`).join('') + 'IdentitiesOnly yes\nIdentityAgent none\n');
  const { privateKey: _one, ...target } = sshd.target('root');
  const session = new HostSession({ ...target, sshConfig: config }, sshTransport());
  expect((await (await session.shell()).read('echo here')).stdout).toBe('here\n');
  await session.close();
  await sshd.stop();
});

test('a channel that is asked for ahead is like those of ssh2', () => {
  const { MAX_WINDOW, PACKET_SIZE } = createRequire(import.meta.url)('ssh2/lib/Channel.js') as Record<string, number>;
  expect([MAX_WINDOW, PACKET_SIZE]).toEqual([WINDOW, PACKET]);
});

test('the first words to a shell go out before the daemon says that it has started it', async () => {
  const sshd = await startSshd();
  const relay = await way(sshd.port);
  const connection = await sshTransport().connect({ ...sshd.target('root'), port: relay.port, hostKeyChecking: 'off' }, new AbortController().signal);
  // What it says unasked after the login has come.
  await sleep(200);
  relay.holdBehindNext();
  // Held back with all that is behind it: that the shell runs.
  const channel = await connection.open('/bin/sh');
  const said = new Promise<string>((resolve) => channel.onData((chunk) => resolve(chunk.toString())));
  await channel.write('echo here\n');
  relay.release();
  expect(await said).toBe('here\n');
  await connection.close();
  relay.close();
  await sshd.stop();
});

test('a daemon that refuses to run anything is told as such', async () => {
  const host = await daemon({ refuses: true });
  const session = new HostSession(host.target(keys[0] ?? ''), sshTransport());
  expect(await failureOf(session.shell(), 'lost')).toContain('the daemon refused to run a command');
  await session.close();
  host.close();
});

test('a daemon that calls itself OpenSSH and numbers its channels otherwise is told as such', async () => {
  const host = await daemon({ numbers: 7 });
  const session = new HostSession(host.target(keys[0] ?? ''), sshTransport());
  expect(await failureOf(session.shell(), 'lost')).toContain('calls itself OpenSSH_9.9, but numbers its channels in another way');
  await session.close();
  host.close();
});

test('a daemon that opens no channel says so', async () => {
  const sshd = await startSshd(['MaxSessions 0']);
  const session = new HostSession(sshd.target('root'), sshTransport());
  expect(await failureOf(session.shell(), 'lost')).toMatch(/the host opened no channel: .+; sshd limits them \(MaxSessions\)/);
  await session.close();
  await sshd.stop();
});

const MUCH = Buffer.alloc(12 * 1024 * 1024, 'x');

test('what is sent before sshd has said how much it takes is counted: no more is sent than it takes', async () => {
  const sshd = await startSshd(['LogLevel INFO']);
  const connection = await sshTransport().connect(sshd.target('root'), new AbortController().signal);
  const channel = await connection.open('sleep 0.5; wc -c');
  const said = new Promise<string>((resolve) => {
    channel.onData((chunk) => resolve(chunk.toString()));
    channel.onClose(() => resolve('nothing'));
  });
  await channel.write(MUCH);
  channel.end();
  expect((await said).trim()).toBe(String(MUCH.length));
  await connection.close();
  await sshd.stop();
  expect(sshd.log()).toContain('Accepted publickey');
  expect(sshd.log()).not.toContain('too much data');
});

test('the same where a daemon says at once how much it takes', async () => {
  const host = await daemon();
  const connection = await sshTransport().connect(host.target(keys[0] ?? ''), new AbortController().signal);
  const channel = await connection.open(`head -c ${MUCH.length} | wc -c`);
  const said = new Promise<string>((resolve) => {
    channel.onData((chunk) => resolve(chunk.toString()));
    channel.onClose(() => resolve('nothing'));
  });
  await channel.write(MUCH);
  expect((await said).trim()).toBe(String(MUCH.length));
  await connection.close();
  host.close();
});
