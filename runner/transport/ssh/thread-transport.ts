import type { Worker } from 'node:worker_threads';
import { HostFailure } from '../channel.ts';
import type { Channel, Connection, Transport } from '../channel.ts';
import { deferred } from '../deferred.ts';
import type { Deferred } from '../deferred.ts';
import { fromFailure } from './thread-messages.ts';
import type { News, Order } from './thread-messages.ts';

interface HeldConnection {
  readonly connected: Deferred<void>;
  readonly gone: Deferred<string>;
  readonly left: Deferred<void>;
}

interface HeldChannel {
  readonly opened: Deferred<void>;
  readonly writes: Deferred<void>[];
  readonly closed: Deferred<{ code?: number; reason?: string }>;
  /** What has come and nobody has taken: before anybody listened, or while reading is stopped. */
  readonly untaken: { readonly stream: 'data' | 'error'; readonly chunk: Buffer }[];
  stopped: boolean;
  /** The program has ended: told when all it said has been taken. */
  end?: { code?: number; reason?: string };
  data?: (chunk: Buffer) => void;
  error?: (chunk: Buffer) => void;
}

/** Hosts over ssh whose connections live in a thread (see `serveConnections`). It keeps the program running only while it holds any. */
export function threadTransport(thread: Worker): Transport {
  const connections = new Map<number, HeldConnection>();
  const channels = new Map<number, HeldChannel>();
  let lastId = 0;
  let ended: HostFailure | undefined;
  const order = (what: Order): void => thread.postMessage(what);
  const drop = (id: number): void => {
    connections.delete(id);
    if (connections.size === 0) thread.unref();
  };
  const end = (why: string): void => {
    const failure = (ended ??= new HostFailure('lost', why));
    for (const { opened, writes, closed } of channels.values()) {
      opened.reject(failure);
      for (const each of writes) each.reject(failure);
      closed.resolve({ reason: why });
    }
    for (const { connected, gone, left } of connections.values()) {
      connected.reject(failure);
      gone.resolve(why);
      left.resolve();
    }
    channels.clear();
    connections.clear();
  };
  thread.on('message', (news: News) => hear(news));
  thread.on('error', (error) => end(`the thread of the connection failed: ${error.message}`));
  thread.on('exit', () => end('the thread of the connection has ended'));

  function hear(message: News): void {
    switch (message.news) {
      case 'connected': return connections.get(message.connection)?.connected.resolve();
      case 'refused':
        connections.get(message.connection)?.connected.reject(fromFailure(message.failure));
        return drop(message.connection);
      case 'gone':
        connections.get(message.connection)?.gone.resolve(message.reason);
        return drop(message.connection);
      case 'disconnected': return connections.get(message.connection)?.left.resolve();
      case 'opened': return channels.get(message.channel)?.opened.resolve();
      case 'unopened':
        channels.get(message.channel)?.opened.reject(fromFailure(message.failure));
        channels.delete(message.channel);
        return;
      case 'data':
      case 'error': {
        const channel = channels.get(message.channel);
        channel?.untaken.push({ stream: message.news, chunk: Buffer.from(message.data.buffer, message.data.byteOffset, message.data.byteLength) });
        if (channel) hand(message.channel, channel);
        return;
      }
      case 'written': {
        const write = channels.get(message.channel)?.writes.shift();
        if (message.fault === undefined) write?.resolve();
        else write?.reject(new Error(message.fault));
        return;
      }
      case 'closed': {
        const channel = channels.get(message.channel);
        if (!channel) return;
        for (const each of channel.writes.splice(0)) each.reject(new Error('the channel is closed'));
        channel.end = message.end;
        hand(message.channel, channel);
      }
    }
  }

  /** Hands on what may be handed on, in the order in which it came; then the end. */
  function hand(id: number, channel: HeldChannel): void {
    for (let next = channel.untaken[0]; next !== undefined && !channel.stopped; next = channel.untaken[0]) {
      const listener = channel[next.stream];
      // Who listens to one stream and not to the other does not want it; before that, they may only be late.
      if (!listener && channel.data === undefined) return;
      channel.untaken.shift();
      listener?.(next.chunk);
      order({ order: 'taken', channel: id, bytes: next.chunk.length });
    }
    if (channel.end === undefined || channel.untaken.length > 0) return;
    channels.delete(id);
    channel.closed.resolve(channel.end);
  }

  function channelOf(id: number, held: HeldChannel): Channel {
    const listen = (what: 'data' | 'error') => (listener: (chunk: Buffer) => void): void => {
      held[what] = listener;
      hand(id, held);
    };
    return {
      write(data) {
        if (!channels.has(id) || held.end !== undefined) return Promise.reject(new Error('the channel is closed'));
        const written = deferred<void>();
        held.writes.push(written);
        order({ order: 'write', channel: id, data });
        return written.promise;
      },
      end: () => order({ order: 'end', channel: id }),
      onData: listen('data'),
      onError: listen('error'),
      onClose: (listener) => void held.closed.promise.then(listener),
      pause: () => void (held.stopped = true),
      resume() {
        held.stopped = false;
        hand(id, held);
      },
      close: () => order({ order: 'close', channel: id }),
    };
  }

  function connectionOf(id: number, held: HeldConnection): Connection {
    return {
      closed: held.gone.promise,
      async open(command, { pty = false } = {}) {
        const channel = ++lastId;
        const opening: HeldChannel = { opened: deferred(), writes: [], closed: deferred(), untaken: [], stopped: false };
        channels.set(channel, opening);
        if (!connections.has(id)) throw new HostFailure('lost', 'the connection has gone');
        order({ order: 'open', connection: id, channel, command, pty });
        await opening.opened.promise;
        return channelOf(channel, opening);
      },
      async close() {
        if (!connections.has(id)) return;
        order({ order: 'disconnect', connection: id });
        await Promise.race([held.left.promise, held.gone.promise]);
      },
    };
  }

  return {
    async connect(target, signal) {
      // Nobody would answer.
      if (ended) throw ended;
      const id = ++lastId;
      const held: HeldConnection = { connected: deferred(), gone: deferred(), left: deferred() };
      connections.set(id, held);
      thread.ref();
      order({ order: 'connect', connection: id, target });
      const cancel = (): void => order({ order: 'cancel', connection: id });
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        await held.connected.promise;
      } finally {
        signal.removeEventListener('abort', cancel);
      }
      return connectionOf(id, held);
    },
  };
}
