import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { parseFacts } from '../../../tasks/parse/facts.ts';
import { factsScript } from '../../../tasks/parse/facts-script.ts';
import { factSections } from '../../../tasks/parse/facts-script.ts';
import type { JsonObject } from '../../../runner/util/json.ts';

const sections = (parts: Readonly<Record<string, string>>): string =>
  Object.entries(parts)
    .map(([name, text]) => `\n@@rollcall:${name}\n${text}\n`)
    .join('');

describe('CentOS 6, from its own texts', () => {
  const facts = parseFacts(
    sections({
      uname: 'Linux\n2.6.32-754.el6.x86_64\nx86_64\nn1.example.com\n#1 SMP Tue Jun 19 21:26:04 UTC 2018\nx86_64',
      fqdn: 'n1.example.com',
      date: '2011 11 22 02 36 07 1321929367 UTC +0000 Tuesday 2 47 123456789\nUTC\nUTC',
      id: 'root\n0\n0\n0\n0',
      passwd: 'root:x:0:0:root:/root:/bin/bash',
      env: 'HOME=/root\nMULTI=one\ntwo\nPATH=/bin',
      bits: '64',
      '/etc/redhat-release': 'CentOS Linux release 6.0 (Final)',
      '/proc/cmdline': 'ro root=/dev/mapper/vg-root console=tty0 console=ttyS0,115200 quiet',
      '/etc/resolv.conf': '# made by hand\nsearch example.com lan\nnameserver 10.0.0.53\nnameserver 10.0.0.54\noptions timeout:1 rotate',
      '/proc/1/comm': 'init',
      '/etc/iscsi/initiatorname.iscsi': '# made at installation\nInitiatorName=iqn.1994-05.com.redhat:abc\n',
      caps: 'Current: = cap_chown,cap_kill+eip\nBounding set =cap_chown',
      selinux: 'enforce=0\npolicyvers=24',
      '/etc/selinux/config': 'SELINUX=enforcing\nSELINUXTYPE=targeted',
      has: 'initctl\nyum\n/etc/init\n/etc/init.d',
      chroot: 'fd00:2\nfd00:2',
      '/proc/meminfo':
        'MemTotal:        1020096 kB\nMemFree:          512000 kB\nBuffers:           10240 kB\nCached:            20480 kB\nSwapTotal:       2064376 kB\nSwapFree:        2064376 kB\nSwapCached:            0 kB',
      '/proc/cpuinfo':
        'processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon\nphysical id\t: 0\nsiblings\t: 2\ncore id\t: 0\ncpu cores\t: 1\n\nprocessor\t: 1\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon\nphysical id\t: 0\nsiblings\t: 2\ncore id\t: 0\ncpu cores\t: 1\n',
      '/proc/uptime': '350.67 600.10',
      '/proc/mounts': 'rootfs / rootfs rw 0 0\n/dev/mapper/vg-root / ext4 rw,relatime 0 0\nnas:/export /mnt/my\\040data nfs ro 0 0',
      nproc: '2',
      mounts: '/ 4096 1000 600 500 100 90',
      uuids: '',
      dmi: 'sys_vendor=QEMU\nproduct_name=KVM\nchassis_type=1',
      blocks:
        '[sda]\nsize=20971520\nremovable=0\nrotational=1\nscheduler=noop anticipatory deadline [cfq]\nmodel=QEMU HARDDISK\npartition=sda1 1024000 2048\n[sr0]\nsize=0\nremovable=1',
      links:
        '[lo]\naddress=00:00:00:00:00:00\nmtu=16436\noperstate=unknown\ntype=772\nflags=0x49\n[eth0]\naddress=52:54:00:aa:bb:01\nmtu=1500\noperstate=up\ntype=1\nflags=0x1103\nspeed=1000\npciid=virtio0\n[eth1]\naddress=52:54:00:aa:bb:02\nmtu=1500\noperstate=down\ntype=1\nflags=0x1002',
      addresses:
        '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 16436 qdisc noqueue state UNKNOWN \\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n1: lo    inet 127.0.0.1/8 scope host lo\n1: lo    inet6 ::1/128 scope host \\       valid_lft forever preferred_lft forever\n2: eth0    inet 192.168.1.11/24 brd 192.168.1.255 scope global eth0\n2: eth0    inet 192.168.1.100/24 scope global secondary eth0\n2: eth0    inet 10.9.0.1/16 brd 10.9.255.255 scope global eth0:1\n2: eth0    inet6 fe80::5054:ff:feaa:bb01/64 scope link \\       valid_lft forever preferred_lft forever',
      route4: '8.8.8.8 via 192.168.1.1 dev eth0  src 192.168.1.11 \n    cache  mtu 1500 advmss 1460 hoplimit 64',
      route6: '',
      container: '',
      paths: '',
      virtdmi: 'product_name=KVM\nsys_vendor=QEMU',
      virtcpu: '',
      '/proc/modules': 'virtio 4977 0 - Live\next4 1 1 - Live',
    }),
  );

  test.each<[string, unknown]>([
    ['distribution', 'CentOS'],
    ['distribution_file_path', '/etc/redhat-release'],
    ['distribution_file_variety', 'RedHat'],
    ['iscsi_iqn', 'iqn.1994-05.com.redhat:abc'],
    ['hostnqn', ''],
    ['system_capabilities', ['cap_chown', 'cap_kill+eip']],
    ['system_capabilities_enforced', 'True'],
    ['distribution_version', '6.0'],
    ['distribution_major_version', '6'],
    ['distribution_release', 'Final'],
    ['os_family', 'RedHat'],
    ['kernel', '2.6.32-754.el6.x86_64'],
    ['hostname', 'n1'],
    ['nodename', 'n1.example.com'],
    ['fqdn', 'n1.example.com'],
    ['domain', 'example.com'],
    ['service_mgr', 'upstart'],
    ['pkg_mgr', 'yum'],
    ['user_id', 'root'],
    ['user_shell', '/bin/bash'],
    ['memtotal_mb', 996],
    ['swaptotal_mb', 2015],
    ['processor_count', 1],
    ['processor_cores', 1],
    ['processor_threads_per_core', 2],
    ['processor_vcpus', 2],
    ['processor', ['0', 'GenuineIntel', 'Xeon', '1', 'GenuineIntel', 'Xeon']],
    ['uptime_seconds', 350],
    ['interfaces', ['lo', 'eth0', 'eth1', 'eth0:1']],
    ['all_ipv4_addresses', ['192.168.1.11', '192.168.1.100', '10.9.0.1']],
    ['all_ipv6_addresses', ['fe80::5054:ff:feaa:bb01']],
    ['default_ipv6', {}],
    ['virtualization_type', 'kvm'],
    ['virtualization_role', 'guest'],
    ['is_chroot', false],
    ['env', { HOME: '/root', MULTI: 'one\ntwo', PATH: '/bin' }],
    ['cmdline', { ro: true, root: '/dev/mapper/vg-root', console: 'ttyS0,115200', quiet: true }],
    ['dns', { search: ['example.com', 'lan'], nameservers: ['10.0.0.53', '10.0.0.54'], options: { timeout: '1', rotate: true } }],
    ['selinux', { status: 'enabled', policyvers: 24, config_mode: 'enforcing', mode: 'permissive', type: 'targeted' }],
    [
      'default_ipv4',
      {
        interface: 'eth0',
        address: '192.168.1.11',
        gateway: '192.168.1.1',
        broadcast: '192.168.1.255',
        netmask: '255.255.255.0',
        network: '192.168.1.0',
        prefix: '24',
        alias: 'eth0',
        macaddress: '52:54:00:aa:bb:01',
        mtu: 1500,
        type: 'ether',
      },
    ],
  ])('%s', (name, value) => {
    expect(facts[name]).toEqual(value);
  });

  test('interfaces, mounts, devices, time', () => {
    expect(facts['eth0']).toMatchObject({
      active: true,
      promisc: true,
      speed: 1000,
      ipv4: { address: '192.168.1.11' },
      ipv4_secondaries: [{ address: '192.168.1.100', broadcast: '' }],
      ipv6: [{ scope: 'link', prefix: '64' }],
    });
    expect(facts['eth0_1']).toMatchObject({ ipv4: { address: '10.9.0.1', network: '10.9.0.0' } });
    expect(facts['eth1']).toEqual({ device: 'eth1', macaddress: '52:54:00:aa:bb:02', mtu: 1500, active: false, type: 'ether', promisc: false });
    expect(facts['mounts']).toMatchObject([
      { mount: '/', size_total: 4_096_000, size_available: 2_048_000, block_used: 500, inode_used: 10 },
      { mount: '/mnt/my data', device: 'nas:/export', fstype: 'nfs' },
    ]);
    expect(facts['devices']).toMatchObject({
      sda: { size: '10.00 GB', scheduler_mode: 'cfq', virtual: 0, partitions: { sda1: { size: '500.00 MB', start: '2048' } } },
      sr0: { removable: '1' },
    });
    expect(facts['date_time']).toMatchObject({
      date: '2011-11-22',
      iso8601: '2011-11-22T02:36:07Z',
      iso8601_micro: '2011-11-22T02:36:07.123456Z',
      epoch: '1321929367',
      weekday: 'Tuesday',
      tz: 'UTC',
      tz_dst: 'UTC',
    });
  });
});

test.each([
  ['CentOS release 6.10 (Final)', 'CentOS', '6.10', 'Final'],
  ['CentOS Linux release 7.9.2009 (Core)', 'CentOS', '7.9', 'Core'],
  ['Red Hat Enterprise Linux Server release 6.5 (Santiago)', 'RedHat', '6.5', 'Santiago'],
  ['CentOS Stream release 9', 'CentOS', '9', 'Stream'],
  ['Rocky Linux release 9.3 (Blue Onyx)', 'Rocky', '9.3', 'Blue Onyx'],
  ['Scientific Linux release 6.4 (Carbon)', 'Scientific', '6.4', 'Carbon'],
  ['Fedora release 43 (Forty Three)', 'Fedora', '43', 'Forty Three'],
])('%s', (text, distribution, version, release) => {
  expect(parseFacts(sections({ '/etc/redhat-release': text }))).toMatchObject({
    distribution,
    distribution_version: version,
    distribution_release: release,
    os_family: 'RedHat',
  });
});

test.each([
  [
    'ID=debian\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm',
    '12.11',
    { distribution: 'Debian', distribution_version: '12.11', distribution_major_version: '12', distribution_release: 'bookworm', os_family: 'Debian' },
  ],
  ['ID=debian\nVERSION_ID="13"', 'trixie/sid', { distribution_version: '13' }],
  [
    'ID=ubuntu\nVERSION_ID="24.04"\nVERSION_CODENAME=noble',
    'trixie/sid',
    { distribution: 'Ubuntu', distribution_version: '24.04', distribution_major_version: '24', os_family: 'Debian' },
  ],
  ['ID=alpine\nVERSION_ID=3.20.1', '', { distribution: 'Alpine', distribution_version: '3.20.1', os_family: 'Alpine' }],
  ['ID="opensuse-leap"\nVERSION_ID="15.6"', '', { distribution: 'openSUSE Leap', os_family: 'Suse' }],
  ['ID=strange\nNAME="Strange OS"\nVERSION_ID=1', '', { distribution: 'Strange OS', os_family: 'Strange OS' }],
])('os-release %#', (release, debian, wanted) => {
  expect(parseFacts(sections({ '/etc/os-release': release, ...(debian !== '' && { '/etc/debian_version': debian }) }))).toMatchObject(wanted);
});

function virtual(parts: Readonly<Record<string, string>>): JsonObject {
  return parseFacts(sections({ container: '', ...parts }));
}

test('containers and hosts of virtual machines', () => {
  expect(virtual({ paths: '/.dockerenv\n/dev/kvm' })).toMatchObject({
    virtualization_type: 'docker',
    virtualization_role: 'guest',
    virtualization_tech_guest: ['container', 'docker'],
    virtualization_tech_host: ['kvm'],
  });
  expect(virtual({ container: 'container=lxc' })).toMatchObject({ virtualization_type: 'lxc' });
  expect(virtual({ '/run/systemd/container': 'systemd-nspawn' })).toMatchObject({ virtualization_type: 'systemd-nspawn' });
  expect(virtual({ '/proc/modules': 'kvm_intel 1\nkvm 2' })).toMatchObject({ virtualization_type: 'kvm', virtualization_role: 'host' });
  expect(virtual({ virtdmi: 'sys_vendor=VMware, Inc.\nproduct_name=VMware Virtual Platform' })).toMatchObject({ virtualization_type: 'VMware' });
  expect(virtual({})).toMatchObject({ virtualization_type: 'NA', virtualization_role: 'NA' });
});

describe.each([
  ['dash', 'dash'],
  ['bash', 'bash'],
  ['busybox', 'busybox sh'],
])('this machine, with %s', (_, shell) => {
  const folder = mkdtempSync(join(os.tmpdir(), "rollcall-fact's-"));
  const [program = '', ...words] = shell.split(' ');
  writeFileSync(join(folder, 'plain.fact'), '[general]\nRole = web\n; note\n[other]\nx: 1\n');
  writeFileSync(join(folder, 'data.fact'), '{"a": [1, 2]}');
  writeFileSync(join(folder, 'run.fact'), '#!/bin/sh\necho "{\\"now\\": true}"\n');
  writeFileSync(join(folder, 'fails.fact'), '#!/bin/sh\nexit 3\n');
  writeFileSync(join(folder, 'odd.fact'), 'no sense');
  for (const name of ['run.fact', 'fails.fact']) chmodSync(join(folder, name), 0o755);
  const output = execFileSync(program, [...words, '-c', factsScript(undefined, folder)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const facts = parseFacts(output);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('agrees with what node sees', () => {
    expect(facts).toMatchObject({
      system: 'Linux',
      kernel: os.release(),
      kernel_version: os.version(),
      machine: os.machine(),
      nodename: os.hostname(),
      user_id: os.userInfo().username,
      user_uid: os.userInfo().uid,
      user_dir: os.userInfo().homedir,
      memtotal_mb: Math.floor(os.totalmem() / 1_048_576),
      processor_nproc: os.availableParallelism(),
      machine_id: readFileSync('/etc/machine-id', 'utf8').trim(),
    });
    expect(Math.abs(Number(facts['uptime_seconds']) - os.uptime())).toBeLessThan(30);
    expect(Math.abs(Number((facts['date_time'] as JsonObject)['epoch']) - Date.now() / 1000)).toBeLessThan(30);
    expect((facts['env'] as JsonObject)['PATH']).toBe(process.env['PATH']);
  });

  test('agrees with node about the interfaces', () => {
    for (const [name, addresses] of Object.entries(os.networkInterfaces())) {
      // One that came or went meanwhile is nobody's mistake; loopback is always there.
      const seen = facts[name.replaceAll(/[-:]/g, '_')] as JsonObject | undefined;
      const four = addresses?.find(({ family }) => family === 'IPv4');
      if (four && (seen || name === 'lo'))
        expect(seen?.['ipv4']).toMatchObject({ address: four.address, netmask: four.netmask, prefix: four.cidr?.split('/')[1] });
    }
  });

  test('fact files: JSON, INI, programs, and what is none of them', () => {
    expect(facts['local']).toEqual({
      plain: { general: { role: 'web' }, other: { x: '1' } },
      data: { a: [1, 2] },
      run: { now: true },
      fails: 'the fact file failed with exit code 3',
      odd: 'the fact file is neither JSON nor INI',
    });
  });
});

test('a part that was not asked for is left out', () => {
  const names = [...factSections(execFileSync('sh', ['-c', factsScript(['network'])], { encoding: 'utf8' })).keys()];
  expect(names).toContain('links');
  expect(names).not.toContain('/proc/meminfo');
  expect(factsScript(['min'])).not.toContain('ip -o addr');
});

test.each([
  ['/usr/bin/python3\nPython 3.11.2', '3.11.2', [3, 11, 2, 'final', 0], true],
  ['/usr/bin/python\nPython 2.6.6', '2.6.6', [2, 6, 6, 'final', 0], false],
  ['/usr/libexec/platform-python\nPython 3.6.8rc1', '3.6.8', [3, 6, 8, 'final', 0], true],
])('the Python of a host: %j', (python, version, info, ssl) => {
  const [executable] = python.split('\n');
  expect(parseFacts(sections({ python }))).toMatchObject({ discovered_interpreter_python: executable, python_version: version, python: { executable, version_info: info, has_sslcontext: ssl } });
  expect(parseFacts(sections({ python: '' }))).not.toHaveProperty('python');
});
