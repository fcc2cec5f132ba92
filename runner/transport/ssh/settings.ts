import { homedir, hostname, userInfo } from 'node:os';
import { HostFailure } from '../channel.ts';
import type { Target } from '../../inventory/target.ts';
import { readIfThere } from './config-files.ts';
import { resolveConfig } from './config.ts';
import type { ConfigValues } from './config.ts';

/** A private key to be tried. */
export interface Identity {
  readonly path: string;
  /** Named by somebody: it is a fault when it cannot be read. */
  readonly named: boolean;
}

/** Everything decided about one ssh connection: the target first, then ssh_config, then defaults. */
export interface SshSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly identities: readonly Identity[];
  readonly identitiesOnly: boolean;
  /** Socket of the agent. */
  readonly agent: string | undefined;
  readonly knownHosts: readonly string[];
  /** The name to look up in known_hosts instead of the host's. */
  readonly hostKeyAlias: string | undefined;
  readonly checking: 'strict' | 'accept-new' | 'off';
  readonly algorithms: { readonly kex?: string; readonly serverHostKey?: string; readonly cipher?: string; readonly hmac?: string };
  /** Seconds between signs of life, and how many may stay unanswered. */
  readonly keepalive: { readonly interval: number; readonly count: number };
  /** Seconds for TCP, handshake and authentication together. */
  readonly connectTimeout: number;
  /** Hosts to go through, nearest first. */
  readonly proxyJump: readonly string[];
}

const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa', 'id_dsa'];

/** Where the daemon listens. @throws HostFailure for what is no port: not from an inventory, which has refused that already */
function portOf(target: Target, configured = '22'): number {
  const port = target.port ?? Number(configured);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new HostFailure('unreachable', `${target.address}: '${target.port ?? configured}' is no port from 1 to 65535`, 'correct Port or ProxyJump in ssh_config');
}

/** Reads ssh_config for a target and decides everything. @throws HostFailure for settings that we cannot honour */
export async function sshSettings(target: Target, home = homedir()): Promise<SshSettings> {
  const local = localUser();
  const files = target.sshConfig === 'none' ? [] : target.sshConfig === undefined ? [`${home}/.ssh/config`, '/etc/ssh/ssh_config'] : [target.sshConfig];
  const query = { host: target.address, localUser: local, home, ...(target.user !== undefined && { user: target.user }) };
  const values = await resolveConfig(files, query, readIfThere);
  const one = (key: string): string | undefined => values.get(key)?.[0];

  const host = (one('hostname') ?? target.address).replaceAll('%h', target.address).replaceAll('%%', '%').toLowerCase();
  const port = portOf(target, one('port'));
  const user = target.user ?? one('user') ?? local;
  const tokens: Readonly<Record<string, string>> = { '%': '%', d: home, h: host, n: target.address, p: String(port), r: user, u: local, l: hostname(), k: one('hostkeyalias') ?? host };
  const expand = (text: string): string => text.replace(/^~(?=\/|$)/, home).replaceAll(/%([%dhnprulk])/g, (_all, token: string) => tokens[token] ?? '');
  const hostKeyAlias = one('hostkeyalias');
  const proxyJump = jumps(target, values);
  refuseProxyCommand(target, values, proxyJump);

  return {
    host,
    port,
    user,
    identities: identities(target, values, expand, home),
    identitiesOnly: one('identitiesonly')?.toLowerCase() === 'yes',
    agent: agentSocket(one('identityagent'), expand),
    knownHosts: target.knownHosts ?? knownHostsFiles(values, home).map(expand),
    hostKeyAlias,
    checking: target.hostKeyChecking ?? checkingOf(one('stricthostkeychecking')),
    algorithms: algorithmLists(values),
    keepalive: { interval: positive(one('serveraliveinterval')) ?? 15, count: positive(one('serveralivecountmax')) ?? 3 },
    connectTimeout: target.connectTimeout ?? positive(one('connecttimeout')) ?? 10,
    proxyJump,
  };
}

let user: string | undefined;

/** Who runs this: once, not for every host, for it may have to be looked up over the network. */
function localUser(): string {
  return (user ??= userInfo().username);
}

function identities(target: Target, values: ConfigValues, expand: (text: string) => string, home: string): readonly Identity[] {
  const configured = (values.get('identityfile') ?? []).filter((path) => path.toLowerCase() !== 'none').map((path) => ({ path: expand(path), named: false }));
  const usual = values.has('identityfile') ? [] : DEFAULT_KEYS.map((name) => ({ path: `${home}/.ssh/${name}`, named: false }));
  const given = target.privateKey === undefined ? [] : [{ path: expand(target.privateKey), named: true }];
  return [...given, ...configured, ...usual];
}

function agentSocket(configured: string | undefined, expand: (text: string) => string): string | undefined {
  if (configured === undefined || configured === 'SSH_AUTH_SOCK') return process.env.SSH_AUTH_SOCK;
  if (configured.toLowerCase() === 'none') return undefined;
  return configured.startsWith('$') ? process.env[configured.slice(1).replaceAll(/[{}]/g, '')] : expand(configured);
}

function knownHostsFiles(values: ConfigValues, home: string): readonly string[] {
  const words = (key: string): readonly string[] | undefined => values.get(key)?.flatMap((value) => value.split(/\s+/)).filter((word) => word.toLowerCase() !== 'none');
  const user = words('userknownhostsfile') ?? [`${home}/.ssh/known_hosts`, `${home}/.ssh/known_hosts2`];
  return [...user, ...(words('globalknownhostsfile') ?? ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'])];
}

/** We never ask: `ask` is strict. */
function checkingOf(value: string | undefined): SshSettings['checking'] {
  switch (value?.toLowerCase()) {
    case 'accept-new':
      return 'accept-new';
    case 'no':
    case 'off':
      return 'off';
    default:
      return 'strict';
  }
}

function algorithmLists(values: ConfigValues): SshSettings['algorithms'] {
  const names = { kex: 'kexalgorithms', serverHostKey: 'hostkeyalgorithms', cipher: 'ciphers', hmac: 'macs' } as const;
  return Object.fromEntries(Object.entries(names).flatMap(([kind, key]) => (values.has(key) ? [[kind, values.get(key)?.join(',')]] : [])));
}

function jumps(target: Target, values: ConfigValues): readonly string[] {
  const words = target.proxyJump ?? values.get('proxyjump') ?? [];
  const list = words.flatMap((word) => word.split(',')).map((word) => word.trim()).filter((word) => word !== '');
  return list.some((word) => word.toLowerCase() === 'none') ? [] : list;
}

function refuseProxyCommand(target: Target, values: ConfigValues, proxyJump: readonly string[]): void {
  const command = values.get('proxycommand');
  if (command === undefined || command[0]?.toLowerCase() === 'none' || proxyJump.length > 0) return;
  throw new HostFailure('unreachable', `ssh_config has a ProxyCommand for ${target.address}, which is not supported`, 'use ProxyJump (ProxyCommand ssh -W %h:%p GATEWAY is the same as ProxyJump GATEWAY)');
}

function positive(value: string | undefined): number | undefined {
  const number = Number(value);
  return value !== undefined && Number.isFinite(number) && number > 0 ? number : undefined;
}
