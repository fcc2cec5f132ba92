import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { applyList } from '../../runner/transport/ssh/algorithms.ts';
import { sshSettings } from '../../runner/transport/ssh/settings.ts';
import { run } from './need.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-config-'));
const config = join(folder, 'config');
mkdirSync(join(folder, 'more'));
writeFileSync(join(folder, 'more/10-a.conf'), 'Host inc*\n  Port 2210\n  User from-include\nHost *\n  ServerAliveCountMax 7\n');
writeFileSync(join(folder, 'more/20-b.conf'), 'Host web3\n Port 2299\n');
writeFileSync(join(folder, 'db.conf'), 'User dba\n');
writeFileSync(
  config,
  `Include ${folder}/more/*.conf
host web? !web3
	HostName=%h.example.com
	Port 2201
	IdentityFile ~/.ssh/%r-key
	IdentityFile "/keys/with space"
	User webber
Host db*
  Include ${folder}/db.conf
  HostName 10.0.0.9
  ProxyJump first,user@second:2022
  UserKnownHostsFile /dev/null ~/other
  StrictHostKeyChecking accept-new
Match host 10.0.0.9 user dba
  IdentityAgent /run/agent
  IdentitiesOnly yes
Match originalhost inc1 !user from-include
  ConnectTimeout 99
Match user nobody-else,from-* all
  ConnectTimeout 33
Host nojump
  ProxyJump none
Host *
  ProxyJump late
  ServerAliveInterval 20
  ConnectTimeout 5
  StrictHostKeyChecking no
`,
);
afterAll(() => rmSync(folder, { recursive: true }));

const settings = (address: string, more = {}) => sshSettings({ name: 'x', transport: 'ssh', address, sshConfig: config, ...more });

/** What OpenSSH itself makes of the same file. */
function oracle(address: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const line of run('ssh', ['-G', '-F', config, address]).split('\n')) {
    const [key = '', ...rest] = line.split(' ');
    values.set(key, [...(values.get(key) ?? []), rest.join(' ')]);
  }
  return values;
}

test.each(['web1', 'web3', 'web12', 'db1', 'inc1', 'nojump', 'other', 'WEB1'])('%s: read as OpenSSH reads it', async (address) => {
  const truth = oracle(address);
  const ours = await settings(address);
  const first = (key: string): string | undefined => truth.get(key)?.[0];
  expect({ host: ours.host, port: String(ours.port), user: ours.user, jump: ours.proxyJump.join(','), only: ours.identitiesOnly, alive: ours.keepalive, timeout: ours.connectTimeout }).toEqual({
    host: first('hostname'), port: first('port'), user: first('user'), jump: first('proxyjump') ?? '', only: first('identitiesonly') === 'yes',
    alive: { interval: Number(first('serveraliveinterval')), count: Number(first('serveralivecountmax')) }, timeout: Number(first('connecttimeout')),
  });
  expect(ours.checking).toBe({ 'accept-new': 'accept-new', false: 'off', no: 'off' }[first('stricthostkeychecking') ?? ''] ?? 'strict');
});

test('files and tokens are expanded', async () => {
  const web = await settings('web1');
  expect(web.identities.map(({ path }) => path)).toEqual([`${homedir()}/.ssh/webber-key`, '/keys/with space']);
  const db = await settings('db1');
  expect([db.knownHosts.slice(0, 2), db.agent]).toEqual([['/dev/null', `${homedir()}/other`], '/run/agent']);
});

test('the inventory comes before ssh_config, and both before defaults', async () => {
  const given = await settings('web1', { port: 1, user: 'u', privateKey: '~/k', hostKeyChecking: 'strict', knownHosts: ['/kh'], connectTimeout: 2, proxyJump: ['j'] });
  expect([given.port, given.user, given.identities[0], given.checking, given.knownHosts, given.connectTimeout, given.proxyJump]).toEqual([1, 'u', { path: `${homedir()}/k`, named: true }, 'strict', ['/kh'], 2, ['j']]);
  const none = await settings('web1', { sshConfig: 'none' });
  expect([none.host, none.port, none.user, none.checking, none.keepalive, none.connectTimeout, none.proxyJump]).toEqual(['web1', 22, userInfo().username, 'strict', { interval: 15, count: 3 }, 10, []]);
});

test('nothing is executed for Match exec', async () => {
  const file = join(folder, 'exec');
  writeFileSync(file, `Match exec "touch ${folder}/executed"\n Port 44\n`);
  expect((await settings('a', { sshConfig: file })).port).toBe(22);
  expect(existsSync(join(folder, 'executed'))).toBe(false);
});

test('a ProxyCommand is refused with what to use instead', async () => {
  const file = join(folder, 'proxy');
  writeFileSync(file, 'Host a\n ProxyCommand nc %h %p\nHost b\n ProxyCommand none\n');
  await expect(settings('a', { sshConfig: file })).rejects.toThrow('ProxyCommand');
  expect((await settings('b', { sshConfig: file })).host).toBe('b');
});

test.each(['0', '65536', '-1', '22.5', 'ssh'])('what is no port is refused before anybody is contacted: %s', async (port) => {
  const file = join(folder, 'port');
  writeFileSync(file, `Port ${port}\n`);
  await expect(settings('a', { sshConfig: file })).rejects.toThrow(`a: '${port}' is no port from 1 to 65535`);
});

test.each([
  [undefined, 'a b'], ['c,a', 'c a'], ['+c', 'a b c'], ['^b', 'b a'], ['-a', 'b'], ['-*', ''], ['+x,c*', 'a b c'], ['nothing', ''],
])('the list %j', (spec, wanted) => {
  expect(applyList(spec, ['a', 'b'], ['a', 'b', 'c']).join(' ')).toBe(wanted);
});

test('sections that name a host count where they stand among those with patterns', async () => {
  const file = join(folder, 'order');
  writeFileSync(file, 'Host other one\n  Port 1\nHost o*\n  Port 2\n  User pattern\nHost one\n  User late\n  ServerAliveInterval 3\nHost one\n  ServerAliveInterval 4\n  ServerAliveCountMax 5\nHost *\n  ServerAliveCountMax 6\n');
  const of = async (address: string): Promise<readonly unknown[]> => {
    const { port, user, keepalive } = await sshSettings({ name: address, transport: 'ssh', address, sshConfig: file });
    return [port, user, keepalive.interval, keepalive.count];
  };
  expect(await Promise.all(['one', 'other', 'onward', 'two'].map(of))).toEqual([[1, 'pattern', 3, 5], [1, 'pattern', 15, 6], [2, 'pattern', 15, 6], [22, userInfo().username, 15, 6]]);
});
