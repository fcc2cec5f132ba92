# Says everything the work is about, one line each: whoever did the work, the same text comes out.
cd /
for path in $(find srv/bench etc/bench usr/local/bin/bench-start etc/bench-limits.conf etc/bench-motd 2>/dev/null | sort); do
  stat -c '%n %F %a %U:%G' "$path"
  [ ! -h "$path" ] || readlink "$path"
  [ -h "$path" ] || [ ! -f "$path" ] || sha256sum "$path"
done
getent passwd bench benchop | cut -d: -f1,3-4,6-
getent group bench
