import { createConnection } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client, ConnectConfig } from 'ssh2';
import { Semaphore } from '../../util/semaphore.ts';
import { HostFailure } from '../channel.ts';
import type { Connection, Transport } from '../channel.ts';
import type { Target } from '../../inventory/target.ts';
import { algorithms } from './algorithms.ts';
import { planAuth } from './auth.ts';
import { sshConnection } from './connection.ts';
import type { SshConnection } from './connection.ts';
import { connectFailure } from './failure.ts';
import type { FailureFacts } from './failure.ts';
import { verifyHostKey } from './host-key.ts';
import type { HostKeyPolicy } from './host-key.ts';
import { jumpTarget } from './jump.ts';
import { knownName, linesFor } from './known-hosts.ts';
import { readKnownHosts } from './known-hosts-files.ts';
import { loadSsh2 } from './load.ts';
import { sshSettings } from './settings.ts';
import type { SshSettings } from './settings.ts';
import { softwareOf, takeShortcuts } from './shortcuts.ts';
import { ignore } from '../../util/ignore.ts';

/** Longest chain of jump hosts: longer ones are circles. */
const MAX_JUMPS = 8;

/** Hosts over ssh, in this process. */
export function sshTransport(): Transport {
  return { connect: (target, signal) => connect(target, signal, 0) };
}

async function connect(target: Target, signal: AbortSignal, depth: number): Promise<SshConnection> {
  const settings = await sshSettings(target);
  const way = await through(settings, target, signal, depth);
  const stream = way?.stream ?? createConnection({ host: settings.host, port: settings.port });
  try {
    // A daemon takes as long to start as ssh2 to be loaded: both at a time. A socket of Node's begins to connect when this tick is over.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    return sshConnection(await logIn(stream, settings, target, signal, depth), way?.connection);
  } catch (error) {
    stream.destroy();
    await way?.connection.close();
    throw error;
  }
}

/** Speaks ssh on a stream until one can open channels. */
async function logIn(stream: Duplex, settings: SshSettings, target: Target, signal: AbortSignal, depth: number): Promise<Client> {
  const ssh2 = loadSsh2();
  const lines = linesFor(readKnownHosts(settings.knownHosts), nameOf(settings));
  const policy: HostKeyPolicy = { checking: settings.checking, name: nameOf(settings), lines, file: settings.knownHosts[0] };
  const auth = planAuth(ssh2, settings, target);
  const client = new ssh2.Client();
  let refused: HostFailure | undefined;
  const facts = (): FailureFacts => ({ where: `${settings.user}@${settings.host}:${settings.port}`, host: settings.host, auth, software: softwareOf(client), legacy: target.legacyAlgorithms === true });
  const config: ConnectConfig = {
    sock: stream,
    username: settings.user,
    // Our own clock runs over name, TCP, handshake and login together.
    readyTimeout: 0,
    keepaliveInterval: settings.keepalive.interval * 1000,
    keepaliveCountMax: settings.keepalive.count,
    algorithms: algorithms({ ...settings.algorithms, legacy: target.legacyAlgorithms === true, knownKeyTypes: lines.filter(({ marker }) => marker === undefined).map(({ type }) => type) }),
    authHandler: auth.handler,
    hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => {
      void verifyHostKey(policy, key).then((failure) => {
        refused = failure;
        verify(failure === undefined);
      });
    },
  };
  const begin = (): void => {
    client.connect(config);
    takeShortcuts(client, { onlyKey: auth.onlyKey, runs: depth === 0 });
  };
  await ready(client, begin, settings, signal, facts, () => refused);
  return client;
}

/** Waits until one can open channels, or for why not. */
function ready(client: Client, begin: () => void, settings: SshSettings, signal: AbortSignal, facts: () => FailureFacts, refused: () => HostFailure | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const { where } = facts();
    // Each step of the login has its own time, as with ssh: where many logins share a processor, on either side, they go on slowly, but they go on.
    let exchanged = false;
    let given = 0;
    const step = (): number => (softwareOf(client) === undefined ? 0 : exchanged ? 2 : 1);
    const wait = (before: number): NodeJS.Timeout => {
      given += settings.connectTimeout;
      return setTimeout(() => {
        if (step() > before) clock = wait(step());
        else fail(new HostFailure('timeout', `${where}: no login within ${given} s${before === 0 ? '' : ' (the daemon answered, the login did not end)'}`, 'is the host up and the network open? A slow daemon (UseDNS, GSSAPI) needs a longer --timeout'));
      }, settings.connectTimeout * 1000);
    };
    let clock = wait(0);
    const cancel = (): void => fail(new HostFailure('cancelled', 'cancelled while it was connected to'));
    const over = (): void => {
      clearTimeout(clock);
      signal.removeEventListener('abort', cancel);
    };
    const fail = (failure: HostFailure): void => {
      over();
      reject(failure);
    };
    if (signal.aborted) {
      cancel();
      return;
    }
    signal.addEventListener('abort', cancel, { once: true });
    const broken = (error: Error): void => {
      // An agent that cannot be asked is one attempt less, not the end.
      if ((error as { level?: unknown }).level !== 'agent') fail(refused() ?? connectFailure(error, facts()));
    };
    const closed = (): void => fail(refused() ?? connectFailure(new Error('the daemon closed the connection during the login'), facts()));
    client.on('error', broken);
    client.on('close', closed);
    client.once('connect', () => client.setNoDelay(true));
    client.once('handshake', () => (exchanged = true));
    client.once('ready', () => {
      over();
      // What the login was made with is not held for as long as the connection stands.
      client.on('error', ignore).off('error', broken).off('close', closed);
      resolve();
    });
    try {
      begin();
    } catch (error) {
      fail(connectFailure(error instanceof Error ? error : new Error(String(error)), facts()));
    }
  });
}

/** Logins under way at one jump host: sshd begins to turn people away at ten (MaxStartups), and it may have other visitors. */
const JUMP_LOGINS = 6;

const jumps = new Map<string, Semaphore>();

function placesOf(jump: string): Semaphore {
  const places = jumps.get(jump) ?? new Semaphore(JUMP_LOGINS);
  jumps.set(jump, places);
  return places;
}

/** Opens the way through jump hosts: each is a connection of its own with its own keys and known_hosts. */
async function through(settings: SshSettings, target: Target, signal: AbortSignal, depth: number): Promise<{ stream: Duplex; connection: Connection } | undefined> {
  const last = settings.proxyJump.at(-1);
  if (last === undefined) return undefined;
  if (depth >= MAX_JUMPS) throw new HostFailure('unreachable', `more than ${MAX_JUMPS} jump hosts: ${settings.proxyJump.join(', ')}`, 'does ProxyJump go round in a circle?');
  const begin = (): Promise<SshConnection> => connect(jumpTarget(last, settings.proxyJump.slice(0, -1), target), signal, depth + 1);
  const jump = await placesOf(last).run(begin, signal).catch((error: unknown) => {
    throw error instanceof HostFailure ? new HostFailure(error.kind, `through ${last}: ${error.message}`, error.help) : error;
  });
  try {
    return { stream: await jump.forward(settings.host, settings.port), connection: jump };
  } catch (error) {
    await jump.close();
    throw new HostFailure('unreachable', `${settings.host}:${settings.port} cannot be reached through ${last}: ${error instanceof Error ? error.message : String(error)}`, 'is the host up, and may the jump host forward (AllowTcpForwarding)?');
  }
}

function nameOf(settings: SshSettings): string {
  return settings.hostKeyAlias ?? knownName(settings.host, settings.port);
}
