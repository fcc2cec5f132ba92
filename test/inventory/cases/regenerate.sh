#!/bin/sh
# Writes the expected files anew with the reference implementation (ansible-core 2.14): run it where ansible-inventory is installed.
set -eu
cd "$(dirname "$0")"
# The INI reader is asked last: what it took in of a TOML file before it gave up would stay.
export ANSIBLE_INVENTORY_ENABLED=host_list,script,auto,yaml,toml,ini
for case in */; do
  cd "$case"
  set --
  while read -r source; do set -- "$@" -i "$source"; done <<SOURCES
$(cat sources 2>/dev/null || ls -d hosts*)
SOURCES
  if [ -d play ]; then set -- "$@" --playbook-dir play; fi
  mkdir -p expected
  ansible-inventory "$@" --list >expected/list.json
  ansible-inventory "$@" --list --export >expected/export.json
  ansible-inventory "$@" --list --yaml >expected/list.yaml || rm expected/list.yaml
  ansible-inventory "$@" --list --yaml --export >expected/export.yaml || rm expected/export.yaml
  # Numbers as keys, for one, cannot be written so.
  ansible-inventory "$@" --list --toml >expected/list.toml || rm expected/list.toml
  ansible-inventory "$@" --list --toml --export >expected/export.toml || rm expected/export.toml
  ansible-inventory "$@" --graph >expected/graph.txt
  ansible-inventory "$@" --graph --vars >expected/graph-vars.txt || rm expected/graph-vars.txt
  cd ..
done
