/** Modules that Ansible users know. Where one is not in the registry, the message can say that it is no typing mistake. */
const KNOWN: ReadonlySet<string> = new Set(
  `
  add_host apt apt_key apt_repository assemble assert async_status blockinfile command copy cron deb822_repository debconf debug dnf dnf5
  dpkg_selections expect fail fetch file find gather_facts get_url getent git group group_by hostname include_vars iptables known_hosts lineinfile meta
  mount_facts package package_facts pause ping pip raw reboot replace rpm_key script service service_facts set_fact set_stats setup shell slurp stat
  subversion systemd systemd_service sysvinit tempfile template unarchive uri user validate_argument_spec wait_for wait_for_connection yum
  yum_repository acl at authorized_key firewalld mount patch seboolean selinux synchronize sysctl alternatives archive capabilities composer cpanm
  docker_container docker_image filesystem flatpak gem htpasswd ini_file interfaces_file java_keystore kernel_blacklist ldap_entry locale_gen lvg lvol
  make modprobe monit mysql_db mysql_user nmcli npm open_iscsi openssl_certificate openssl_privatekey openssl_csr pacman pam_limits pamd parted
  postgresql_db postgresql_user postgresql_query rhsm_repository redhat_subscription sefcontext seport snap ssh_config sudoers svc timezone ufw xml
  xfs_quota zypper win_command win_copy win_service win_shell k8s helm ec2 ec2_instance s3 aws_s3 docker_compose podman_container pcs_cluster
  pcs_resource virt docker_network docker_volume docker_login docker_compose_v2 docker_prune mysql_query mysql_variables mysql_info postgresql_ext
  postgresql_privs postgresql_schema postgresql_pg_hba java_cert gconftool2 dconf helm_repository k8s_info mongodb_user rabbitmq_user proxysql_query
`
    .trim()
    .split(/\s+/),
);

/** True for a word that Ansible knows as a module, in one of its own or the community's collections. */
export function isAnsibleModule(word: string): boolean {
  const parts = word.split('.');
  return KNOWN.has(parts.at(-1) ?? '') || (parts.length >= 3 && parts.every((part) => /^\w+$/.test(part)));
}

/** What to write in place of modules that drive a service through a library of Python: the service's own client, on the host. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/^(docker|podman)_/, "call the host's own client: 'command: docker …' with a guard ('unless: docker inspect …', 'onlyif', 'creates')"],
  [/^mysql_/, "call the host's own client: 'command: mysql -e …' with a guard ('unless: mysql -e … | grep …')"],
  [/^postgresql_/, "call the host's own client: 'command: psql -c …' with 'become_user: postgres' and a guard ('unless: psql -tAc … | grep …')"],
  [/^(k8s|helm|kubectl)/, "call the client: 'command: kubectl apply -f …' or 'command: helm …', with 'delegate_to: localhost' where it runs on the controller"],
  [/^nmcli$/, "call the host's own 'command: nmcli …' with a guard ('unless: nmcli -g … connection show …')"],
  [/^java_(cert|keystore)$/, "call the host's own 'command: keytool …' with a guard ('unless: keytool -list -alias …')"],
  [/^(gconftool2|dconf)$/, "call a program of the host ('gsettings', 'dconf') with a guard"],
  [/^win_/, 'hosts with Windows are not driven'],
];

/** What can be written in place of a module that is not here; undefined when there is nothing better to say than for all of them. */
export function insteadOf(word: string): string | undefined {
  return INSTEAD.find(([pattern]) => pattern.test(word.split('.').at(-1) ?? ''))?.[1];
}
