/** Names that say how to reach a host or are set by the run. */
const OWN = new Set(
  `host port user password pass private_key_file private_key_passphrase connection become timeout pipelining python_interpreter remote_tmp
  group_priority host_key_checking connect_timeout connect_retries
  check_mode diff_mode verbosity version forks limit run_tags skip_tags inventory_sources config_file playbook_python
  play_batch play_hosts play_hosts_all play_name play_role_names role_name role_names parent_role_names parent_role_paths
  dependent_role_names collection_name search_path loop loop_var index_var failed_task failed_result`
    .split(/\s+/)
    .map((name) => `ansible_${name}`),
);

/** Families of connection variables; the host's public keys are facts in spite of their name. */
const CONNECTION = /^ansible_(?:become|sudo|su|ssh|scp|sftp|shell|paramiko|local|async)_(?!host_key_)/;

/**
 * True for a name that facts may define. Never one that says how to reach the host: a host must not be able to send its
 * visitors elsewhere by what it tells about itself.
 */
export function mayBeFact(name: string): boolean {
  return name.startsWith('ansible_') && !OWN.has(name) && !CONNECTION.test(name);
}

/** Names that mean something in every play, or in every template or role, without anybody defining them. */
export const MAGIC_NAMES: ReadonlySet<string> = new Set(
  `inventory_hostname inventory_hostname_short inventory_file inventory_dir group_names groups hostvars vars omit playbook_dir play_hosts
  role_name role_path environment template_path template_fullpath template_basename template_host template_uid template_run_date
  template_mtime template_destpath role_names`.split(/\s+/),
);

/** True for a name that the run may define by itself: facts, the way to the host, what Ansible calls special variables. */
export function mayBeGiven(name: string): boolean {
  return name.startsWith('ansible_') || MAGIC_NAMES.has(name);
}
