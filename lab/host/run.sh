#!/bin/sh
# Keeps one host: boots it, and boots it again when it asks for a reboot (exit code 42). Ends when the host is switched off or killed.
# usage: run.sh FOLDER   with FOLDER/host.env
cd "$1" || exit 1
. ./host.env
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
boot="$NETNS-$NAME"
# The same at every boot, as a real card's: else whoever has talked to the host before does not find it again for half a minute.
MAC=$(IFS=.; set -- $ADDRESS; printf '52:54:00:%02x:%02x:%02x' "$2" "$3" "$4")
while :; do
  rm -f pid ready
  ip netns del "$boot" 2>/dev/null
  ip -n "$NETNS" link del "v-$NAME" 2>/dev/null
  # A killed host's namespace, and with it the old cable, goes away a moment after its last process.
  n=0
  while [ -e "/run/netns/$boot" ] || ip -n "$NETNS" link show "v-$NAME" >/dev/null 2>&1; do
    n=$((n + 1))
    [ $n -gt 100 ] && break
    sleep 0.05
  done
  ip netns add "$boot" || exit 1
  ip -n "$NETNS" -batch - <<END || exit 1
link add v-$NAME type veth peer name eth0 netns $boot
link set v-$NAME master br0 up
END
  ip -n "$boot" -batch - <<END || exit 1
link set lo up
link set eth0 address $MAC
addr add $ADDRESS/24 broadcast + dev eth0
link set eth0 up
route add default via $GATEWAY
END
  nsenter --net="/run/netns/$boot" unshare --mount --pid --uts --ipc --fork --kill-child sh "$SCRIPTS/boot.sh" </dev/null &
  child=$!
  n=0
  while [ ! -s pid ] && kill -0 $child 2>/dev/null && [ $n -lt 500 ]; do
    n=$((n + 1))
    sleep 0.01
  done
  # The namespace now lives as long as the host's processes do: a host that is killed must not answer for its addresses any more.
  ip netns del "$boot"
  # The lab's own programs run in the host's namespaces but for the mounts: Node is on the machine only. They die with the host.
  if [ -s pid ] && [ -n "$ENGINE$SSHD" ]; then
    read -r pid <pid
    # Until the host has moved to its own disk, that path is still the machine's root.
    while [ ! -p "/proc/$pid/root/run/rollcall-lab/requests" ] && kill -0 $child 2>/dev/null; do
      sleep 0.01
    done
    for program in "$ENGINE" "$SSHD"; do
      [ -n "$program" ] || continue
      (cd "/proc/$pid/root" && exec nsenter --target "$pid" --net --pid --uts --ipc $program --host "$NAME" --address "$ADDRESS" --init "$pid") &
    done
  fi
  wait $child
  code=$?
  # The kernel takes the dead host's interface down when it gets to it; until then it would go on answering.
  ip -n "$NETNS" link del "v-$NAME" 2>/dev/null
  rm -f pid ready
  [ $code -eq 42 ] || exit 0
done
