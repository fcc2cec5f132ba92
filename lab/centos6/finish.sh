# Sourced at the end of build-layer.sh, in the root of the layer.
admin_user 500
passwords
sudo_files
find etc var -name .keep -exec rm -f {} +
chmod 600 etc/sysconfig/iptables
mkdir -p usr/share/rollcall-lab/packages
cp -R --no-preserve=ownership "$persona/packages/." usr/share/rollcall-lab/packages/
find usr/share/rollcall-lab -name .keep -exec rm -f {} +
: >var/log/messages
: >var/log/secure
: >var/log/yum.log
chmod 600 var/log/messages var/log/secure
ln -sf ../usr/share/zoneinfo/UTC etc/localtime
# Services of a minimal installation, as their packages leave them.
for name in acpid auditd crond iptables network ntpd postfix rsyslog sshd messagebus; do
  chroot . /usr/sbin/chkconfig --add $name
done
