import type { Target } from '../transport/channel.ts';
import type { Json } from '../util/json.ts';

/** What the command line and the configuration say of every host; the host's own variables win. */
export interface ConnectionDefaults {
  readonly user?: string;
  readonly port?: number;
  readonly privateKey?: string;
  readonly connection?: string;
  readonly timeout?: number;
  readonly sshConfig?: string;
  readonly hostKeyChecking?: 'strict' | 'accept-new' | 'off';
  readonly password?: string;
}

/** Reads one rendered variable of a host. */
export type Lookup = (name: string) => Json | undefined;

const TRANSPORTS: Readonly<Record<string, Target['transport']>> = {
  ssh: 'ssh', smart: 'ssh', paramiko: 'ssh', paramiko_ssh: 'ssh', local: 'local',
  'ansible.builtin.ssh': 'ssh', 'ansible.builtin.local': 'local', 'ansible.builtin.paramiko_ssh': 'ssh',
};

/** How to reach a host, from its connection variables; what cannot be used is told in `problems`, in words for a person. */
export function targetFrom(host: string, lookup: Lookup, defaults: ConnectionDefaults = {}): { target: Target; problems: string[] } {
  const problems: string[] = [];
  const read: Read = { lookup, problems };
  const connection = text(read, 'ansible_connection') ?? defaults.connection ?? 'ssh';
  const transport = TRANSPORTS[connection];
  if (transport === undefined) problems.push(`ansible_connection is '${connection}': only ssh and local are known`);
  const target = {
    name: host,
    transport: transport ?? 'ssh',
    address: text(read, 'ansible_host', 'ansible_ssh_host') ?? host,
    port: port(read, 'ansible_port', 'ansible_ssh_port') ?? defaults.port,
    user: text(read, 'ansible_user', 'ansible_ssh_user') ?? defaults.user,
    password: text(read, 'ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password') ?? defaults.password,
    privateKey: text(read, 'ansible_ssh_private_key_file', 'ansible_private_key_file') ?? defaults.privateKey,
    passphrase: text(read, 'ansible_ssh_private_key_passphrase', 'ansible_private_key_passphrase'),
    sshConfig: text(read, 'ansible_ssh_config_file') ?? defaults.sshConfig,
    hostKeyChecking: hostKeyChecking(read) ?? defaults.hostKeyChecking,
    knownHosts: texts(read, 'ansible_ssh_known_hosts_file'),
    legacyAlgorithms: flag(read, 'ansible_ssh_legacy_algorithms'),
    connectTimeout: seconds(read, 'ansible_connect_timeout', 'ansible_ssh_timeout') ?? defaults.timeout,
    proxyJump: jumps(read),
  };
  return { target: withoutUndefined(target), problems };
}

interface Read {
  readonly lookup: Lookup;
  readonly problems: string[];
}

/** The first of several names that is set; an empty text counts as unset. */
function first(read: Read, names: readonly string[]): { name: string; value: Json } | undefined {
  for (const name of names) {
    const value = read.lookup(name);
    if (value !== undefined && value !== null && value !== '') return { name, value };
  }
  return undefined;
}

/** A variable as text; numbers are texts too (a password of digits). */
export function text(read: Read, ...names: readonly string[]): string | undefined {
  const found = first(read, names);
  if (!found) return undefined;
  if (typeof found.value === 'string' || typeof found.value === 'number') return String(found.value);
  read.problems.push(`${found.name} must be a text`);
  return undefined;
}

/** A variable as yes or no, in any of Ansible's words for them. */
export function flag(read: Read, ...names: readonly string[]): boolean | undefined {
  const found = first(read, names);
  if (!found) return undefined;
  const known = asFlag(found.value);
  if (known === undefined) read.problems.push(`${found.name} must be yes or no, not ${JSON.stringify(found.value)}`);
  return known;
}

/** Yes or no in any of Ansible's words; undefined for anything else. */
export function asFlag(value: Json): boolean | undefined {
  const word = String(value).toLowerCase();
  if (['true', 'yes', 'on', '1', 't', 'y', '1.0'].includes(word)) return true;
  if (['false', 'no', 'off', '0', 'f', 'n', '0.0'].includes(word)) return false;
  return undefined;
}

function port(read: Read, ...names: readonly string[]): number | undefined {
  const found = first(read, names);
  if (!found) return undefined;
  const number = Number(found.value);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  read.problems.push(`${found.name} must be a port from 1 to 65535, not ${JSON.stringify(found.value)}`);
  return undefined;
}

function seconds(read: Read, ...names: readonly string[]): number | undefined {
  const found = first(read, names);
  if (!found) return undefined;
  const number = Number(found.value);
  if (Number.isFinite(number) && number > 0) return number;
  read.problems.push(`${found.name} must be a number of seconds, not ${JSON.stringify(found.value)}`);
  return undefined;
}

/** Files as a list, or in one text with spaces between them, as ssh_config has them. */
function texts(read: Read, name: string): readonly string[] | undefined {
  const value = read.lookup(name);
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value.split(/\s+/).filter((each) => each !== '');
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  read.problems.push(`${name} must be a path or a list of paths`);
  return undefined;
}

function hostKeyChecking(read: Read): Target['hostKeyChecking'] {
  const found = first(read, ['ansible_host_key_checking', 'ansible_ssh_host_key_checking']);
  if (!found) return undefined;
  if (found.value === 'strict' || found.value === 'accept-new' || found.value === 'off') return found.value;
  const checked = asFlag(found.value);
  if (checked !== undefined) return checked ? 'strict' : 'off';
  read.problems.push(`${found.name} must be strict, accept-new or off, not ${JSON.stringify(found.value)}`);
  return undefined;
}

/** Of OpenSSH's own options only `-J` and `ProxyJump` mean something here; anything else is told, for it would be missed silently. */
function jumps(read: Read): readonly string[] | undefined {
  const found: string[] = [];
  for (const name of ['ansible_ssh_common_args', 'ansible_ssh_extra_args']) {
    const words = (text(read, name) ?? '').split(/\s+/).filter((word) => word !== '').map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
    for (let at = 0; at < words.length; at++) {
      const word = words[at] ?? '';
      const option = word === '-o' || word === '-J' ? `${word}${words[++at] ?? ''}` : word;
      const jump = /^-J(.+)$/.exec(option) ?? /^-oProxyJump=(.+)$/i.exec(option);
      if (jump?.[1] !== undefined) found.push(...jump[1].split(','));
      else read.problems.push(`${name} has '${option}': only -J is understood; put other options into an ssh_config (ansible_ssh_config_file)`);
    }
  }
  return found.length > 0 ? found : undefined;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Fields that say nothing are left out. */
export function withoutUndefined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
