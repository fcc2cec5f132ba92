import { appendFileSync, existsSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bootHost, killHost } from '../hosts.ts';
import { labDown } from '../lab.ts';
import { initPid, readState, requireState } from '../lab-dir.ts';

/** Where the power switch listens on the lab's network. */
const PORT = 6230;

/**
 * The power switch of a lab. One line per connection: `status|off|on|reboot NAME`, answered with `on`, `off` or `error …`. Requests are served
 * one after another, and one from a host that has no power any more is dropped: of two hosts that fence each other, one survives.
 */
const { values } = parseArgs({ options: { dir: { type: 'string' }, owner: { type: 'string' } } });
const dir = values.dir ?? '';
let queue: Promise<void> = Promise.resolve();

createServer((socket) => {
  let text = '';
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.on('data', (chunk: string) => {
    text += chunk;
    const line = /^([^\n]*)\n/.exec(text)?.[1];
    if (line === undefined) return;
    socket.pause();
    queue = queue.then(() => serve(socket, line)).catch((error: unknown) => console.error(error));
  });
}).listen(PORT, '0.0.0.0');

setInterval(() => {
  const orphaned = values.owner !== undefined && !existsSync(`/proc/${values.owner}`);
  if (orphaned) void labDown(dir).then(() => process.exit(0));
  else if (readState(dir) === undefined) process.exit(0);
}, 1000);

async function serve(socket: Socket, line: string): Promise<void> {
  const asker = requireState(dir).hosts.find((host) => host.address === socket.remoteAddress?.replace('::ffff:', ''));
  if (asker !== undefined && initPid(dir, asker.name) === undefined) {
    socket.destroy();
    return;
  }
  const answer = await act(line.trim().split(/\s+/)).catch((error: unknown) => `error ${String(error)}`);
  appendFileSync(join(dir, 'power.log'), `${new Date().toISOString()} ${asker?.name ?? 'the machine'}: ${line.trim()}: ${answer}\n`);
  socket.end(`${answer}\n`);
}

async function act([action, name = '']: readonly string[]): Promise<string> {
  if (requireState(dir).hosts.every((host) => host.name !== name)) return `error no plug ${name}`;
  if (action === 'off' || action === 'reboot') await killHost(dir, name);
  if (action === 'on' || action === 'reboot') bootHost(dir, name).catch((error: unknown) => console.error(error));
  if (!['status', 'on', 'off', 'reboot'].includes(action ?? '')) return `error unknown action ${action ?? ''}`;
  return initPid(dir, name) !== undefined || action === 'on' ? 'on' : 'off';
}
