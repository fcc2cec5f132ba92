import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../lab/run.ts';
import { useLab } from './lab-for-tests.ts';

const rig = useLab({ persona: 'centos6', names: ['n1', 'n2'] });
const cases = (name: string): string => readFileSync(join(import.meta.dirname, 'cases', name), 'utf8');

interface Recorded {
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** A recorded session: `$ command`, then its lines `out| …`, `err| …`, `rc=N`. */
function session(text: string): readonly Recorded[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((block) => {
      const [command = '', ...lines] = block.split('\n');
      const stream = (mark: string): string => lines.flatMap((line) => (line.startsWith(`  ${mark}|`) ? [`${line.slice(7)}\n`] : [])).join('');
      return { command, stdout: stream('out'), stderr: stream('err'), code: Number(/^ {2}rc=(\d+)/m.exec(block)?.[1]) };
    });
}

/** Shell text that makes an init script with that line in it. */
function header(name: string, line: string): string {
  return `printf '#!/bin/sh\\n${line}' >/etc/rc.d/init.d/${name}; chmod 755 /etc/rc.d/init.d/${name};`;
}

describe('a CentOS 6 host', () => {
  test('has no Python, Perl, systemd or Debian tools, and says it is CentOS', async () => {
    const absent = ['python', 'python2', 'python3', 'perl', 'node', 'systemctl', 'apt-get', 'dpkg', 'pip', 'nft', 'realpath'];
    expect((await rig.on('n1', `command -v ${absent.join(' ')}; for c in ${absent.join(' ')}; do command -v $c; done`)).stdout).toBe('');
    expect((await rig.on('n1', 'cat /etc/redhat-release; ls /etc/os-release 2>/dev/null; runlevel')).stdout).toBe('CentOS Linux release 6.0 (Final)\nN 3\n');
  });

  test('its sshd offers what OpenSSH 5.3 offered', async () => {
    const said = await run(['ssh', '-v', '-F', rig.lab.sshConfig, '-o', 'BatchMode=yes', 'n1', 'true']);
    expect(said.code).toBe(0);
    expect(said.stderr).toContain('kex: algorithm: diffie-hellman-group-exchange-sha256');
    expect(said.stderr).toContain('kex: host key algorithm: ssh-rsa');
  });

  test('sudo wants a terminal, and then the password', async () => {
    const ssh = ['ssh', '-F', rig.lab.sshConfig, '-o', 'BatchMode=yes', '-l', 'admin'];
    const without = await run([...ssh, 'n1', 'sudo -n id -un']);
    expect(without).toMatchObject({ code: 1, stdout: '', stderr: 'sudo: sorry, you must have a tty to run sudo\n' });
    const withTerminal = await run([...ssh, '-tt', 'n1', 'stty -echo; echo admin | sudo -S -p "" id -un; exit']);
    expect(withTerminal.stdout.replaceAll('\r', '').trim()).toBe('root');
  });

  test('chkconfig is 1.3.47 to the byte', async () => {
    await rig.on(
      'n2',
      `rm -f /etc/rc.d/init.d/* /etc/rc.d/rc?.d/*; ${header('cman', '# chkconfig: - 21 79\\n')} ${header('rgmanager', '# chkconfig: - 99 01\\n')}
       ${header('iptables', '# chkconfig: 2345 08 92\\n')} ${header('plain', '# chkconfig: 2345 50 50\\n')} ${header('nohdr', 'exit 0\\n')}`,
    );
    const recordings = session(cases('chkconfig-1.3.47.txt'));
    expect(recordings.length).toBe(35);
    for (const recorded of recordings) {
      const { code, stdout, stderr } = await rig.on('n2', recorded.command);
      expect({ command: recorded.command, stdout, stderr, code }).toEqual(recorded);
    }
    expect((await rig.on('n2', 'chkconfig --add cman; chkconfig cman on; ls /etc/rc3.d /etc/rc0.d')).stdout).toContain('S21cman');
  });

  test('service passes no environment on, and does not know what is not there', async () => {
    await rig.on('n1', header('showenv', 'env | grep -v -e ^PWD -e ^SHLVL -e ^_ | sort | cut -d= -f1; pwd'));
    expect((await rig.on('n1', 'cd /tmp; FOO=bar service showenv')).stdout).toBe('PATH\nTERM\n/\n');
    expect(await rig.on('n1', 'service nosuch start')).toEqual({ code: 1, stdout: '', stderr: 'nosuch: unrecognized service\n' });
    expect((await rig.on('n1', 'service ntpd status; echo $?; service ntpd start; service ntpd status >/dev/null; echo $?')).stdout).toBe(
      'ntpd is stopped\n3\nStarting ntpd: [  OK  ]\r\n0\n',
    );
  });

  test('iptables is real and 1.4.7', async () => {
    expect((await rig.on('n1', 'iptables -V')).stdout).toBe('iptables v1.4.7\n');
    for (const option of ['-C INPUT -j ACCEPT', '--check INPUT -j ACCEPT', '-w -L']) {
      expect((await rig.on('n1', `iptables ${option}`)).code).toBe(2);
    }
    await rig.on('n1', 'iptables -I INPUT 5 -s 10.0.0.2 -j ACCEPT; service iptables save');
    const rules = (await rig.on('n1', 'iptables -S INPUT')).stdout.split('\n');
    expect(rules.slice(5, 7)).toEqual(['-A INPUT -s 10.0.0.2/32 -j ACCEPT', '-A INPUT -j REJECT --reject-with icmp-host-prohibited']);
    const saved = await rig.on('n1', 'stat -c %a /etc/sysconfig/iptables /etc/sysconfig/iptables.save; service iptables reload; echo $?');
    expect(saved.stdout).toBe('600\n600\n3\n');
    const missing = await rig.on('n1', 'iptables -D INPUT -s 10.9.9.9 -j ACCEPT');
    expect(missing).toEqual({ code: 1, stdout: '', stderr: 'iptables: Bad rule (does a matching rule exist in that chain?).\n' });
  });

  test('SELinux: now and at boot are two things', async () => {
    const said = await rig.on('n1', 'getenforce; setenforce 0; echo $?; getenforce; grep ^SELINUX= /etc/sysconfig/selinux; readlink /etc/sysconfig/selinux');
    expect(said.stdout.split('\n').slice(0, 5)).toEqual(['Enforcing', '0', 'Permissive', 'SELINUX=enforcing', '../selinux/config']);
    const name = 'fenced_can_network_connect';
    expect((await rig.on('n1', `getsebool ${name}; setsebool -P ${name} on; getsebool ${name}`)).stdout).toBe(
      'fenced_can_network_connect --> off\nfenced_can_network_connect --> on\n',
    );
  });

  test('yum lies about unknown groups, and about a group whose one mandatory package is there', async () => {
    const unknown = await rig.on('n1', 'yum -y groupinstall nosuch');
    expect(unknown.code).toBe(0);
    expect(unknown.stderr).toBe('Warning: Group nosuch does not exist.\n');
    expect(unknown.stdout).toContain('No packages in any requested group available to install or update\n');
    expect((await rig.on('n1', 'rpm -q cman; echo $?; yum -q grouplist')).stdout).toBe('package cman is not installed\n1\n');
    await rig.on('n1', 'yum -q -y install cman');
    expect((await rig.on('n1', 'yum grouplist')).stdout).toMatch(/Installed Groups:\n {3}High Availability\n/);
    expect((await rig.on('n1', 'rpm -q cman rgmanager; echo $?')).stdout).toBe('cman-3.0.12-23.el6_0.4.x86_64\npackage rgmanager is not installed\n1\n');
    expect((await rig.on('n1', 'yum groupinstall "high availability" </dev/null')).stdout).toMatch(/Exiting on user Command\n$/);
  });

  test('ccs_tool writes its skeleton once; ccs_config_validate tells why it does not load', async () => {
    await rig.on('n1', 'yum -q -y install cman');
    expect(await rig.on('n1', 'ccs_tool create -2 hacluster')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await rig.on('n1', 'cat /etc/cluster/cluster.conf')).stdout).toBe(cases('skeleton.conf'));
    const again = await rig.on('n1', 'ccs_tool create -2 hacluster');
    expect(again).toEqual({ code: 1, stdout: '', stderr: 'ccs_tool: /etc/cluster/cluster.conf already exists\n' });
    const unnamed = await rig.on('n1', 'ccs_config_validate');
    expect(unnamed).toMatchObject({ code: 255, stdout: 'Cannot find node name in cluster.conf\n\nUnable to get the configuration\n' });
    await rig.on('n1', `sed -i s/NEEDNAME-0/n/ /etc/cluster/cluster.conf; echo "127.0.0.1 n1" >>/etc/hosts`);
    expect((await rig.on('n1', 'ccs_config_validate')).stdout).toContain('Node name resolves to localhost');
    await rig.on('n1', `sed -i '$d' /etc/hosts; echo "10.66.0.1 n1" >>/etc/hosts`);
    expect(await rig.on('n1', 'ccs_config_validate')).toMatchObject({ code: 0, stdout: 'Configuration validates\n' });
    expect((await rig.on('n1', 'ccs_config_validate -q -R 1')).code).toBe(254);
    await rig.on('n1', `sed 's/votes=/vots=/' /etc/cluster/cluster.conf >/tmp/bad; sed 's/< *rm>/< rm>/' /etc/cluster/cluster.conf >/tmp/broken`);
    expect((await rig.on('n1', 'ccs_config_validate -f /tmp/bad')).code).toBe(3);
    expect((await rig.on('n1', 'ccs_config_validate -f /tmp/broken')).code).toBe(3);
  });

  test('clustat prints what the real one printed, from the same state', async () => {
    await rig.on('n1', 'yum -q -y install rgmanager');
    const blocks = cases('clustat.txt').split(/^## /m).slice(1);
    expect(blocks).toHaveLength(6);
    for (const block of blocks) {
      const [command = '', ...lines] = block.split('\n');
      const [state = '', wanted = ''] = lines.join('\n').split('--\n');
      await rig.on('n1', `cat >/var/run/rollcall-lab/cluster <<'END'\n${state}END`);
      const said = await rig.on('n1', command);
      expect(said.stdout.replace(/@ .*/, '@ NOW').replaceAll('\n', '$\n')).toBe(wanted);
    }
    await rig.on('n1', 'rm /var/run/rollcall-lab/cluster');
    expect(await rig.on('n1', 'clustat')).toMatchObject({ code: 1, stdout: '' });
  });
});
