import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { url } from '../../runner/expr/lookups/url.ts';
import { standardEnvironment } from '../../runner/expr/environment.ts';
import { toText } from '../../runner/expr/text.ts';
import type { Value } from '../../runner/expr/value.ts';

// The lookup waits without returning to the event loop, so the server must be another process.
const SERVER = `
const http = require('node:http');
const server = http.createServer((ask, reply) => {
  const { headers } = ask;
  if (ask.url === '/lines') return reply.end('one\\ntwo\\r\\nthree\\n');
  if (ask.url === '/from') { reply.writeHead(302, { location: '/seen' }); return reply.end(); }
  if (ask.url === '/round') { reply.writeHead(302, { location: '/round' }); return reply.end(); }
  if (ask.url === '/secret' && !headers.authorization) { reply.writeHead(401); return reply.end(); }
  if (ask.url === '/none') { reply.writeHead(404); return reply.end(); }
  if (ask.url === '/slow') return;
  reply.end(JSON.stringify({ agent: headers['user-agent'], cache: headers['cache-control'], own: headers['x-own'], authorization: headers.authorization }));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

let server: ChildProcess;
let base = '';

beforeAll(async () => {
  server = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!server.stdout) throw new Error('no output');
  const [port] = (await once(server.stdout, 'data')) as [Buffer];
  base = `http://127.0.0.1:${port.toString().trim()}`;
});
afterAll(() => void server.kill());

const ask = (path: string, options: Readonly<Record<string, Value>> = {}, vars: Readonly<Record<string, Value>> = {}): readonly Value[] =>
  url([`${base}${path}`], new Map(Object.entries({ use_netrc: false, use_proxy: false, ...options })), { scope: { lookup: (name) => vars[name] }, environment: standardEnvironment() });
const seen = (path: string, options: Readonly<Record<string, Value>> = {}, vars: Readonly<Record<string, Value>> = {}): unknown => JSON.parse(toText(ask(path, { split_lines: false, ...options }, vars)[0] ?? ''));

test('lines, or the whole text', () => {
  expect(ask('/lines')).toEqual(['one', 'two', 'three']);
  expect(ask('/lines', { split_lines: false })).toEqual(['one\ntwo\r\nthree\n']);
});

test('headers, agent and cache as they are asked for, the agent also by its variable', () => {
  expect(seen('/seen', { headers: new Map<Value, Value>([['X-Own', 'mine']]), force: true })).toEqual({ agent: 'ansible-httpget', cache: 'no-cache', own: 'mine' });
  expect(seen('/seen', {}, { ansible_lookup_url_agent: 'robot' })).toMatchObject({ agent: 'robot' });
});

test('a password is given when the server asks for it, at once with force_basic_auth, and not to where it redirects', () => {
  const login = { username: 'bob', password: 'hunter2' };
  const authorization = `Basic ${Buffer.from('bob:hunter2').toString('base64')}`;
  expect(seen('/secret', login)).toMatchObject({ authorization });
  expect(seen('/seen', login)).not.toHaveProperty('authorization');
  expect(seen('/seen', { ...login, force_basic_auth: true })).toMatchObject({ authorization });
  expect(seen('/from', { ...login, force_basic_auth: true })).not.toHaveProperty('authorization');
});

test('redirects are followed, and not with follow_redirects=none; listed headers stay behind', () => {
  expect(seen('/from', { headers: new Map<Value, Value>([['X-Own', 'mine']]), unredirected_headers: ['x-own'] })).not.toHaveProperty('own');
  expect(() => ask('/from', { follow_redirects: 'none' })).toThrow('HTTP Error 302');
  expect(() => ask('/round')).toThrow('too many redirections');
});

test('what goes wrong is an error of the expression', () => {
  expect(() => ask('/none')).toThrow(`Received HTTP error for ${base}/none : HTTP Error 404: Not Found`);
  expect(() => ask('/slow', { timeout: 0.3 })).toThrow(`Failed lookup url for ${base}/slow : timed out`);
  expect(() => ask('/lines', { tiemout: 1 })).toThrow("no option 'tiemout'");
  expect(() => url(['ftp://x/'], new Map(), { scope: { lookup: () => undefined }, environment: standardEnvironment() })).toThrow('unknown url type: ftp');
});
