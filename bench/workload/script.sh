# The same work as site.yml, as an expert writes it by hand: idempotent, functions for what repeats, everything in one run over ssh.
# The controller fills in @HOST@, @HOST_UPPER@ and @ROLE@ before it sends the text to a host.
set -eu
did() { echo "changed: $*"; }

# attributes PATH MODE
attributes() {
  set -- "$1" "$2" $(stat -c '%U:%G %a' "$1")
  [ "$3" = root:root ] || { chown root:root "$1"; did "owner of $1"; }
  [ "$4" = "$2" ] || { chmod "$2" "$1"; did "mode of $1"; }
}
# folder PATH MODE
folder() {
  [ -d "$1" ] || { mkdir "$1"; did "folder $1"; }
  attributes "$1" "$2"
}
# content PATH MODE <content
content() {
  new=$(mktemp "$1.XXXXXX")
  cat >"$new"
  if cmp -s "$new" "$1"; then rm -f "$new"; else chmod "$2" "$new"; mv "$new" "$1"; did "content of $1"; fi
  attributes "$1" "$2"
}
# line FILE REGEXP LINE
line() {
  grep -qxF -e "$3" "$1" && return
  if [ -n "$2" ] && grep -q -e "$2" "$1"; then sed -i "s|$2.*|$3|" "$1"; else echo "$3" >>"$1"; fi
  did "line in $1"
}
# link TARGET PATH
link() {
  [ "$(readlink "$2" || :)" = "$1" ] || { ln -sfn "$1" "$2"; did "link $2"; }
}

folder /srv/bench 755
folder /etc/bench 750
folder /etc/bench/conf.d 750
folder /srv/bench/data 755
getent group bench >/dev/null || { groupadd -g 4200 bench; did group; }
getent passwd bench >/dev/null || { useradd -M -u 4200 -g bench -d /srv/bench -s /usr/sbin/nologin bench; did user; }
getent passwd benchop >/dev/null || { useradd -M -u 4201 -g bench -d /home/benchop -s /bin/sh benchop; did operator; }
content /etc/bench/rotate.conf 644 <<'END'
/var/log/bench.log {
  weekly
  rotate 4
  compress
  missingok
}
END
content /etc/bench/banner 644 <<'END'
This is an application server.
Its settings are in /etc/bench.
END
content /srv/bench/start.sh 755 <<'END'
#!/bin/sh
# Starts the service; "init" makes its data first.
set -eu
case ${1:-start} in
init) echo made >/srv/bench/data/ready ;;
start) exec sleep 1 ;;
esac
END
content /etc/bench/main.conf 644 <<'END'
# bench: main settings
name = bench
listen = 8080
worker.0 = 8081
worker.1 = 8082
worker.2 = 8083
worker.3 = 8084
log = /var/log/bench.log
END
content /etc/bench/conf.d/host.conf 644 <<'END'
# of @HOST@
host = @HOST@
role = @ROLE@
END
content /etc/bench/environment 640 <<'END'
APP=bench
HOST=@HOST_UPPER@
PORT=8080
END
line /etc/bench-limits.conf '^nofile' 'nofile 65536'
line /etc/bench-limits.conf '^nproc' 'nproc 4096'
line /etc/bench-motd '' 'Managed: do not edit by hand.'
line /etc/bench-motd '' 'Contact: operations@example.org'
link /etc/bench/main.conf /srv/bench/current.conf
link /srv/bench/start.sh /usr/local/bin/bench-start
[ -e /srv/bench/data/ready ] || { /srv/bench/start.sh init; did data; }
