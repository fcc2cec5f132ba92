import { createConnection, createServer, type Server } from 'node:net';
import { readClusterConfig } from './config.ts';
import type { HostAccess } from './host-access.ts';
import type { Answer } from './answer.ts';

const PORT = 11_111;

/** The ricci daemon as far as ccs_sync needs it: takes a cluster.conf from who knows the password. Plain TCP where the real one has TLS. */
export class Ricci {
  readonly #host: HostAccess;
  #server: Server | undefined;

  constructor(host: HostAccess) {
    this.#host = host;
  }

  /** Starts or stops listening. */
  async serve(on: boolean): Promise<Answer> {
    this.#server?.close();
    this.#server = undefined;
    if (!on) return { code: 0, text: '' };
    const server = createServer((socket) => {
      let text = '';
      socket.setEncoding('utf8');
      socket.on('error', () => undefined);
      socket.on('data', (chunk: string) => {
        text += chunk;
        if (text.endsWith('\0')) void this.#take(text.slice(0, -1)).then((answer) => socket.end(`${answer}\n`));
      });
    });
    server.on('error', () => undefined);
    await new Promise<void>((done) => server.listen(PORT, '0.0.0.0', done));
    this.#server = server;
    return { code: 0, text: '' };
  }

  async #take(request: string): Promise<string> {
    const [peer = '', password = '', ...rest] = request.split('\n');
    const certificate = `var/lib/ricci/certs/clients/${peer}`;
    if ((await this.#host.read(certificate)) === undefined) {
      if (!(await this.#knows(password))) return 'denied';
      await this.#host.write(certificate, 'accepted\n');
    }
    if (rest.length === 0 || rest.join('\n') === '') return 'welcome';
    if ((await this.#host.conf('CCS_SYNC_LIES')) !== undefined) return 'done';
    await this.#host.write('etc/cluster/cluster.conf', rest.join('\n'));
    await this.#host.log('modcluster', 'Updating cluster.conf');
    return 'done';
  }

  /** 6.0 asks for root's password, later releases for the user ricci's, which nobody has set at first. */
  async #knows(password: string): Promise<boolean> {
    const user = Number((await this.#host.conf('EL6_MINOR')) ?? 0) === 0 ? 'root' : 'ricci';
    const stored = ((await this.#host.read('etc/shadow')) ?? '').split('\n').find((line) => line.startsWith(`${user}:`))?.split(':')[1] ?? '!!';
    const [, kind = '', salt = ''] = stored.split('$');
    if (!['1', '5', '6'].includes(kind)) return false;
    const made = await this.#host.machine(['openssl', 'passwd', `-${kind}`, '-salt', salt, '--', password]);
    return made.code === 0 && made.stdout.trim() === stored;
  }
}

/** What ccs_sync does: sends cluster.conf to every node of it. A line per node that did not take it; `?NODE` asks for a password first. */
export async function syncTo(host: HostAccess, password: string, only: readonly string[]): Promise<Answer> {
  const text = (await host.read('etc/cluster/cluster.conf')) ?? '';
  const names = only.length > 0 ? only : readClusterConfig(text).nodes.map((node) => node.name);
  const secret = password === '-' ? '' : Buffer.from(password, 'base64').toString();
  const said = await Promise.all(
    names.map(async (name) => {
      const address = await host.resolve(name);
      const answer = address === undefined ? 'unreachable' : await send(address, `${host.name}\n${secret}\n${text}\0`);
      return answer === 'done' ? '' : answer === 'denied' ? `denied ${name}\n` : `${answer} ${name}\n`;
    }),
  );
  return { code: said.every((line) => line === '') ? 0 : 1, text: said.join('') };
}

function send(address: string, request: string): Promise<string> {
  return new Promise((done) => {
    let text = '';
    const socket = createConnection({ host: address, port: PORT, timeout: 2000 }, () => socket.write(request));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('close', () => done(text.trim() || 'unreachable'));
    socket.on('timeout', () => socket.destroy());
    socket.on('error', (error: NodeJS.ErrnoException) => {
      text = error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable';
    });
  });
}
