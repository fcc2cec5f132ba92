import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labKill, labStart } from '../../lab/lab.ts';
import { failedTasks } from './predictions.ts';
import type { Ran } from './program.ts';
import { type Site, siteUp } from './site.ts';

/** One mistake at a time: every message names the place, the cause and the way out, and the exit code is the documented one. */
let site: Site;
beforeAll(async () => {
  site = await siteUp(55);
  execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', join(site.work, 'stranger')]);
  const [kind, key] = readFileSync(join(site.work, 'stranger.pub'), 'utf8').split(' ');
  writeFileSync(join(site.work, 'changed_hosts'), `${site.address('n1')},${site.address('n2')} ${kind ?? ''} ${key ?? ''}\n`);
});
afterAll(() => site.down());

const tasks = (text: string): string => `- hosts: cluster\n  gather_facts: false\n  tasks:\n    - name: Try\n      ${text}\n`;
const PING = tasks('ping:');
const said = (ran: Ran): string => ran.stdout + ran.stderr;

/** Which hosts were connected to. */
const contacted = ({ events }: Ran): readonly string[] => events.flatMap((event) => (event.type === 'host.state' && event.state === 'connected' ? [event.host] : []));

test.each([
  ['an unknown keyword', '- hosts: cluster\n  taks: []\n', [":2:3", "'taks' is no keyword of a play", "did you mean 'tags'?"]],
  ['an unknown parameter', tasks('copy: { dst: /x, content: a }'), [':5:15', "'copy' has no parameter 'dst'", "did you mean 'dest'?"]],
  ['a bad type', tasks('copy: { dest: /x, content: a, backup: perhaps }'), [':5:', "'backup' must be yes or no, not 'perhaps'"]],
  ['an unknown module', tasks('yumm: { name: a }'), [':5:7', "there is no module 'yumm'", "did you mean 'yum'?"]],
])('%s is refused before any host is contacted: exit 5', async (_what, playbook, words) => {
  const ran = await site.run([], playbook);
  for (const word of words) expect(said(ran)).toContain(word);
  expect(ran.code).toBe(5);
  expect(contacted(ran)).toEqual([]);
});

test('a variable that nothing defines is refused before any host is contacted', async () => {
  const ran = await site.run([], tasks('debug: { msg: "{{ ha_vpi }}" }'));
  expect(said(ran)).toMatch(/'ha_vpi' is undefined\n +--> .*\.yml:5:25[^]*did you mean 'ha_vip'/);
  expect(ran.code).toBe(5);
  expect(contacted(ran)).toEqual([]);
});

test('one behind a condition fails its task, with the place and the name that was meant', async () => {
  const ran = await site.run([], tasks('debug: { msg: "{{ ha_vpi }}" }\n      when: ha_vip is defined'));
  expect(said(ran)).toMatch(/'ha_vpi' is undefined\n +--> .*\.yml:5:25[^]*did you mean 'ha_vip'/);
  expect(ran.code).toBe(2);
});

test.each([
  ['a port where nobody listens', ['-e', 'ansible_port=2'], /10\.66\.\d+\.11:2: (no route to the host|connection refused).*\(.*firewall/],
  ['an address that nobody has', ['-e', 'ansible_host={{ ha_vip }}', '-T', '2'], /10\.66\.\d+\.100:22: no login within 2 s \(is the host up/],
  ['an unknown host key', ['-e', 'ansible_ssh_known_hosts_file=/dev/null'], /the key of 10\.66\.\d+\.11 is not known: ssh-rsa SHA256:\S+ \(compare the fingerprint.*accept-new/],
  ['a changed host key', ['-e', 'ansible_ssh_known_hosts_file=changed_hosts'], /the key of 10\.66\.\d+\.11 has changed.*changed_hosts:1 has.*\(.*ssh-keygen -R/],
  ['a wrong key', ['--private-key', 'stranger', '-e', 'ansible_ssh_private_key_file=stranger'], /admin@10\.66\.\d+\.11:22: login refused \(the daemon takes: publickey.*tried: key .*stranger.*--ask-pass/],
])('%s: unreachable, exit 4', async (_what, words, message) => {
  const ran = await site.run(words, PING);
  expect(said(ran)).toMatch(message);
  expect(ran.code).toBe(4);
});

test('a host that is down does not keep the other from its work', async () => {
  await labKill('n2', site.lab.dir);
  const ran = await site.run(['-T', '2'], PING);
  await labStart('n2', site.lab.dir);
  expect(ran.stdout).toMatch(/ok +n1 +Try/);
  expect(ran.stdout).toMatch(/UNREACHABLE +n2 +Try \(.*play-\d+\.yml:4\)/);
  expect(ran.code).toBe(4);
});

test.each([
  ['wrong', 'wrong', /sudo did not accept the password \(check ansible_become_password/],
  ['missing', '', /sudo (asks for|did not accept).*(--ask-become-pass|ansible_become_password)/],
])('a become password that is %s: exit 2', async (_what, password, message) => {
  const ran = await site.run(['-b', '-e', `ansible_become_password=${password}`], PING);
  expect(said(ran)).toMatch(message);
  expect(ran.code).toBe(2);
});

test('an unknown package group is named, with those there are', async () => {
  const ran = await site.run(['-b', '-l', 'n1'], tasks('yum_group: { name: High Avail }'));
  expect(said(ran)).toMatch(/Try \(.*:4\)[^]*no repository knows a package group 'High Avail'; known: High Availability,/);
  expect(ran.code).toBe(2);
});

test('a held yum lock is waited for until its deadline, and its holder is named', async () => {
  const pid = (await site.on('n1', 'sleep 300 </dev/null >/dev/null 2>&1 & echo $! | tee /var/run/yum.pid')).trim();
  const begun = Date.now();
  const ran = await site.run(['-b', '-l', 'n1'], tasks('yum: { name: omping, lock_timeout: 2 }'));
  expect(said(ran)).toContain(`yum is locked by process ${pid} (sleep 300); waited 2 s`);
  expect(ran.code).toBe(2);
  expect(Date.now() - begun).toBeLessThan(12_000);
  const waiting = site.run(['-b', '-l', 'n1'], tasks('yum: { name: omping }'));
  await new Promise((wake) => setTimeout(wake, 2500));
  await site.on('n1', `kill ${pid}`);
  expect((await waiting).code).toBe(0);
  expect(await site.on('n1', 'rpm -q omping')).toContain('omping-');
});

describe('the preflight stops', () => {
  const preflight = async (words: readonly string[], message: RegExp): Promise<void> => {
    const ran = await site.run(['--phase', 'Preflight', ...words]);
    expect(failedTasks(ran.events).join('\n')).toMatch(message);
    expect(ran.code).toBe(2);
  };
  test('at an address that somebody has', async () => {
    await site.on('n2', `ip addr add ${site.vip}/24 dev eth0`);
    await preflight(['-l', 'n1'], new RegExp(`${site.vip}.*(in use|answers|is taken)`, 'i'));
    await site.on('n2', `ip addr del ${site.vip}/24 dev eth0`);
  });
  test('at an address in no subnet', () => preflight(['-e', 'ha_vip=192.0.2.9'], /192\.0\.2\.9.*(subnet|network).*eth0|eth0.*192\.0\.2\.9/));
  test('at a clock that is off', async () => {
    await site.on('n2', 'mv /usr/bin/date /usr/bin/date.real && printf \'#!/bin/sh\\nexec /usr/bin/date.real -d "+90 seconds" "$@"\\n\' >/usr/bin/date && chmod 755 /usr/bin/date');
    await preflight([], /@ n2: "the clock of n2 is off by more than 2 s; run ntpdate/);
    await site.on('n2', 'mv /usr/bin/date.real /usr/bin/date');
  });
  test('at NetworkManager', async () => {
    await site.on('n1', 'yum -y -q install NetworkManager; service NetworkManager start; chkconfig NetworkManager on');
    await preflight([], /@ n1: .*NetworkManager/);
    await site.on('n1', 'service NetworkManager stop; chkconfig NetworkManager off; yum -y -q remove NetworkManager');
  });
});

test('a name that means loopback, and rules that refuse early, are put right', async () => {
  await site.on('n1', "sed -i '1s/$/ n1/' /etc/hosts; iptables -I INPUT 1 -p udp --dport 5405 -j REJECT; service iptables save");
  const ran = await site.run(['--phase', 'Names', '--phase', 'Firewall']);
  expect(failedTasks(ran.events)).toEqual([]);
  expect(await site.on('n1', 'getent hosts n1')).toContain(site.address('n1'));
  const rules = (await site.on('n1', 'iptables -S INPUT')).split('\n');
  const peer = rules.findIndex((rule) => rule.includes(`-s ${site.address('n2')}`));
  expect(peer).toBeGreaterThan(0);
  expect(peer).toBeLessThan(rules.findIndex((rule) => rule.startsWith('-A INPUT -j REJECT')));
});

test('a daemon that does not start: its logs are on the controller, and the message says where', async () => {
  await site.on('n2', 'echo CMAN_START_FAILS=1 >>/etc/rollcall-lab.conf');
  const ran = await site.run(['-e', 'ha_relocation_test=false']);
  expect(ran.code).toBe(2);
  const log = join(site.work, 'ha-log-n2.yml');
  expect(said(ran)).toMatch(/Give up[^]*cman[^]*\(logs: .*ha-log-n2\.yml on the controller\)/);
  expect(readFileSync(log, 'utf8')).toMatch(/messages/);
});
