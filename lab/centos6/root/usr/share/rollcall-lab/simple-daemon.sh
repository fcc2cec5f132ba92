# simulated from recorded behaviour: an init script of the usual kind. Sourced with $name set and the script's own arguments in place.
# Functions a script may define first: before_start, after_start, after_stop.
start() {
  if [ -n "$(pids_of "$name")" ]; then
    return 0
  fi
  command -v before_start >/dev/null && { before_start || return $?; }
  printf '%s' "${start_line:-Starting ${title:-$name}: }"
  if [ -n "$(conf "$(echo "$name" | tr 'a-z-' 'A-Z_')_START_FAILS")" ]; then
    failure
    echo
    return 1
  fi
  slow=$(conf SLOW_START)
  [ -z "$slow" ] || sleep "$slow"
  stand_in "$name"
  touch "/var/lock/subsys/$name"
  success
  echo
  command -v after_start >/dev/null && after_start
  return 0
}
stop() {
  printf 'Stopping %s: ' "${title:-$name}"
  if end_stand_in "$name"; then success; else failure; fi
  echo
  rm -f "/var/lock/subsys/$name" "/var/run/$name.pid"
  command -v after_stop >/dev/null && after_stop
  return 0
}
need_root
case "$1" in
  start) start ;;
  stop) stop ;;
  restart | force-reload)
    stop
    start
    ;;
  reload) exit 3 ;;
  condrestart | try-restart)
    [ -n "$(pids_of "$name")" ] || exit 0
    stop
    start
    ;;
  status) status "$name" ;;
  *)
    echo "Usage: $0 {start|stop|status|restart|condrestart|try-restart|reload|force-reload}"
    exit 2
    ;;
esac
