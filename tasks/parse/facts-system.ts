import type { Json, JsonObject } from '../../runner/util/json.ts';
import type { Distribution } from './facts-distribution.ts';
import { dateFacts } from './facts-date.ts';
import { keyValues } from './facts-script.ts';
import { parseSelinuxConfig } from './selinux.ts';
import { own, put } from '../../runner/util/own.ts';

type Sections = ReadonlyMap<string, string>;

/** Names, kernel, user, environment, time, resolver, security and the two managers. */
export function systemFacts(sections: Sections, { os_family, distribution, distribution_major_version }: Distribution): JsonObject {
  const [system = '', kernel = '', machine = '', nodename = '', kernelVersion = ''] = (sections.get('uname') ?? '').split('\n');
  const fqdn = (sections.get('fqdn') ?? '').trim().split('\n')[0] || nodename;
  const has = new Set((sections.get('has') ?? '').split('\n'));
  const bits = (sections.get('bits') ?? '').trim();
  const [root, realRoot] = (sections.get('chroot') ?? '').split('\n');
  const id = (sections.get('/etc/machine-id') ?? sections.get('/var/lib/dbus/machine-id') ?? '').trim();
  return {
    system,
    kernel,
    kernel_version: kernelVersion,
    machine,
    architecture: /^i[3456]86$/.test(machine) ? 'i386' : machine,
    ...(bits !== '' && {
      userspace_bits: bits,
      userspace_architecture: bits === '32' && machine === 'x86_64' ? 'i386' : /^i[3456]86$/.test(machine) ? 'i386' : machine,
    }),
    nodename,
    hostname: nodename.split('.')[0] ?? nodename,
    fqdn,
    domain: fqdn.split('.').slice(1).join('.'),
    ...userFacts(sections),
    env: parseEnvironment(sections.get('env') ?? ''),
    date_time: dateFacts(sections.get('date') ?? ''),
    cmdline: commandLine(sections.get('/proc/cmdline') ?? '', false),
    proc_cmdline: commandLine(sections.get('/proc/cmdline') ?? '', true),
    dns: resolver(sections.get('/etc/resolv.conf') ?? ''),
    lsb: lsb(sections),
    ...(id !== '' && { machine_id: id }),
    fips: sections.get('/proc/sys/crypto/fips_enabled')?.trim() === '1',
    is_chroot: root !== undefined && realRoot !== undefined && realRoot !== '' && root !== realRoot,
    selinux: selinux(sections),
    apparmor: { status: has.has('/sys/kernel/security/apparmor') ? 'enabled' : 'disabled' },
    service_mgr: serviceManager(sections, has),
    pkg_mgr: packageManager(has, os_family, distribution, Number(distribution_major_version)),
    ...hostKeys(sections),
    ...capabilities(sections.get('caps') ?? ''),
    hostnqn: firstLine(sections.get('/etc/nvme/hostnqn') ?? ''),
    iscsi_iqn: /^InitiatorName=(\S*)/m.exec(sections.get('/etc/iscsi/initiatorname.iscsi') ?? '')?.[1] ?? '',
  };
}

/** The first line that says something. */
function firstLine(text: string): string {
  return text.split('\n').map((line) => line.trim()).find((line) => line !== '' && !line.startsWith('#')) ?? '';
}

/** What capsh says of this shell's capabilities; `N/A` where there is no capsh. */
function capabilities(text: string): JsonObject {
  const current = /^Current:(.*)$/m.exec(text)?.[1];
  if (current === undefined) return { system_capabilities_enforced: 'N/A', system_capabilities: 'N/A' };
  if (current.trim() === '=ep') return { system_capabilities_enforced: 'False', system_capabilities: [] };
  return { system_capabilities_enforced: 'True', system_capabilities: (current.split('=')[1] ?? '').split(',').map((word) => word.trim()) };
}

function userFacts(sections: Sections): JsonObject {
  const [name = '', uid, gid, realUid, realGid] = (sections.get('id') ?? '').split('\n');
  const [, , passwdUid, passwdGid, gecos = '', home = '', shell = ''] = (sections.get('passwd') ?? '').split('\n')[0]?.split(':') ?? [];
  return {
    user_id: name,
    user_uid: Number(passwdUid ?? uid),
    user_gid: Number(passwdGid ?? gid),
    user_gecos: gecos,
    user_dir: home,
    user_shell: shell,
    real_user_id: Number(realUid),
    effective_user_id: Number(uid),
    real_group_id: Number(realGid),
    effective_group_id: Number(gid),
  };
}

/** Values with line breaks go on in lines that are no assignment. */
function parseEnvironment(text: string): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  let last: string | undefined;
  for (const line of text.split('\n')) {
    const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (match) out[(last = match[1] ?? '')] = match[2] ?? '';
    else if (last !== undefined && line !== '') out[last] += `\n${line}`;
  }
  return out;
}

function commandLine(text: string, lists: boolean): JsonObject {
  const out: Record<string, Json> = {};
  const words = text.trim().match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  for (const word of words) {
    const at = word.indexOf('=');
    const [key, value] = at < 0 ? [word, true] : [word.slice(0, at), word.slice(at + 1).replaceAll('"', '')];
    const old = own(out, key);
    put(out, key, lists && old !== undefined ? [...(Array.isArray(old) ? (old as readonly Json[]) : [old]), value] : value);
  }
  return out;
}

function resolver(text: string): JsonObject {
  const dns: { nameservers?: string[]; domain?: string; search?: string[]; sortlist?: string[]; options?: Record<string, Json> } = {};
  for (const line of text.split('\n')) {
    const [word, ...rest] = line
      .replace(/^[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (word === 'nameserver') (dns.nameservers ??= []).push(...rest);
    else if (word === 'domain' && rest[0] !== undefined) dns.domain = rest[0];
    else if (word === 'search') dns.search = rest;
    else if (word === 'sortlist') dns.sortlist = rest;
    else if (word === 'options')
      for (const option of rest) (dns.options ??= {})[option.split(':')[0] ?? option] = option.includes(':') ? option.slice(option.indexOf(':') + 1) : true;
  }
  return dns as JsonObject;
}

function lsb(sections: Sections): JsonObject {
  const answer = sections.get('lsb_release');
  const file = keyValues(sections.get('/etc/lsb-release') ?? '');
  const field = (label: string, key: string): string | undefined =>
    answer === undefined ? file[key]?.replaceAll('"', '') : new RegExp(`^${label}:\\s*(.*)$`, 'm').exec(answer)?.[1];
  const release = field('Release', 'DISTRIB_RELEASE');
  const entries = {
    id: field('Distributor ID', 'DISTRIB_ID'),
    description: field('Description', 'DISTRIB_DESCRIPTION'),
    release,
    codename: field('Codename', 'DISTRIB_CODENAME'),
    major_release: release?.split('.')[0],
  };
  return Object.fromEntries(Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function selinux(sections: Sections): JsonObject {
  const { enforce, getenforce = 'Disabled', policyvers = 'unknown' } = keyValues(sections.get('selinux') ?? '');
  if (enforce === undefined && getenforce === 'Disabled') return { status: 'disabled' };
  const { mode = 'unknown', policy = 'unknown' } = parseSelinuxConfig(sections.get('/etc/selinux/config') ?? '');
  return {
    status: 'enabled',
    policyvers: Number(policyvers) || policyvers,
    config_mode: mode,
    mode: enforce === '1' || (enforce === undefined && getenforce === 'Enforcing') ? 'enforcing' : 'permissive',
    type: policy,
  };
}

const INITS: Readonly<Record<string, string>> = { procd: 'openwrt_init', 'runit-init': 'runit', svscan: 'svc', 'openrc-init': 'openrc' };

function serviceManager(sections: Sections, has: ReadonlySet<string>): string {
  const first = (sections.get('/proc/1/comm') ?? '').trim();
  // Many programs call themselves init, and a shell as process 1 is somebody's container.
  if (first !== '' && first !== 'init' && !first.endsWith('sh')) return own(INITS, first) ?? first;
  if (has.has('systemctl') && has.has('/run/systemd/system')) return 'systemd';
  if (has.has('initctl') && has.has('/etc/init')) return 'upstart';
  if (has.has('/sbin/openrc')) return 'openrc';
  if (has.has('systemctl') && has.has('init-is-systemd')) return 'systemd';
  return has.has('/etc/init.d') ? 'sysvinit' : 'service';
}

function packageManager(has: ReadonlySet<string>, family: string, distribution: string, major: number): string {
  if (has.has('rpm-ostree')) return 'atomic_container';
  if (family === 'RedHat') {
    const modern = distribution === 'Fedora' ? major >= 23 : distribution === 'Amazon' ? major >= 2022 : major >= 8;
    return modern && has.has('dnf') ? 'dnf' : has.has('yum') ? 'yum' : has.has('dnf') ? 'dnf' : 'unknown';
  }
  const found = { Debian: 'apt-get', Suse: 'zypper', Alpine: 'apk', Archlinux: 'pacman' }[family];
  const any = ['apt-get', 'dnf', 'yum', 'zypper', 'apk', 'pacman'].find((tool) => has.has(tool)) ?? 'unknown';
  return (found !== undefined && has.has(found) ? found : any).replace('apt-get', 'apt');
}

function hostKeys(sections: Sections): JsonObject {
  const facts: Record<string, Json> = {};
  for (const [path, text] of sections) {
    const kind = /ssh_host_(\w+)_key\.pub$/.exec(path)?.[1];
    const [type, key] = text.trim().split(/\s+/);
    if (kind === undefined || key === undefined || type === undefined) continue;
    facts[`ssh_host_key_${kind}_public`] = key;
    facts[`ssh_host_key_${kind}_public_keytype`] = type;
  }
  return facts;
}
