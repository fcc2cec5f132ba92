import { resolve } from 'node:path';
import type { Config } from '../../config/config.ts';
import { readSshArgs } from '../../inventory/ssh-args.ts';
import type { ConfiguredOptions, OutputChoice } from '../options.ts';
import { OUTPUT_NAMES } from '../options.ts';
import type { Flags } from '../given-flags.ts';

/** The flags, with what the configuration says where none was given. */
export function applyConfig(flags: Flags, { values }: Config): Flags {
  const output = flags.output ?? outputOf(values.stdout_callback);
  const files = values.vault_password_file === undefined ? [] : [values.vault_password_file];
  return defined({
    inventory: values.inventory,
    forks: values.forks,
    timeout: values.timeout,
    taskTimeout: values.task_timeout,
    forceHandlers: values.force_handlers,
    user: values.remote_user,
    port: values.remote_port,
    connection: values.transport === 'smart' ? undefined : values.transport,
    privateKey: flags.keyFile === undefined ? values.private_key_file : undefined,
    // Yes leaves it to ssh_config, whose default is to refuse.
    hostKeyChecking: values.host_key_checking === false ? 'off' : undefined,
    askPass: flags.connectionPasswordFile === undefined && flags.connPassFile === undefined ? values.ask_pass : undefined,
    connectionPasswordFile: flags.connPassFile === undefined ? values.connection_password_file : undefined,
    sshArgs: understood(values.ssh_args),
    sshCommonArgs: understood(values.ssh_common_args),
    sshExtraArgs: understood(values.ssh_extra_args),
    become: values.become,
    becomeMethod: values.become_method,
    becomeUser: values.become_user,
    becomeExe: values.become_exe,
    becomeFlags: values.become_flags,
    askBecomePass: flags.becomePasswordFile === undefined && flags.becomePassFile === undefined ? values.become_ask_pass : undefined,
    becomePasswordFile: flags.becomePassFile === undefined ? values.become_password_file : undefined,
    askVaultPassword: values.ask_vault_pass,
    vaultIdentity: values.vault_identity,
    diff: values.diff_always,
    showSkipped: values.display_skipped_hosts,
    color: values.force_color === true ? true : values.nocolor === true ? false : undefined,
    profile: values.callbacks_enabled?.some((each) => /(?:^|\.)(?:profile_tasks|timer|profile_roles)$/.test(each)) === true ? true : undefined,
    ...defined(flags),
    // These add up.
    tags: both(values.run_tags, flags.tags),
    skipTags: both(values.skip_tags, flags.skipTags),
    vaultId: both(values.vault_identity_list, flags.vaultId),
    vaultPasswordFile: both(flags.vaultPasswordFile, files),
    verbose: (values.verbosity ?? 0) + (flags.verbose ?? 0),
    output,
  });
}

/** What the configuration says that has no flag. */
export function configuredOptions({ values, file }: Config): ConfiguredOptions {
  const { fact_caching: cache, fact_caching_connection: folder } = values;
  return { settings: values, ...defined({
    rolesPath: values.roles_path,
    collectionsPath: values.collections_path,
    mergeHashes: values.hash_behaviour === 'merge' ? true : undefined,
    anyErrorsFatal: values.any_errors_fatal,
    noLog: values.no_log,
    managed: values.ansible_managed,
    configFile: file === undefined ? undefined : resolve(file),
    debugger: values.enable_task_debugger,
    debuggerIgnoresErrors: values.task_debugger_ignore_errors,
    gathering: values.gathering as ConfiguredOptions['gathering'],
    factCache: cache !== undefined && isJsonFile(cache) && folder !== undefined ? { folder, prefix: values.fact_caching_prefix ?? '', timeout: values.fact_caching_timeout ?? 86_400 } : undefined,
    retryFiles: values.retry_files_enabled === true ? (values.retry_files_save_path ?? '') : undefined,
    encryptVaultId: values.vault_encrypt_identity,
    sshRetries: values.ssh_retries,
    vaultIdMatch: values.vault_id_match,
  }) };
}

/** Settings that are followed only in some of their values: what is to be said about the others. */
export function unmetWishes({ values, origins }: Config): readonly string[] {
  const wishes: string[] = [];
  const say = (name: string, text: string): void => void wishes.push(`${name} (${origins[name]}): ${text}`);
  const { stdout_callback: callback, fact_caching: cache } = values;
  if (callback !== undefined && outputOf(callback) === undefined) say('stdout_callback', `there is no report '${callback}' here; choose one with --output`);
  if (callback !== undefined && /(?:^|\.)json$/.test(callback)) say('stdout_callback', 'the report in JSON is a stream of events, not the document of Ansible');
  if (cache !== undefined && cache !== 'memory' && cache !== 'ansible.builtin.memory' && !isJsonFile(cache)) say('fact_caching', `facts are not kept between runs: there is memory and jsonfile, not '${cache}'`);
  if (cache !== undefined && isJsonFile(cache) && values.fact_caching_connection === undefined) say('fact_caching', 'facts are not kept between runs: fact_caching_connection must name a folder');
  for (const name of ['ssh_args', 'ssh_common_args', 'ssh_extra_args'] as const) {
    for (const each of readSshArgs(values[name] ?? '').missed) say(name, `'${each}' is not followed; put it into an ssh_config`);
  }
  const callbacks = values.callbacks_enabled?.filter((each) => !/(?:^|\.)(?:profile_tasks|timer|profile_roles)$/.test(each)) ?? [];
  if (callbacks.length > 0) say('callbacks_enabled', `${callbacks.join(', ')}: callbacks in Python cannot run here; --output json or junit has what they would be told`);
  return wishes;
}

/** The report that stands for one of Ansible's callbacks; undefined for one that nothing stands for. */
function outputOf(callback: string | undefined): readonly OutputChoice[] | undefined {
  const word = callback?.split('.').at(-1);
  const name = OUTPUT_NAMES.find((each) => each === word);
  if (name !== undefined) return [{ name }];
  return ['default', 'yaml', 'debug', 'dense', 'minimal', 'oneline', 'unixy'].includes(word ?? '') ? [{ name: 'auto' }] : undefined;
}

function isJsonFile(cache: string): boolean {
  return /(?:^|\.)jsonfile$/.test(cache);
}

function understood(args: string | undefined): string | undefined {
  return args === undefined ? undefined : readSshArgs(args).understood || undefined;
}

function both<T>(first: readonly T[] | undefined, second: readonly T[] | undefined): readonly T[] | undefined {
  return first || second ? [...(first ?? []), ...(second ?? [])] : undefined;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The fields that have a value. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
