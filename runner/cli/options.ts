import type { SettingValues } from '../config/settings.ts';
/** What one invocation asks of the outside: hosts, how to reach them, how to tell. Plain data, made by the command line. */
export interface SharedOptions {
  /** `-i`, in order: files, folders, `host,list`. */
  readonly inventory: readonly string[];
  readonly limit?: string;
  /** `-e`, in order, as written. */
  readonly extraVars: readonly string[];
  /** `LABEL@SOURCE` of `--vault-id`, `--vault-password-file` and `-J`, in order. */
  readonly vaultIds: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
  /** Hosts worked on at a time. */
  readonly forks: number;
  readonly connection: ConnectionOptions;
  readonly become: BecomeOptions;
  /** Folders with a user's own task modules. */
  readonly taskPath: readonly string[];
  readonly output: readonly OutputChoice[];
  readonly journal: boolean;
  /** Number of `-v`. */
  readonly verbosity: number;
  readonly profile: boolean;
  /** False: results that say "skipped" are left out of lines. */
  readonly showSkipped: boolean;
  /** Without it the terminal decides. */
  readonly color?: boolean;
  readonly exitOnChange: boolean;
  readonly configured: ConfiguredOptions;
}

/** What the configuration alone can say: there are no flags for it. Absent is our own default. */
export interface ConfiguredOptions {
  readonly rolesPath?: readonly string[];
  readonly collectionsPath?: readonly string[];
  readonly mergeHashes?: boolean;
  readonly anyErrorsFatal?: boolean;
  readonly noLog?: boolean;
  /** The ansible.cfg that was read, absolute. */
  readonly configFile?: string;
  /** Text of `ansible_managed`. */
  readonly managed?: string;
  readonly gathering?: 'implicit' | 'explicit' | 'smart';
  readonly debugger?: boolean;
  readonly debuggerIgnoresErrors?: boolean;
  /** Further tries to reach a host that does not answer. */
  readonly sshRetries?: number;
  /** A vault is tried only with the passwords of its label. */
  readonly vaultIdMatch?: boolean;
  /** All of it, for the `config` lookup. */
  readonly settings: SettingValues;
  readonly factCache?: FactCacheOptions;
  /** Where the hosts that failed are written to; empty: beside the playbook. */
  readonly retryFiles?: string;
  /** Label of the password to encrypt with. */
  readonly encryptVaultId?: string;
}

/** Where facts are kept between runs. */
export interface FactCacheOptions {
  readonly folder: string;
  readonly prefix: string;
  /** Seconds; 0: for ever. */
  readonly timeout: number;
}

/** `rollcall run`. */
export interface RunOptions extends SharedOptions {
  readonly playbooks: readonly string[];
  /** `all` when none was asked for. */
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly forceHandlers: boolean;
  readonly flushCache: boolean;
  readonly syntaxCheck: boolean;
  readonly list: { readonly hosts: boolean; readonly tasks: boolean; readonly tags: boolean };
  readonly step: boolean;
  readonly startAtTask?: string;
  readonly phases: readonly string[];
  readonly fromPhase?: string;
  /** Seconds a task may take when it says nothing itself; 0: no limit. */
  readonly taskTimeout: number;
  /** Probes of later tasks travel ahead of the decisions on earlier ones. */
  readonly lookahead: boolean;
}

/** `rollcall exec`: one module on the hosts of a pattern. */
export interface ExecOptions extends SharedOptions {
  readonly pattern: string;
  readonly module: string;
  /** Free text, `key=value` words or a JSON object, as after `-a`. */
  readonly args: string;
  /** The command stood behind `--`, and no module was named. */
  readonly afterDashes: boolean;
  readonly listHosts: boolean;
  readonly taskTimeout: number;
  /** Seconds that it may run in the background, and between looks at it. */
  readonly background?: number;
  /** Folder for a file of results for each host. */
  readonly tree?: string;
  readonly poll?: number;
  /** Its folder stands for the one of a playbook. */
  readonly playbookDir?: string;
}

/** How to log in. Passwords are read later, by `readPasswords`. */
export interface ConnectionOptions {
  readonly user?: string;
  readonly port?: number;
  readonly connection?: string;
  /** Seconds to connect. */
  readonly timeout?: number;
  readonly privateKey?: string;
  readonly sshArgs?: string;
  readonly sshCommonArgs?: string;
  readonly sshExtraArgs?: string;
  readonly sshConfig?: string;
  readonly hostKeyChecking?: HostKeyChecking;
  readonly askPass: boolean;
  readonly passwordFile?: string;
}

/** Whose rights to work with. */
export interface BecomeOptions {
  readonly become: boolean;
  readonly method?: string;
  readonly user?: string;
  readonly exe?: string;
  readonly flags?: string;
  readonly askPass: boolean;
  readonly passwordFile?: string;
}

/** What to do about unknown host keys. */
export type HostKeyChecking = 'strict' | 'accept-new' | 'off';
/** Choices of `--host-key-checking`. */
export const HOST_KEY_CHECKING: readonly HostKeyChecking[] = ['strict', 'accept-new', 'off'];

/** A report's form. */
export type OutputName = 'auto' | 'tree' | 'lines' | 'json' | 'classic' | 'minimal' | 'oneline' | 'junit' | 'trace';
/** Choices of `--output`. */
export const OUTPUT_NAMES: readonly OutputName[] = ['auto', 'tree', 'lines', 'json', 'classic', 'minimal', 'oneline', 'junit', 'trace'];

/** One report: its form, and the file it goes to when not to the terminal. */
export interface OutputChoice {
  readonly name: OutputName;
  readonly file?: string;
}

/** What `rollcall try` was asked to do. */
export interface TryOptions extends RunOptions {
  /** What the throwaway hosts look like, what their /bin/sh is, and the switches of their simulated system. */
  readonly persona: 'centos6' | 'plain';
  readonly shell: 'bash' | 'dash' | 'busybox';
  readonly conf: Readonly<Record<string, string>>;
  /** The hosts stay. */
  readonly keep: boolean;
  /** Only the summary: no report was asked for. */
  readonly quiet: boolean;
}
