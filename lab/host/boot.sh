#!/bin/sh
# The first process of a host: mounts its disk and becomes its init. Runs in the host's new namespaces, in the host's folder.
set -e
. ./host.env
# /proc is still the machine's, so this is the number by which the machine knows this process.
read -r outer rest </proc/self/stat
hostname "$NAME"
here=$PWD
cd "$DISKS"
mount -t overlay overlay -o "lowerdir=$NAME/own:persona:/,upperdir=$NAME/upper,workdir=$NAME/work" "$NAME/root"
cd "$NAME/root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755,nosuid dev dev
mkdir dev/pts dev/shm
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
mknod -m 666 dev/tty c 5 0
mount -t devpts -o newinstance,ptmxmode=666,gid=5,mode=620 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount -t tmpfs -o mode=1777 shm dev/shm
mount -t tmpfs -o mode=755 run run
mount -t tmpfs -o mode=1777 tmp tmp
mkdir -p run/rollcall-lab run/lock/subsys run/sshd run/sudo
mkfifo -m 600 run/rollcall-lab/requests
echo "$outer" >"$here/pid.new" && mv "$here/pid.new" "$here/pid"
# Where the lab answers to ssh itself, the machine's sshd must stay out of its way.
[ -z "$SSHD" ] || : >run/rollcall-lab/own-sshd
exec env -i PATH=/sbin:/usr/sbin:/bin:/usr/bin TERM=linux RUNLEVEL=3 HOSTNAME="$NAME" chroot . /bin/sh /sbin/init
