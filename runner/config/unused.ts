import { own } from '../util/own.ts';

/** Settings of Ansible that cannot change what a run does here: said at -v only, with the reason where there is one worth saying. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  'ssh_connection.pipelining': 'commands always travel through one open shell',
  'connection.pipelining': 'commands always travel through one open shell',
  'defaults.pipelining': 'commands always travel through one open shell',
  'ssh_connection.control_path': 'one connection per host is kept open',
  'ssh_connection.control_path_dir': 'one connection per host is kept open',
  'ssh_connection.scp_if_ssh': 'files travel through the open shell',
  'ssh_connection.transfer_method': 'files travel through the open shell',
  'defaults.log_path': 'every run is recorded in .rollcall/runs',
  'defaults.library': 'modules in Python cannot run here; task modules in TypeScript are found with --module-path',
  'defaults.interpreter_python': 'nothing on the hosts needs Python',
  'defaults.strategy_plugins': 'linear, free and host_pinned are built in',
  'defaults.gather_subset': 'facts are gathered when something uses them',
  'defaults.inject_facts_as_vars': 'facts are there under both names',
  'defaults.jinja2_native': 'a value that is one expression keeps its type in any case',
  'inventory.enable_plugins': 'every kind of inventory is recognised by itself',
};

/** Settings that would change what a run does, and are not followed: a warning, unless they say what is so anyway. */
const MISSED: Readonly<Record<string, { readonly harmless: RegExp; readonly why: string }>> = {
  'defaults.error_on_undefined_vars': { harmless: /^(true|yes|on|1|t|y)$/i, why: 'undefined variables are always errors' },
  'defaults.strategy': { harmless: /^(ansible\.builtin\.)?linear$/, why: 'write strategy: into the plays' },
  'defaults.private_role_vars': { harmless: /^(false|no|off|0|f|n)$/i, why: 'variables of roles are always seen by the whole play' },
  'defaults.precedence': { harmless: /^$/, why: 'the order of variables is fixed' },
  'defaults.error_on_missing_handler': { harmless: /^(true|yes|on|1|t|y)$/i, why: 'a missing handler is always an error' },
  'defaults.invalid_task_attribute_failed': { harmless: /^(true|yes|on|1|t|y)$/i, why: 'unknown keywords are always errors' },
  'defaults.null_representation': { harmless: /^$/, why: 'null stays null' },
  'defaults.force_valid_group_names': { harmless: /^(never|ignore|silently)$/, why: 'names of groups stay as they are' },
  'defaults.inventory_ignore_extensions': { harmless: /^$/, why: 'which files of a folder are no inventories is fixed' },
  'defaults.inventory_ignore_patterns': { harmless: /^$/, why: 'which files of a folder are no inventories is fixed' },
  'inventory.ignore_extensions': { harmless: /^$/, why: 'which files of a folder are no inventories is fixed' },
  'inventory.ignore_patterns': { harmless: /^$/, why: 'which files of a folder are no inventories is fixed' },
  'defaults.module_args': { harmless: /^$/, why: 'give the arguments with -a' },
  'diff.context': { harmless: /^3$/, why: 'diffs have three lines around a change' },
};

/** Environment variables whose names do not follow from the key. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  ANSIBLE_PYTHON_INTERPRETER: 'defaults.interpreter_python',
  ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS: 'defaults.force_valid_group_names',
  ANSIBLE_INVENTORY_IGNORE: 'inventory.ignore_extensions',
  ANSIBLE_INVENTORY_IGNORE_REGEX: 'inventory.ignore_patterns',
  ANSIBLE_INVENTORY_ENABLED: 'inventory.enable_plugins',
  ANSIBLE_DIFF_CONTEXT: 'diff.context',
  ANSIBLE_PIPELINING: 'connection.pipelining',
  ANSIBLE_SSH_PIPELINING: 'ssh_connection.pipelining',
};

/** Further names that Ansible knows, so that a misspelt one can be told from one without effect here. */
const FURTHER = `action_plugins action_warnings allow_unsafe_lookups allow_world_readable_tmpfiles ansible_home bin_ansible_callbacks cache_plugins callback_plugins
  collections_scan_sys_path command_warnings connection_plugins cow_selection cow_whitelist cowsay_enabled_stencils cowpath debug
  deprecation_warnings devel_warning display_args_to_stdout display_failed_stderr display_ok_hosts duplicate_dict_key executable fact_path filter_plugins
  force_valid_group_names gather_timeout home internal_poll_interval inventory_plugins jinja2_extensions keep_remote_files local_tmp localhost_warning log_filter lookup_plugins
  max_diff_size module_compression module_lang module_set_locale module_utils nocows no_target_syslog playbook_vars_root poll_interval remote_tmp run_vars_plugins
  show_custom_stats show_task_path_on_failure string_conversion_action su syslog_facility system_warnings terminal_plugins test_plugins
  use_persistent_connections vars_plugins vars_plugins_enabled verbose_to_stderr yaml_valid_extensions result_format check_mode_markers`;

/** Names of `[defaults]` that exist and have no effect here. */
export const KNOWN_WITHOUT_EFFECT: readonly string[] = [...FURTHER.split(/\s+/).map((key) => `defaults.${key}`), ...Object.keys(WITHOUT_EFFECT), ...Object.keys(MISSED)];

/** What is to be said about a setting that is not followed. */
export interface Unused {
  /** Its absence changes what a run does. */
  readonly matters: boolean;
  readonly why?: string;
}

/** Judges a setting that is not in the table of those that are followed. */
export function unusedSetting(name: string, value: string): Unused {
  const missed = own(MISSED, name);
  if (missed) return missed.harmless.test(value.trim()) ? { matters: false } : { matters: true, why: missed.why };
  const why = own(WITHOUT_EFFECT, name);
  return { matters: false, ...(why !== undefined && { why }) };
}

/** The `section.key` that an environment variable stands for. */
export function settingOfVariable(variable: string): string {
  return own(ENVIRONMENT, variable) ?? `defaults.${variable.replace(/^ANSIBLE_/, '').toLowerCase()}`;
}
