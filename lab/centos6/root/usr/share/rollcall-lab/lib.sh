# Shared by the simulated tools: the lab's switches and the way to the simulated daemons. Sourced, POSIX sh.
LAB=/var/run/rollcall-lab

# conf KEY [DEFAULT]: a switch of /etc/rollcall-lab.conf, the last one counts.
conf() {
  conf_value=$(sed -n "s/^ *$1=//p" /etc/rollcall-lab.conf 2>/dev/null | tail -n 1 | sed "s/^[\"']//; s/[\"']\$//")
  printf '%s\n' "${conf_value:-$2}"
}

# Whether the simulated daemons of this host are there.
engine_runs() {
  [ -s $LAB/engine ] && [ -d "/proc/$(cat $LAB/engine)" ]
}

# ask VERB WORD...: puts a request to the daemons of this host, prints the answer, returns its code.
ask() {
  ask_tries=0
  while ! engine_runs; do
    ask_tries=$((ask_tries + 1))
    [ $ask_tries -le 300 ] || { echo "rollcall lab: the simulated daemons of this host are not running" >&2; return 125; }
    sleep 0.05
  done
  ask_id=$$.$(date +%s%N)
  printf '%s %s\n' "$ask_id" "$*" >$LAB/requests
  while [ ! -e "$LAB/answers/$ask_id" ]; do
    engine_runs || { echo "rollcall lab: the simulated daemons of this host have died" >&2; return 125; }
    sleep 0.03
  done
  {
    read -r ask_code
    cat
  } <"$LAB/answers/$ask_id"
  rm -f "$LAB/answers/$ask_id"
  return "$ask_code"
}

# minor: the x of CentOS 6.x.
minor() {
  conf EL6_MINOR 0
}

# scaled SECONDS: EL6's seconds as seconds of the lab.
scaled() {
  awk -v s="$1" -v f="$(conf TIME_SCALE 0.1)" 'BEGIN { printf "%.2f", s * f }'
}

cluster_up() {
  [ -e $LAB/cluster ]
}

# fact KEY N: word N of the line KEY of the cluster's state.
fact() {
  awk -v key="$1" -v n="$2" '$1 == key { print $n; exit }' $LAB/cluster 2>/dev/null
}
