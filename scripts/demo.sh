#!/bin/sh
# The main job, on two throwaway hosts: what the run would do, the run, the cluster, a second run, and a failover.
# Everything is in .rollcall/; the hosts are gone at the end unless ROLLCALL_DEMO_KEEP is set.
set -eu
cd "$(dirname "$0")/.."
rollcall() { node dist/main.cjs "$@"; }
step() { printf '\n\033[1m━━ %s\033[0m\n\n' "$*"; }

PLAYBOOK=playbooks/ha-cluster-centos6.yml
INVENTORY=inventory/lab.yml
VIP=10.66.6.100

cleanup() {
  if [ -n "${ROLLCALL_DEMO_KEEP:-}" ]; then
    echo "The hosts are still up: node dist/main.cjs lab list; take them down with: node dist/main.cjs lab down"
  else
    rollcall lab down >/dev/null 2>&1 || true
  fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM

step "1. Two bare CentOS 6 hosts (simulated userland in namespaces: real sshd, sudo, iptables, addresses)"
rollcall lab down >/dev/null 2>&1 || true
rollcall lab up n1 n2 --persona centos6
rollcall lab exec n1 -- cat /etc/redhat-release

step "2. What would be done: --check changes nothing"
rollcall run "$PLAYBOOK" -i "$INVENTORY" --check

step "3. The run"
rollcall run "$PLAYBOOK" -i "$INVENTORY"

step "4. The cluster"
rollcall lab exec n1 -- clustat
rollcall lab exec n1 -- ip -4 -o addr show to "$VIP"

step "5. A second run changes nothing"
rollcall run "$PLAYBOOK" -i "$INVENTORY"

step "6. The first node dies; its peer fences it and takes the address over"
rollcall lab kill n1
started=$(date +%s)
until rollcall lab exec n2 -- ip -4 -o addr show to "$VIP" 2>/dev/null | grep -q "$VIP"; do
  if [ $(($(date +%s) - started)) -gt 60 ]; then
    echo "the address did not move within 60 s" >&2
    rollcall lab exec n2 -- tail -n 30 /var/log/messages >&2 || true
    exit 1
  fi
  sleep 0.5
done
echo "The address is on n2, $(($(date +%s) - started)) s after n1 died:"
rollcall lab exec n2 -- ip -4 -o addr show to "$VIP"
rollcall lab exec n2 -- clustat
