#!/bin/sh
# Makes the layer of the disk that all hosts of a lab share: what lies over the machine's own root to make it the persona.
# usage: build-layer.sh DISKS PERSONA-FOLDER SHELL KEY-FOLDER    (runs in a mount namespace of its own)
set -e
disks=$1 persona=$2 shell=$3 keys=$4 scripts=${0%/*}
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
cd "$disks"
mkdir -p persona persona.work persona.root
umask 022

# A character device 0/0 in a layer hides what lies below; cheap, where rm -r would visit every file.
hide() {
  for path; do
    [ -e "/$path" ] || [ -L "/$path" ] || continue
    [ -e "persona/$path" ] && continue
    mkdir -p "persona/${path%/*}" 2>/dev/null || :
    mknod "persona/$path" c 0 0
  done
}
cd /
top=$(ls -A)
cd "$disks"
for entry in $top; do
  case $entry in
    bin | sbin | lib | lib?? | libx32 | usr | etc) ;;
    var) [ -e "$persona/keep-var" ] || mknod persona/var c 0 0 ;;
    *) mknod "persona/$entry" c 0 0 ;;
  esac
done
while read -r pattern; do
  case $pattern in '' | '#'*) continue ;; esac
  cd /
  set -- $pattern
  cd "$disks"
  hide "$@"
done <"$persona/hidden"

# A folder made over a hidden one through the overlay is opaque: it starts empty.
mount -t overlay overlay -o lowerdir=/,upperdir=persona,workdir=persona.work persona.root
cd persona.root
mkdir -p dev proc sys run tmp root home mnt media opt srv var boot usr/local/bin usr/local/sbin
chmod 1777 tmp
chmod 550 root
[ -e "$persona/keep-var" ] || {
  mkdir -p var/log var/lib var/cache var/spool/cron var/tmp var/empty/sshd
  chmod 1777 var/tmp
  ln -s ../run var/run
  ln -s ../run/lock var/lock
}
mkdir -p etc/rc.d
rm -f usr/sbin/init etc/sudoers etc/ssh/sshd_config
cp "$scripts/init" usr/sbin/init
chmod 755 usr/sbin/init
cp -R --no-preserve=ownership "$persona/root/." .
for home in root home/admin; do
  mkdir -p $home/.ssh
  cp "$keys/id_rsa.pub" $home/.ssh/authorized_keys
  chmod 700 $home/.ssh
  chmod 600 $home/.ssh/authorized_keys
done
mkdir -p etc/ssh
cp /etc/ssh/moduli etc/ssh/moduli 2>/dev/null || :
cp "$keys/host_rsa" etc/ssh/ssh_host_rsa_key
cp "$keys/host_rsa.pub" etc/ssh/ssh_host_rsa_key.pub
chmod 600 etc/ssh/ssh_host_rsa_key
case $shell in
  busybox) ln -sf busybox usr/bin/sh ;;
  *) ln -sf "$shell" usr/bin/sh ;;
esac
. "$scripts/users.sh"
. "$persona/finish.sh"
cd ..
umount persona.root
