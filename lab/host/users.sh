# Sourced in the root of a layer: the users that every lab host has, and their passwords (root: root, admin: admin).
admin_user() {
  grep -q '^admin:' etc/passwd || echo "admin:x:$1:$1::/home/admin:/bin/bash" >>etc/passwd
  grep -q '^admin:' etc/group || echo "admin:x:$1:" >>etc/group
  chown -R "$1:$1" home/admin
  chmod 700 home/admin
}
passwords() {
  grep -v -e '^root:' -e '^admin:' etc/shadow >etc/shadow.new || :
  cat >>etc/shadow.new <<'END'
root:$6$rollcalllab$irK58inSh2AF0S8A7DU6N2Sn9c4fXjqRE74v5p.yGCgTkw5bGX4ltnW9p.4sril2cibJmdh1fR87J1qK35fIU0:15000:0:99999:7:::
admin:$6$rollcalllab$LhMmw6qzTy02YfZkpM/eeqPQxW6YT.gyx31GqcnhoEOuFoLRiPfZ0BG2VwW5MJyyVuv6k/axGO3A1nYG8ILCw.:15000:0:99999:7:::
END
  mv etc/shadow.new etc/shadow
  chmod 600 etc/shadow
}
sudo_files() {
  mkdir -p etc/sudoers.d
  chmod 440 etc/sudoers
  chmod 750 etc/sudoers.d
  [ -z "$SUDO_NOPASSWD" ] || sed -i 's/^admin ALL=(ALL) ALL/admin ALL=(ALL) NOPASSWD: ALL/' etc/sudoers
}
