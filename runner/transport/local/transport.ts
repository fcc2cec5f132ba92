import { HostFailure } from '../channel.ts';
import type { Connection, Transport } from '../channel.ts';
import { deferred } from '../deferred.ts';
import { spawnChannel } from './channel.ts';

/** This machine, through pipes: `transport: local`. Every channel is a process of its own. */
export function localTransport(): Transport {
  return {
    connect: async () => {
      const open = new Set<{ close(): void }>();
      const end = deferred<string>();
      let ended = false;
      const connection: Connection = {
        closed: end.promise,
        async open(command, options = {}) {
          if (ended) throw new HostFailure('lost', 'the connection was closed');
          if (options.pty === true) {
            throw new HostFailure('become', 'there is no terminal on a local connection', 'use ssh to localhost, or take `requiretty` out of sudoers for this user');
          }
          const channel = await spawnChannel(command, () => open.delete(channel));
          open.add(channel);
          return channel;
        },
        async close() {
          ended = true;
          for (const channel of open) channel.close();
          end.resolve('closed');
        },
      };
      return connection;
    },
  };
}
