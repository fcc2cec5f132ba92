import type { Become, Target } from './target.ts';
import type { Json } from '../util/json.ts';
import { readSshArgs, type SshArgs } from './ssh-args.ts';
import { asFlag, first, flag, port, seconds, text, texts, whole, withoutUndefined, type Lookup, type Read } from './connection-vars.ts';
import { own } from '../util/own.ts';

/** What the command line and the configuration say of every host; the host's own variables win. */
export interface ConnectionDefaults {
  readonly user?: string;
  readonly port?: number;
  readonly privateKey?: string;
  readonly connection?: string;
  readonly timeout?: number;
  /** Further tries when a host cannot be reached. */
  readonly retries?: number;
  readonly sshConfig?: string;
  readonly hostKeyChecking?: 'strict' | 'accept-new' | 'off';
  readonly password?: string;
  /** As `ansible_ssh_args`, `ansible_ssh_common_args` and `ansible_ssh_extra_args`, for hosts that do not set them: `-J user@jump`. */
  readonly sshArgs?: string;
  readonly sshCommonArgs?: string;
  readonly sshExtraArgs?: string;
}

const TRANSPORTS: Readonly<Record<string, Target['transport']>> = {
  ssh: 'ssh', smart: 'ssh', paramiko: 'ssh', paramiko_ssh: 'ssh', local: 'local',
  'ansible.builtin.ssh': 'ssh', 'ansible.builtin.local': 'local', 'ansible.builtin.paramiko_ssh': 'ssh',
};

/** How to reach a host, from its connection variables; what cannot be used is told in `problems`, in words for a person. */
export function targetFrom(host: string, lookup: Lookup, defaults: ConnectionDefaults = {}): { target: Target; problems: string[] } {
  const problems: string[] = [];
  const read: Read = { lookup, problems };
  const connection = text(read, 'ansible_connection') ?? defaults.connection ?? 'ssh';
  const transport = own(TRANSPORTS, connection);
  if (transport === undefined) problems.push(`ansible_connection is '${connection}': only ssh and local are known`);
  const args = sshArgs(read, defaults);
  const target = {
    name: host,
    transport: transport ?? 'ssh',
    address: text(read, 'ansible_host', 'ansible_ssh_host') ?? host,
    port: port(read, 'ansible_port', 'ansible_ssh_port') ?? args.port ?? defaults.port,
    user: text(read, 'ansible_user', 'ansible_ssh_user') ?? args.user ?? defaults.user,
    password: text(read, 'ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password') ?? defaults.password,
    privateKey: text(read, 'ansible_ssh_private_key_file', 'ansible_private_key_file') ?? args.privateKey ?? defaults.privateKey,
    passphrase: text(read, 'ansible_ssh_private_key_passphrase', 'ansible_private_key_passphrase'),
    sshConfig: text(read, 'ansible_ssh_config_file') ?? args.sshConfig ?? defaults.sshConfig,
    hostKeyChecking: hostKeyChecking(read) ?? args.hostKeyChecking ?? defaults.hostKeyChecking,
    knownHosts: texts(read, 'ansible_ssh_known_hosts_file') ?? args.knownHosts,
    legacyAlgorithms: flag(read, 'ansible_ssh_legacy_algorithms'),
    connectTimeout: seconds(read, 'ansible_connect_timeout', 'ansible_ssh_timeout') ?? args.connectTimeout ?? defaults.timeout,
    connectRetries: whole(read, 'ansible_ssh_retries') ?? defaults.retries,
    proxyJump: args.proxyJump,
  };
  return { target: withoutUndefined(target), problems };
}

/** The `become` keywords of a task with everything above it, rendered, and what the command line says. */
export interface BecomeWish {
  readonly become?: Json | undefined;
  readonly becomeUser?: string | undefined;
  readonly becomeMethod?: string | undefined;
  readonly becomeExe?: string | undefined;
  readonly becomeFlags?: string | undefined;
  /** The password that was asked for. */
  readonly password?: string | undefined;
}

const METHODS: Readonly<Record<string, Become['method']>> = { sudo: 'sudo', su: 'su', 'ansible.builtin.sudo': 'sudo', 'ansible.builtin.su': 'su' };

/** The privileges a task is to have on a host, or none. As in Ansible, variables of the host win over keywords. */
export function becomeFrom(lookup: Lookup, wish: BecomeWish): { become: Become | undefined; problems: string[] } {
  const problems: string[] = [];
  const read: Read = { lookup, problems };
  const asked = wish.become === undefined || wish.become === null || wish.become === '' ? false : asFlag(wish.become);
  if (asked === undefined) problems.push(`become must be yes or no, not ${JSON.stringify(wish.become)}`);
  if (!(flag(read, 'ansible_become') ?? asked)) return { become: undefined, problems };
  const method = text(read, 'ansible_become_method') ?? wish.becomeMethod ?? 'sudo';
  const known = own(METHODS, method);
  if (known === undefined) problems.push(`the become method '${method}' is not known: sudo and su are`);
  const kind = known ?? 'sudo';
  const become = {
    method: kind,
    user: text(read, 'ansible_become_user', `ansible_${kind}_user`) ?? wish.becomeUser ?? 'root',
    password: text(read, 'ansible_become_password', 'ansible_become_pass', `ansible_${kind}_pass`) ?? wish.password,
    exe: text(read, 'ansible_become_exe', `ansible_${kind}_exe`) ?? wish.becomeExe,
    flags: text(read, 'ansible_become_flags', `ansible_${kind}_flags`) ?? wish.becomeFlags,
  };
  return { become: withoutUndefined(become), problems };
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

/** What words for the ssh program mean here; what they mean only there is told, for it would be missed silently. */
function sshArgs(read: Read, defaults: ConnectionDefaults): SshArgs {
  const given = { ansible_ssh_args: defaults.sshArgs, ansible_ssh_common_args: defaults.sshCommonArgs, ansible_ssh_extra_args: defaults.sshExtraArgs };
  const parts = Object.entries(given).map(([name, common]) => {
    const { args, missed } = readSshArgs(text(read, name) ?? common ?? '');
    for (const each of missed) read.problems.push(`${name} has '${each}', which is not supported: put it into an ssh_config (ansible_ssh_config_file), or leave it out`);
    return args;
  });
  return { ...parts[2], ...parts[1], ...parts[0] };
}
