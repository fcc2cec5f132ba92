#!/bin/sh
# Makes a fresh clone ready: node modules, the programs of the lab, the build. Does only what is missing.
#   sh scripts/setup.sh build   node modules and the build
#   sh scripts/setup.sh demo    … and what throwaway hosts need (root on Linux)
#   sh scripts/setup.sh test    the same, for the tests
set -eu
cd "$(dirname "$0")/.."
mode=${1:-build}

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
  printf 'setup: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '       %s\n' "$line" >&2; done
  exit 1
}

check_node() {
  node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);
  ' || fail "node $(node --version) is too old" "Install Node.js 20.19 or later: https://nodejs.org"
}

install_modules() {
  mark=node_modules/.package-lock.json
  if [ -f "$mark" ] && [ -z "$(find package-lock.json -newer "$mark")" ]; then return; fi
  say "installing node modules"
  # A fresh folder gets exactly what package-lock.json says. One that has modules keeps what is right in it: `npm ci` would empty it first.
  if [ -d node_modules ] || ! npm ci --no-audit --no-fund --loglevel=error </dev/null >&2; then
    npm install --no-save --no-audit --no-fund --loglevel=error </dev/null >&2 || fail "npm could not install the node modules" "Is the npm registry reachable? (npm ping)"
  fi
  touch "$mark"
}

# program:package, for everything that the throwaway hosts and the tests run.
PROGRAMS="sshd:openssh-server ssh:openssh-client ssh-keygen:openssh-client sudo:sudo iptables:iptables busybox:busybox dash:dash ip:iproute2
arping:iputils-arping ping:iputils-ping ps:procps xmllint:libxml2-utils unshare:util-linux nsenter:util-linux setsid:util-linux"

missing_packages() {
  for pair in $PROGRAMS; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "${pair%%:*}" >/dev/null 2>&1 || echo "${pair#*:}"
  done | sort -u | tr '\n' ' '
}

check_lab() {
  again="npm run demo"
  [ "$mode" = test ] && again="npm test"
  [ "$(uname -s)" = Linux ] || fail "the throwaway hosts are made from Linux namespaces, and this is $(uname -s)" \
    "Use a Linux machine, or a container:" \
    "  docker run --rm -it --privileged -v \"\$PWD\":/src -w /src node:20-bookworm $again" \
    "Everything but the lab works here: npm run build, then node dist/main.cjs --help"
  [ "$(id -u)" = 0 ] || fail "the throwaway hosts need root: they have namespaces, mounts and addresses of their own" \
    "Run it as root:  sudo $again" \
    "Tests that need no host run without:  npm run jest -- test/expr"
  packages=$(missing_packages)
  [ -n "$packages" ] || return 0
  command -v apt-get >/dev/null 2>&1 || fail "programs of these Debian packages are missing: $packages" \
    "Install them with the package manager of this system, then run: $again"
  say "installing Debian packages: $packages"
  apt_install $packages || { apt-get -qq update >&2 && apt_install $packages; } || fail "apt-get could not install: $packages" \
    "Install them by hand, then run: $again"
}

apt_install() { DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" </dev/null >&2; }

build() {
  # Only files: a folder's time changes with every temporary file in it.
  if [ -f dist/main.cjs ] && [ -z "$(find runner tasks lab package.json scripts -type f -newer dist/main.cjs | head -n 1)" ]; then return; fi
  say "building dist/"
  node scripts/build.mjs || fail "the build failed"
}

check_node
[ "$mode" = build ] || check_lab
install_modules
build
