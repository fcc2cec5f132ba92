import { createReadStream, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Daemons } from './daemons.ts';
import { hostAccess } from './host-access.ts';

/**
 * The daemons of one simulated CentOS 6 host, in one process: corosync, cman, fenced, rgmanager, ricci. It runs in the host's network and process
 * namespaces, so that it speaks real packets and dies with the host, but in the machine's mount namespace, where Node is. Requests come as lines
 * `ID VERB WORD…` through a FIFO on the host; an answer is a file answers/ID whose first line is the exit code.
 */
const { values } = parseArgs({ options: { host: { type: 'string' }, address: { type: 'string' }, init: { type: 'string' } } });
process.title = 'corosync';
const FOLDER = 'run/rollcall-lab';
const host = hostAccess(values.host ?? '', values.address ?? '');
const daemons = new Daemons(host);

async function serve(line: string): Promise<void> {
  const [id = '', verb = '', ...words] = line.trim().split(' ');
  if (!/^[\w.]+$/.test(id)) return;
  const answer = await daemons.answer(verb, words).catch((error: unknown) => ({ code: 1, text: `${String(error)}\n` }));
  await daemons.shown();
  await host.write(`${FOLDER}/answers/${id}`, `${answer.code}\n${answer.text}`);
}

// Open for writing too: the FIFO then never ends when a tool closes its side. A plain descriptor: a FileHandle that nobody
// refers to is closed by the garbage collector.
const fifo = openSync(`${FOLDER}/requests`, 'r+');
await host.remove(`${FOLDER}/cluster`);
await host.write(`${FOLDER}/engine`, `${process.pid}\n`);
createInterface({ input: createReadStream('', { fd: fifo }) }).on('line', (line) => void serve(line));
