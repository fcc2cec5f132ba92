import type { Socket } from 'node:net';
import type { Client, ClientChannel, ParsedKey } from 'ssh2';
import { Shared, shared } from '../../util/shared.ts';

/*
 * What ssh2 asks for, waits for and holds although it need not, by what it keeps to itself. Where it should ever look different inside, it goes on
 * in its own way: nothing of this is needed, it saves round trips, wake-ups and memory.
 */

type Sign = (data: Buffer, done: (signature: Buffer) => void) => void;
type Handler = (protocol: unknown, ...more: unknown[]) => void;

/** The algorithms that are offered, as ssh2 has them: nothing in it changes. */
interface Offer {
  /** `all`: as they are sent. */
  readonly lists?: { readonly all?: Buffer };
}

interface Protocol {
  /** Wanted whenever keys are exchanged, as is what the daemon has called itself. */
  _offer?: Offer;
  _remoteIdentRaw?: Buffer;
  _handlers?: Partial<Record<'GLOBAL_REQUEST' | 'USERAUTH_FAILURE' | 'CHANNEL_OPEN_CONFIRMATION' | 'CHANNEL_OPEN_FAILURE' | 'CHANNEL_WINDOW_ADJUST', Handler>>;
  session?: (channel: number, window: number, packet: number) => void;
  authPK?: (user: string, key: ParsedKey, algorithm: string | undefined, sign?: Sign) => void;
  exec?: (channel: number, command: string, wantReply: boolean) => void;
}

/** The daemon's word that a channel is there: its numbers on this side and on that, and the bytes it takes, in all and at a time. */
interface Confirmation {
  readonly recipient: number;
  readonly sender: number;
  readonly window: number;
  readonly packetSize: number;
}

type Channel = Pick<ClientChannel, 'emit' | 'close'> & {
  readonly outgoing?: { readonly id: number };
  readonly _callbacks?: ((refused: unknown) => void)[];
};

interface Inside {
  readonly _protocol?: Protocol;
  readonly _chanMgr?: { readonly _channels?: Readonly<Record<number, Channel>> };
  readonly _sock?: Socket;
  /** What the daemon calls itself, e.g. `OpenSSH_5.3`. */
  readonly _remoteVer?: string;
}

/** The daemon does not let this user run commands; the channel's error when that is told late. */
export class Refused extends Error {}

/** What the daemon calls itself; ssh2 keeps it without publishing it. */
export function softwareOf(client: object): string | undefined {
  return (client as Inside)._remoteVer;
}

/**
 * Takes the shortcuts of one client that has begun to connect. `onlyKey`: it has one key to log in with and nothing else. `runs`: what comes first
 * after the login is a program.
 */
export function takeShortcuts(client: Client, { onlyKey, runs }: { readonly onlyKey: boolean; readonly runs: boolean }): void {
  const inside = client as unknown as Inside;
  const protocol = inside._protocol;
  if (!protocol) return;
  ignoreOtherHostKeys(protocol);
  if (runs) openAtOnce(inside, protocol);
  if (onlyKey) signAtOnce(protocol);
  startAtOnce(inside, protocol);
  keepOnce(client, protocol);
  client.once('connect', () => inside._sock && sendTogether(inside._sock));
}

/** Offers, by what is sent of them. */
const offers = new Shared<Offer>(20);

/** What most connections have in common is kept once: 5 KB of 25 that each of them holds, for small buffers are cut from larger ones. */
function keepOnce(client: Client, protocol: Protocol): void {
  const offer = protocol._offer;
  const all = offer?.lists?.all;
  if (offer && all) protocol._offer = offers.get(all.toString('latin1'), () => offer);
  client.once('ready', () => {
    if (protocol._remoteIdentRaw) protocol._remoteIdentRaw = shared(protocol._remoteIdentRaw);
  });
}

/**
 * After the login an OpenSSH daemon names all its host keys, and ssh2 asks it to prove that it has them: a signature with each, milliseconds
 * of CPU on both sides, for an event that nobody here listens to.
 */
function ignoreOtherHostKeys({ _handlers: handlers }: Protocol): void {
  const usual = handlers?.GLOBAL_REQUEST;
  if (!handlers || !usual) return;
  handlers.GLOBAL_REQUEST = (from, ...more) => {
    if (more[0] !== 'hostkeys-00@openssh.com') usual(from, ...more);
  };
}

/** What ssh2 asks for when it opens a channel (MAX_WINDOW and PACKET_SIZE of its Channel). */
export const [WINDOW, PACKET] = [2 * 1024 * 1024, 32 * 1024];

/** Bytes that a program is told before the daemon has said how many it takes: OpenSSH takes 2 MB once it has started one, and a tenth more. */
const CREDIT = PACKET;

/**
 * The channel that the first program runs in is asked for right behind a signature, which ssh2 has checked first, and spoken to before the daemon
 * has said that it is there: two round trips, and 40 ms more where the daemon holds its word back (Nagle's algorithm) until all it said before has
 * been acknowledged, which nobody hurries to do who has nothing to say. OpenSSH gives the first channel the number 0. A daemon that does not let
 * in (yet) does not know what is meant, and says so: it is asked again then.
 */
function openAtOnce(inside: Inside, protocol: Protocol): void {
  const { _handlers: handlers } = protocol;
  const [sign, open] = [protocol.authPK?.bind(protocol), protocol.session?.bind(protocol)];
  const [failed, opened, refused, adjusted] = [handlers?.USERAUTH_FAILURE, handlers?.CHANNEL_OPEN_CONFIRMATION, handlers?.CHANNEL_OPEN_FAILURE, handlers?.CHANNEL_WINDOW_ADJUST];
  if (!handlers || !sign || !open || !failed || !opened || !refused || !adjusted) return;
  // `asked`: for nobody yet. `taken`: it is written to, and the daemon has not said that it is there.
  let state: 'none' | 'asked' | 'taken' | 'settled' = 'none';
  /** What the daemon has said to the one that is asked for. */
  let answer: (() => void) | undefined;
  /** Bytes that were granted in the daemon's name and are part of what it grants next. */
  let debt = 0;
  // Not tried with what EL6 has (5.3).
  const mayGuess = (): boolean => Number(/^OpenSSH_(\d+)/.exec(softwareOf(inside) ?? '')?.[1]) >= 7;
  const disappoint = (message: string): void => {
    const channel = inside._chanMgr?._channels?.[0];
    if (typeof channel === 'object') refuse(channel, message);
  };
  const grant = (from: unknown, id: number, bytes: number): void => {
    const own = id === 0 ? Math.min(debt, bytes) : 0;
    debt -= own;
    if (bytes > own) adjusted(from, id, bytes - own);
  };
  protocol.authPK = (user, key, algorithm, signer) => {
    if (signer) sign(user, key, algorithm, (data, done) => signer(data, (signature) => {
      done(signature);
      if (state !== 'none' || !mayGuess()) return;
      state = 'asked';
      open(0, WINDOW, PACKET);
    }));
    else sign(user, key, algorithm);
  };
  handlers.USERAUTH_FAILURE = (from, ...more) => {
    state = 'none';
    answer = undefined;
    failed(from, ...more);
  };
  handlers.CHANNEL_OPEN_CONFIRMATION = (from, ...more) => {
    const [{ recipient, sender, window }] = more as [Confirmation];
    if (state === 'asked') answer = () => opened(from, ...more);
    else if (state !== 'taken' || recipient !== 0) opened(from, ...more);
    else {
      state = 'settled';
      if (sender !== 0) disappoint(`the daemon calls itself ${softwareOf(inside) ?? ''}, but numbers its channels in another way`);
      debt = CREDIT;
      grant(from, 0, window);
    }
  };
  handlers.CHANNEL_OPEN_FAILURE = (from, ...more) => {
    const [recipient, , description] = more as [number, unknown, string];
    if (state === 'asked') answer = () => refused(from, ...more);
    else if (state !== 'taken' || recipient !== 0) refused(from, ...more);
    else {
      state = 'settled';
      disappoint(`the host opened no channel: ${description}; sshd limits them (MaxSessions)`);
    }
  };
  handlers.CHANNEL_WINDOW_ADJUST = (from, ...more) => {
    const [recipient, bytes] = more as [number, number];
    grant(from, recipient, bytes);
  };
  protocol.session = (channel, ...more) => {
    if (state !== 'asked' || channel !== 0) open(channel, ...more);
    if (channel !== 0 || state === 'taken' || state === 'settled' || !mayGuess()) return;
    state = answer ? 'settled' : 'taken';
    const confirmed: Confirmation = { recipient: channel, sender: 0, window: CREDIT, packetSize: PACKET };
    process.nextTick(answer ?? (() => opened(protocol, confirmed)));
  };
}

/** OpenSSH takes what it is sent in order; of others it is not known that none loses what it has not asked for. */
function isOpenSsh(inside: Inside): boolean {
  return softwareOf(inside)?.startsWith('OpenSSH_') === true;
}

/** Whether a key would be taken is asked before signing, since signing may need a person. This does not, and there is no other key to try. */
function signAtOnce(protocol: Protocol): void {
  const usual = protocol.authPK?.bind(protocol);
  if (!usual) return;
  protocol.authPK = (user, key, algorithm, sign) => {
    if (sign) usual(user, key, algorithm, sign);
    else usual(user, key, algorithm, (data, done) => {
      const signature: unknown = key.sign(data, hashOf(algorithm));
      if (Buffer.isBuffer(signature)) done(signature);
      else usual(user, key, algorithm);
    });
  };
}

/** The hash of an RSA signature is named by its algorithm; other keys know their own. */
function hashOf(algorithm: string | undefined): string | undefined {
  return { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512', 'ssh-rsa': 'sha1' }[algorithm ?? ''];
}

/** What a program is told may be sent right behind the request to start it: ssh2 waits for the daemon's word that it has been. */
function startAtOnce(inside: Inside, protocol: Protocol): void {
  const usual = protocol.exec?.bind(protocol);
  if (!usual) return;
  protocol.exec = (id, command, wantReply) => {
    usual(id, command, wantReply);
    if (!isOpenSsh(inside)) return;
    const channel = Object.values(inside._chanMgr?._channels ?? {}).find((each) => each.outgoing?.id === id);
    const started = channel?._callbacks?.at(-1);
    if (!channel?._callbacks || !started) return;
    channel._callbacks[channel._callbacks.length - 1] = (refused) => {
      if (refused !== false) refuse(channel, 'the daemon refused to run a command');
    };
    started(false);
  };
}

/** Ends a channel that was taken for granted. */
function refuse(channel: Channel, message: string): void {
  channel.emit('error', new Refused(message));
  channel.close();
}

/** Packets of one moment are one packet of the network, and wake the daemon once. */
function sendTogether(socket: Socket): void {
  if (typeof socket.cork !== 'function') return;
  const usual = socket.write.bind(socket) as (...words: unknown[]) => boolean;
  let isHeld = false;
  socket.write = ((...words: unknown[]) => {
    if (!isHeld) {
      isHeld = true;
      socket.cork();
      setImmediate(() => {
        isHeld = false;
        socket.uncork();
      });
    }
    return usual(...words);
  }) as Socket['write'];
}
