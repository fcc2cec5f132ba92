import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rawCommand, sh } from '../../../runner/task/command.ts';
import { applyTask, checkTask } from '../../../runner/testing/run-task.ts';
import firewall from '../../../tasks/network/firewall.ts';
import iptables from '../../../tasks/network/iptables.ts';
import { parseListing, parseSaved } from '../../../tasks/parse/iptables-table.ts';
import { netnsHost, type NetnsHost } from './netns.ts';

const INSTALLER = `# Firewall configuration written by system-config-firewall
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
-A INPUT -p icmp -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -m state --state NEW -m tcp -p tcp --dport 22 -j ACCEPT
-A INPUT -j REJECT --reject-with icmp-host-prohibited
-A FORWARD -j REJECT --reject-with icmp-host-prohibited
COMMIT
`;

/** Spellings of people and tools; the real iptables says what each becomes. */
const SPELLINGS = `-s 10.0.0.2 -j ACCEPT
-s 192.168.1.77/24 -j ACCEPT
-s 192.168.1.0/255.255.255.0 -d 10.0.0.0/8 -j DROP
! -s 10.0.0.1 -j DROP
-p 6 --dport ssh -j ACCEPT
-m tcp -p tcp --dport 22:22 -j ACCEPT
-p tcp --syn -j ACCEPT
-p udp -m multiport --dports 5405,5404 -j ACCEPT
-m state --state NEW -m multiport -p udp -s 192.168.1.0/24 -d 192.168.1.0/24 --dports 5404,5405 -j ACCEPT
-m addrtype --dst-type MULTICAST -m state --state NEW -m multiport -p udp -s 192.168.1.0/24 --dports 5404,5405 -j ACCEPT
-p igmp -j ACCEPT
-p icmp --icmp-type echo-request -j ACCEPT
-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
! -i lo -j ACCEPT
-i eth+ -p all -j ACCEPT
-j REJECT
-p tcp -j REJECT --reject-with tcp-reset
-m comment --comment "two words" -s 10.0.0.3 -j ACCEPT
-m limit --limit 5/minute --limit-burst 7 -j ACCEPT
-p tcp ! --dport 80 -j ACCEPT
-s 0.0.0.0/0 -p tcp --sport 1024:65535 -j ACCEPT
-p tcp -m tcp --tcp-flags SYN,ACK SYN -j DROP
-m pkttype --pkt-type multicast -j ACCEPT
-m iprange --src-range 10.0.0.5-10.0.0.9 -j ACCEPT
-g OTHER`.split('\n');

describe.each(['nft', 'legacy'] as const)('real iptables, %s', (backend) => {
  let host: NetnsHost;
  const listing = (): Promise<string> => host.observer.read(sh`iptables -S`, ({ stdout }) => stdout);
  const file = (): string => join(host.folder, 'iptables');
  beforeAll(async () => {
    host = await netnsHost(backend);
  });
  afterAll(() => host.close());

  test('every spelling means what iptables lists for it', async () => {
    const rules = SPELLINGS.map((line) => `-A INPUT ${line}`);
    const text = ['*filter', ':INPUT ACCEPT [0:0]', ':OTHER - [0:0]', ...rules, 'COMMIT', ''].join('\n');
    await host.actuator.run(sh`iptables-restore`.with({ stdin: text }));
    const mine = parseSaved(text)!.rules;
    const listed = parseListing(await listing()).rules;
    expect(listed.length).toBe(SPELLINGS.length);
    expect(mine.map(({ meaning }) => meaning)).toEqual(listed.map(({ meaning }) => meaning));
    expect(new Set(mine.map(({ meaning }) => meaning)).size).toBe(SPELLINGS.length - 1);
  });

  test('rules go before the refusal now and at boot, once, and both layers agree', async () => {
    writeFileSync(file(), INSTALLER);
    await host.actuator.run(sh`iptables-restore ${file()}`);
    const params = {
      path: file(),
      peers: ['10.0.0.2', '10.0.0.3'],
      igmp: true,
      multicast: true,
      rules: [
        { protocol: 'udp', ports: ['5404', '5405'], source: '192.168.1.0/24', state: 'NEW', comment: 'corosync and "cman"' },
        { protocol: 'tcp', ports: ['11111'], state: 'NEW' },
      ],
    };
    const planned = await checkTask(firewall, params, host);
    expect(await listing()).not.toContain('igmp');
    const { changes, result } = await applyTask(firewall, params, host);
    expect(changes.map(({ aspect }) => aspect)).toEqual(['runtime', 'boot']);
    expect(changes).toEqual(planned);
    expect(result).toMatchObject({ ssh: 'accepted' });
    const now = await listing();
    expect(now.indexOf('-p igmp')).toBeLessThan(now.indexOf('-A INPUT -j REJECT'));
    expect(await checkTask(firewall, params, host)).toEqual([]);
    // What the next boot will load is what runs now.
    await host.actuator.run(sh`iptables -F INPUT`);
    await host.actuator.run(sh`iptables-restore ${file()}`);
    expect(await listing()).toBe(now);
    expect(readFileSync(file(), 'utf8')).toContain('# Firewall configuration written by system-config-firewall\n');
    await applyTask(firewall, { ...params, state: 'absent' }, host);
    expect(readFileSync(file(), 'utf8')).toBe(INSTALLER);
  });

  test('a rule behind the refusal is moved', async () => {
    await host.actuator.run(sh`iptables-restore`.with({ stdin: INSTALLER.replace('-A FORWARD', '-A INPUT -s 10.0.0.9 -j ACCEPT\n-A FORWARD') }));
    await applyTask(firewall, { peers: ['10.0.0.9'], persist: false }, host);
    const lines = (await listing()).split('\n').filter((line) => line.startsWith('-A INPUT'));
    expect(lines.findIndex((line) => line.includes('10.0.0.9'))).toBe(4);
    expect(lines.filter((line) => line.includes('10.0.0.9'))).toHaveLength(1);
  });

  test('a file that iptables cannot load is refused and the old one stays', async () => {
    writeFileSync(file(), INSTALLER);
    await expect(applyTask(firewall, { path: file(), rules: [{ chain: 'NOSUCH', protocol: 'tcp', ports: ['1'] }] }, host)).rejects.toThrow();
    expect(readFileSync(file(), 'utf8')).toBe(INSTALLER);
  });

  test("Ansible's parameters", async () => {
    await host.actuator.run(sh`iptables-restore`.with({ stdin: INSTALLER }));
    for (const params of [
      { chain: 'INPUT', action: 'insert', rule_num: 2, protocol: 'tcp', destination_port: '8080', ctstate: ['NEW'], jump: 'ACCEPT', comment: 'web console' },
      { chain: 'INPUT', protocol: 'tcp', syn: 'match', limit: '2/second', limit_burst: '20', jump: 'ACCEPT' },
      { table: 'nat', chain: 'PREROUTING', in_interface: 'eth0', protocol: 'tcp', match: 'tcp', destination_port: '80', jump: 'REDIRECT', to_ports: '8080' },
      { chain: 'INPUT', source: '!10.0.0.0/8', destination_ports: ['80', '443'], protocol: 'tcp', reject_with: 'tcp-reset' },
      { chain: 'FORWARD', policy: 'DROP' },
    ]) {
      expect((await applyTask(iptables, params, host)).changes).toHaveLength(1);
      expect(await checkTask(iptables, params, host)).toEqual([]);
    }
    await applyTask(
      iptables,
      { chain: 'INPUT', protocol: 'tcp', destination_port: '8080', ctstate: ['NEW'], jump: 'ACCEPT', comment: 'web console', state: 'absent' },
      host,
    );
    expect(await host.observer.read(rawCommand('iptables -S INPUT | grep -c 8080'), ({ stdout }) => stdout.trim())).toBe('0');
  });
});
