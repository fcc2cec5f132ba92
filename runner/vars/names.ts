/** `ansible_*` names that say how to reach a host or are set by the run: looking one up never makes facts be gathered. */
const NOT_FACTS = new Set(
  `host port user password pass ssh_pass ssh_host ssh_port ssh_user ssh_private_key_file private_key_file ssh_private_key_passphrase
  connection become become_user become_method become_password become_pass become_exe become_flags sudo_pass su_pass
  ssh_known_hosts_file host_key_checking ssh_host_key_checking ssh_legacy_algorithms ssh_config_file connect_timeout ssh_timeout timeout
  ssh_common_args ssh_extra_args ssh_args ssh_executable ssh_pipelining pipelining ssh_retries shell_type shell_executable
  python_interpreter remote_tmp group_priority
  check_mode diff_mode verbosity version forks limit run_tags skip_tags inventory_sources config_file playbook_python
  play_batch play_hosts play_hosts_all play_name play_role_names role_name role_names parent_role_names parent_role_paths
  dependent_role_names collection_name search_path loop loop_var index_var failed_task failed_result`
    .split(/\s+/)
    .map((name) => `ansible_${name}`),
);

/** True for a name that only facts can define when no other layer does. */
export function mayBeFact(name: string): boolean {
  return name.startsWith('ansible_') && !NOT_FACTS.has(name);
}
