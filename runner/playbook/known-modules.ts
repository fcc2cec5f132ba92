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
  pcs_resource virt
`
    .trim()
    .split(/\s+/),
);

/** True for a word that Ansible knows as a module, in one of its own or the community's collections. */
export function isAnsibleModule(word: string): boolean {
  const parts = word.split('.');
  return KNOWN.has(parts.at(-1) ?? '') || (parts.length >= 3 && parts.every((part) => /^\w+$/.test(part)));
}
