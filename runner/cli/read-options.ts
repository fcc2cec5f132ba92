import { NO_CONFIG, type Config } from '../config/config.ts';
import { applyConfig, configuredOptions } from './load/apply-config.ts';
import type { Flags } from './given-flags.ts';
import type { BecomeOptions, ConnectionOptions, ExecOptions, RunOptions, SharedOptions } from './options.ts';

/** The options of `rollcall run`. */
export function runOptions(playbooks: readonly string[], given: Flags, config: Config = NO_CONFIG): RunOptions {
  const flags = applyConfig(given, config);
  return {
    ...sharedOptions(given, config),
    playbooks,
    tags: flags.tags ?? ['all'],
    skipTags: flags.skipTags ?? [],
    forceHandlers: flags.forceHandlers === true,
    flushCache: flags.flushCache === true,
    syntaxCheck: flags.syntaxCheck === true,
    list: { hosts: flags.listHosts === true, tasks: flags.listTasks === true, tags: flags.listTags === true },
    step: flags.step === true,
    phases: flags.phase ?? [],
    taskTimeout: flags.taskTimeout ?? 0,
    lookahead: flags.lookahead ?? true,
    ...present({ startAtTask: flags.startAtTask, fromPhase: flags.fromPhase }),
  };
}

/** The options of `rollcall exec`; words after `--` are a shell command. */
export function execOptions(pattern: string, words: readonly string[], flags: Flags, config: Config = NO_CONFIG): ExecOptions {
  const module = flags.moduleName ?? (words.length > 0 ? 'shell' : (config.values.module_name ?? 'command'));
  const { stdout_callback: _report, ...values } = config.values;
  return {
    // What hosts answer is the point here; the configuration's report is one for playbooks.
    ...sharedOptions({ output: [{ name: flags.oneLine === true ? 'oneline' : 'minimal' }], ...flags }, { ...config, values }),
    pattern,
    module,
    args: [flags.args ?? '', ...words].filter((each) => each !== '').join(' '),
    afterDashes: words.length > 0 && flags.moduleName === undefined,
    listHosts: flags.listHosts === true,
    taskTimeout: applyConfig(flags, config).taskTimeout ?? 0,
    ...present({ background: flags.background, tree: flags.tree, poll: flags.poll, playbookDir: flags.playbookDir ?? config.values.playbook_dir }),
  };
}

/** What all commands that work on hosts have in common. */
export function sharedOptions(given: Flags, config: Config = NO_CONFIG): SharedOptions {
  const flags = applyConfig(given, config);
  return {
    inventory: given.inventoryFile ? [...(given.inventory ?? []), ...given.inventoryFile] : (flags.inventory ?? []),
    extraVars: flags.extraVars ?? [],
    vaultIds: vaultIds(flags),
    check: flags.check === true,
    diff: flags.diff === true,
    forks: flags.forks ?? 20,
    connection: connection(flags),
    become: become(flags),
    taskPath: [...(flags.modulePath ?? []), ...(flags.taskPath ?? [])],
    output: flags.output ?? [{ name: 'auto' }],
    journal: flags.journal !== false,
    verbosity: flags.verbose ?? 0,
    profile: flags.profile === true,
    showSkipped: flags.showSkipped !== false,
    exitOnChange: flags.exitOnChange === true,
    configured: configuredOptions(config),
    ...present({ limit: flags.limit, color: flags.color }),
  };
}

/** `LABEL@SOURCE` of all flags that name vault passwords, in the order in which they are tried. */
export function vaultIds(flags: Pick<Flags, 'vaultId' | 'vaultPasswordFile' | 'vaultPassFile' | 'vaultIdentity' | 'askVaultPassword'>): string[] {
  const files = [...(flags.vaultPasswordFile ?? []), ...(flags.vaultPassFile ?? [])];
  return [...(flags.vaultId ?? []), ...files.map((file) => `${flags.vaultIdentity ?? 'default'}@${file}`), ...(flags.askVaultPassword === true ? ['default@prompt'] : [])];
}

function connection(flags: Flags): ConnectionOptions {
  return {
    askPass: flags.askPass === true,
    ...present({
      user: flags.user,
      connection: flags.connection,
      timeout: flags.timeout,
      privateKey: flags.privateKey ?? flags.keyFile,
      port: flags.port,
      sshArgs: flags.sshArgs,
      sshCommonArgs: flags.sshCommonArgs,
      sshExtraArgs: flags.sshExtraArgs,
      sshConfig: flags.sshConfig,
      hostKeyChecking: flags.hostKeyChecking,
      passwordFile: flags.connectionPasswordFile ?? flags.connPassFile,
    }),
  };
}

function become(flags: Flags): BecomeOptions {
  return {
    become: flags.become === true,
    askPass: flags.askBecomePass === true,
    ...present({ method: flags.becomeMethod, user: flags.becomeUser, exe: flags.becomeExe, flags: flags.becomeFlags, passwordFile: flags.becomePasswordFile ?? flags.becomePassFile }),
  };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that have a value: an option that was not given is left out, not undefined. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
