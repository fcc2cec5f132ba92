import type { MessagePort } from 'node:worker_threads';
import type { Channel, Connection } from '../channel.ts';
import { toFailure, WINDOW } from './thread-messages.ts';
import type { News, Order } from './thread-messages.ts';
import { sshTransport } from './transport.ts';

/** Holds ssh connections in a thread of its own, as it is told: handshakes and ciphers cost time that the main thread has not. */
export function serveConnections(port: MessagePort): void {
  const transport = sshTransport();
  const connections = new Map<number, { readonly stop: AbortController; open?: Connection }>();
  const channels = new Map<number, { readonly channel: Channel; underway: number }>();
  const tell = (news: News): void => port.postMessage(news);

  const connect = async ({ connection, target }: Order & { order: 'connect' }): Promise<void> => {
    const held: { readonly stop: AbortController; open?: Connection } = { stop: new AbortController() };
    connections.set(connection, held);
    try {
      held.open = await transport.connect(target, held.stop.signal);
    } catch (error) {
      connections.delete(connection);
      tell({ news: 'refused', connection, failure: toFailure(error) });
      return;
    }
    tell({ news: 'connected', connection });
    const reason = await held.open.closed;
    connections.delete(connection);
    tell({ news: 'gone', connection, reason });
  };
  const open = async ({ connection, channel, command, pty }: Order & { order: 'open' }): Promise<void> => {
    try {
      const way = connections.get(connection)?.open;
      if (way === undefined) throw new Error('the connection has gone');
      const opened = await way.open(command, { pty });
      const held = { channel: opened, underway: 0 };
      channels.set(channel, held);
      tell({ news: 'opened', channel });
      const pass = (news: 'data' | 'error') => (data: Buffer): void => {
        if (held.underway <= WINDOW && held.underway + data.length > WINDOW) opened.pause();
        held.underway += data.length;
        tell({ news, channel, data });
      };
      opened.onData(pass('data'));
      opened.onError(pass('error'));
      opened.onClose((end) => {
        channels.delete(channel);
        tell({ news: 'closed', channel, end });
      });
    } catch (error) {
      tell({ news: 'unopened', channel, failure: toFailure(error) });
    }
  };
  const write = async ({ channel, data }: Order & { order: 'write' }): Promise<void> => {
    const to = channels.get(channel)?.channel;
    const fault = await (to === undefined ? Promise.reject(new Error('the channel is closed')) : to.write(typeof data === 'string' ? data : Buffer.from(data))).then(() => undefined, String);
    tell({ news: 'written', channel, fault });
  };
  const taken = (channel: number, bytes: number): void => {
    const held = channels.get(channel);
    if (held === undefined) return;
    if (held.underway > WINDOW && held.underway - bytes <= WINDOW) held.channel.resume();
    held.underway -= bytes;
  };
  const disconnect = async (connection: number): Promise<void> => {
    await connections.get(connection)?.open?.close();
    tell({ news: 'disconnected', connection });
  };
  port.on('message', (message: Order) => {
    switch (message.order) {
      case 'connect': return void connect(message);
      case 'cancel': return connections.get(message.connection)?.stop.abort();
      case 'disconnect': return void disconnect(message.connection);
      case 'open': return void open(message);
      case 'write': return void write(message);
      case 'taken': return taken(message.channel, message.bytes);
      case 'end': return channels.get(message.channel)?.channel.end();
      case 'close': return channels.get(message.channel)?.channel.close();
    }
  });
}
