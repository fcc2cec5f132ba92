import type { Kinds } from './value.ts';

/** One setting that has a meaning here. */
export interface Setting<K extends keyof Kinds = keyof Kinds> {
  readonly kind: K;
  /** `section.key`, the one that counts first. */
  readonly ini: readonly string[];
  /** Environment variables, the one that counts first. */
  readonly env: readonly string[];
  readonly default?: Kinds[K];
  /** The only texts it may be. */
  readonly choices?: readonly string[];
}

function setting<K extends keyof Kinds>(kind: K, ini: string, env: string, more: Omit<Setting<K>, 'kind' | 'ini' | 'env'> = {}): Setting<K> {
  return { kind, ini: ini.split(' ').map((each) => (each.includes('.') ? each : `defaults.${each}`)), env: env.split(' ').filter((each) => each !== '').map((each) => `ANSIBLE_${each}`), ...more };
}

/** Every setting of ansible.cfg and `ANSIBLE_*` that has a meaning here, by the name it is listed under. */
export const SETTINGS = {
  inventory: setting('sources', 'inventory hostfile', 'INVENTORY HOSTS'),
  roles_path: setting('paths', 'roles_path', 'ROLES_PATH', { default: ['~/.ansible/roles', '/usr/share/ansible/roles', '/etc/ansible/roles'] }),
  collections_path: setting('paths', 'collections_paths collections_path', 'COLLECTIONS_PATHS COLLECTIONS_PATH', { default: ['~/.ansible/collections', '/usr/share/ansible/collections'] }),
  playbook_dir: setting('path', 'playbook_dir', 'PLAYBOOK_DIR'),
  hash_behaviour: setting('text', 'hash_behaviour', 'HASH_BEHAVIOUR', { default: 'replace', choices: ['replace', 'merge'] }),
  forks: setting('number', 'forks', 'FORKS', { default: 20 }),
  timeout: setting('number', 'timeout ssh_connection.timeout', 'TIMEOUT SSH_TIMEOUT', { default: 10 }),
  task_timeout: setting('number', 'task_timeout', 'TASK_TIMEOUT', { default: 0 }),
  any_errors_fatal: setting('flag', 'any_errors_fatal', 'ANY_ERRORS_FATAL', { default: false }),
  force_handlers: setting('flag', 'force_handlers', 'FORCE_HANDLERS', { default: false }),
  no_log: setting('flag', 'no_log', 'NO_LOG', { default: false }),
  enable_task_debugger: setting('flag', 'enable_task_debugger', 'ENABLE_TASK_DEBUGGER', { default: false }),
  task_debugger_ignore_errors: setting('flag', 'task_debugger_ignore_errors', 'TASK_DEBUGGER_IGNORE_ERRORS', { default: true }),
  module_name: setting('text', 'module_name', '', { default: 'command' }),
  ansible_managed: setting('text', 'ansible_managed', '', { default: 'Ansible managed' }),

  remote_user: setting('text', 'remote_user', 'REMOTE_USER'),
  remote_port: setting('number', 'remote_port', 'REMOTE_PORT'),
  transport: setting('text', 'transport', 'TRANSPORT', { default: 'smart' }),
  private_key_file: setting('path', 'private_key_file', 'PRIVATE_KEY_FILE'),
  host_key_checking: setting('flag', 'host_key_checking ssh_connection.host_key_checking', 'HOST_KEY_CHECKING SSH_HOST_KEY_CHECKING', { default: true }),
  ask_pass: setting('flag', 'ask_pass', 'ASK_PASS', { default: false }),
  connection_password_file: setting('path', 'connection_password_file', 'CONNECTION_PASSWORD_FILE'),
  ssh_retries: setting('number', 'ssh_connection.retries connection.retries', 'SSH_RETRIES', { default: 0 }),
  ssh_args: setting('text', 'ssh_connection.ssh_args', 'SSH_ARGS'),
  ssh_common_args: setting('text', 'ssh_connection.ssh_common_args', 'SSH_COMMON_ARGS'),
  ssh_extra_args: setting('text', 'ssh_connection.ssh_extra_args', 'SSH_EXTRA_ARGS'),

  become: setting('flag', 'privilege_escalation.become', 'BECOME', { default: false }),
  become_method: setting('text', 'privilege_escalation.become_method', 'BECOME_METHOD', { default: 'sudo' }),
  become_user: setting('text', 'privilege_escalation.become_user sudo_become_plugin.user', 'BECOME_USER SUDO_USER', { default: 'root' }),
  become_exe: setting('text', 'privilege_escalation.become_exe sudo_become_plugin.executable', 'BECOME_EXE SUDO_EXE'),
  become_flags: setting('text', 'privilege_escalation.become_flags sudo_become_plugin.flags', 'BECOME_FLAGS SUDO_FLAGS'),
  become_ask_pass: setting('flag', 'privilege_escalation.become_ask_pass', 'BECOME_ASK_PASS', { default: false }),
  become_password_file: setting('path', 'become_password_file', 'BECOME_PASSWORD_FILE'),

  vault_password_file: setting('path', 'vault_password_file', 'VAULT_PASSWORD_FILE'),
  vault_identity_list: setting('words', 'vault_identity_list', 'VAULT_IDENTITY_LIST', { default: [] }),
  vault_identity: setting('text', 'vault_identity', 'VAULT_IDENTITY', { default: 'default' }),
  vault_id_match: setting('flag', 'vault_id_match', 'VAULT_ID_MATCH', { default: false }),
  vault_encrypt_identity: setting('text', 'vault_encrypt_identity', 'VAULT_ENCRYPT_IDENTITY'),
  ask_vault_pass: setting('flag', 'ask_vault_pass', 'ASK_VAULT_PASS', { default: false }),

  gathering: setting('text', 'gathering', 'GATHERING', { default: 'implicit', choices: ['implicit', 'explicit', 'smart'] }),
  fact_caching: setting('text', 'fact_caching', 'CACHE_PLUGIN', { default: 'memory' }),
  fact_caching_connection: setting('path', 'fact_caching_connection', 'CACHE_PLUGIN_CONNECTION'),
  fact_caching_prefix: setting('text', 'fact_caching_prefix', 'CACHE_PLUGIN_PREFIX', { default: '' }),
  fact_caching_timeout: setting('number', 'fact_caching_timeout', 'CACHE_PLUGIN_TIMEOUT', { default: 86_400 }),

  run_tags: setting('words', 'tags.run', 'RUN_TAGS', { default: [] }),
  skip_tags: setting('words', 'tags.skip', 'SKIP_TAGS', { default: [] }),
  diff_always: setting('flag', 'diff.always', 'DIFF_ALWAYS', { default: false }),
  verbosity: setting('number', 'verbosity', 'VERBOSITY', { default: 0 }),
  stdout_callback: setting('text', 'stdout_callback', 'STDOUT_CALLBACK', { default: 'auto' }),
  callbacks_enabled: setting('words', 'callbacks_enabled callback_whitelist', 'CALLBACKS_ENABLED CALLBACK_WHITELIST', { default: [] }),
  display_skipped_hosts: setting('flag', 'display_skipped_hosts', 'DISPLAY_SKIPPED_HOSTS', { default: true }),
  nocolor: setting('flag', 'nocolor', 'NOCOLOR', { default: false }),
  force_color: setting('flag', 'force_color', 'FORCE_COLOR', { default: false }),
  retry_files_enabled: setting('flag', 'retry_files_enabled', 'RETRY_FILES_ENABLED', { default: false }),
  retry_files_save_path: setting('path', 'retry_files_save_path', 'RETRY_FILES_SAVE_PATH'),
} satisfies Readonly<Record<string, Setting>>;

/** Name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** The settings that somebody set, typed. */
export type SettingValues = { readonly [N in SettingName]?: Kinds[(typeof SETTINGS)[N]['kind']] };
