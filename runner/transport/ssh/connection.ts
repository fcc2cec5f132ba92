import type { Duplex } from 'node:stream';
import type { Client, PseudoTtyOptions } from 'ssh2';
import { HostFailure } from '../channel.ts';
import type { Channel, Connection } from '../channel.ts';
import { deferred } from '../deferred.ts';
import { sshChannel } from './channel.ts';

/** Milliseconds in which a connection may end politely: enough on the way to a near host, and nobody waits for a far one. */
const FAREWELL = 20;

/** No echo, no line editing, from the start; the shell says `stty raw` once more for what is between (sudo's own terminal). */
const TERMINAL: PseudoTtyOptions = { term: 'dumb', cols: 512, rows: 24, modes: { ECHO: 0, ECHONL: 0, ICANON: 0, ONLCR: 0, OPOST: 0 } as never };

/** A connection over ssh: it can also carry another one. */
export interface SshConnection extends Connection {
  /** A stream to an address as seen from the host. */
  forward(host: string, port: number): Promise<Duplex>;
}

/** An ssh2 client that is ready, as our port. `below` is what it goes through (a jump host), closed with it. */
export function sshConnection(client: Client, below: Connection | undefined): SshConnection {
  const gone = deferred<string>();
  let reason = 'the connection was closed by the host';
  client.on('error', (error) => {
    reason = error.message === 'Keepalive timeout' ? 'the host has not answered for too long' : error.message;
  });
  client.on('close', () => {
    gone.resolve(reason);
    void below?.close();
  });
  return {
    closed: gone.promise,
    open: (command, options = {}) =>
      new Promise<Channel>((resolve, reject) => {
        const refused = (error: Error): void => reject(new HostFailure('lost', `the host opened no channel: ${error.message}`, 'sshd limits them (MaxSessions)'));
        void gone.promise.then((why) => refused(new Error(why)));
        try {
          client.exec(command, options.pty === true ? { pty: TERMINAL } : {}, (error, stream) => {
            if (error !== undefined && error !== null) refused(error);
            // Listened to at once: the exit code of a short program may be in the same packet.
            else resolve(sshChannel(stream, gone.promise));
          });
        } catch (error) {
          refused(error instanceof Error ? error : new Error(String(error)));
        }
      }),
    forward: (host, port) =>
      new Promise((resolve, reject) => {
        client.forwardOut('127.0.0.1', 0, host, port, (error, stream) => (error === undefined || error === null ? resolve(stream) : reject(error)));
      }),
    async close() {
      reason = 'closed';
      client.end();
      const timer = setTimeout(() => cut(client), FAREWELL);
      await gone.promise;
      clearTimeout(timer);
    },
  };
}

/** Gives up the socket. ssh2's own `destroy` does nothing after `end`: on a dead way the process would stay until TCP gives up. */
function cut(client: Client): void {
  (client as { _sock?: { destroy(): void } })._sock?.destroy();
}
