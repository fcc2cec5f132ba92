/** Parts of the facts that can be asked for; `min` always comes along. */
export const FACT_SUBSETS = ['min', 'hardware', 'network', 'virtual', 'local'] as const;

/** One of them. */
export type FactSubset = (typeof FACT_SUBSETS)[number];

/** Helpers of the script: `s NAME` begins a section, `f FILE…` is a section for each file there is, `v FILE` reads one line into $v without a process. */
const HEAD = `s() { printf '\\n@@rollcall:%s\\n' "$1"; }
f() { for x in "$@"; do [ -r "$x" ] && [ ! -d "$x" ] && { s "$x"; cat "$x" 2>/dev/null; }; done; }
v() { v=; [ -r "$1" ] && { read -r v <"$1"; } 2>/dev/null; [ -n "$v" ]; }
w() { command -v "$1" >/dev/null 2>&1; }
`;

const MIN = `s uname; uname -s; uname -r; uname -m; uname -n; uname -v; uname -p 2>/dev/null
s fqdn; hostname -f 2>/dev/null
s date; date '+%Y %m %d %H %M %S %s %Z %z %A %w %W %N'; date -d '2024-01-15 12:00:00' +%Z 2>/dev/null; date -d '2024-07-15 12:00:00' +%Z 2>/dev/null
s id; id -un; id -u; id -g; id -ru; id -rg
s passwd; getent passwd "$(id -un)" 2>/dev/null || grep "^$(id -un):" /etc/passwd
s env; env
s bits; getconf LONG_BIT 2>/dev/null
f /etc/os-release /usr/lib/os-release /etc/redhat-release /etc/debian_version /etc/lsb-release /etc/alpine-release /etc/SuSE-release /etc/system-release
w lsb_release && { s lsb_release; lsb_release -a 2>/dev/null; }
f /etc/nvme/hostnqn /etc/iscsi/initiatorname.iscsi
w capsh && { s caps; capsh --print 2>/dev/null; }
f /proc/cmdline /etc/resolv.conf /etc/machine-id /var/lib/dbus/machine-id /proc/sys/crypto/fips_enabled /proc/1/comm
f /etc/ssh/ssh_host_*_key.pub /etc/openssh/ssh_host_*_key.pub
s selinux; w getenforce && echo "getenforce=$(getenforce 2>/dev/null)"
for m in /sys/fs/selinux /selinux; do [ -e $m/enforce ] && { echo "enforce=$(cat $m/enforce)"; echo "policyvers=$(cat $m/policyvers 2>/dev/null)"; break; }; done
f /etc/selinux/config
s has; for x in systemctl initctl dnf yum apt-get apk zypper pacman microdnf rpm-ostree; do w $x && echo $x; done
for x in /run/systemd/system /etc/init /etc/init.d /sbin/openrc /sys/kernel/security/apparmor; do [ -e $x ] && echo $x; done
case $(readlink /sbin/init 2>/dev/null) in *systemd) echo init-is-systemd;; esac
s python; for x in /usr/bin/python3 /usr/local/bin/python3 /usr/libexec/platform-python /usr/bin/python /usr/bin/python2.7 /usr/bin/python2.6; do [ -x $x ] && { echo $x; $x -V 2>&1; break; }; done
s chroot; stat -c %d:%i / /proc/1/root/. 2>/dev/null
`;

const HARDWARE = `f /proc/meminfo /proc/cpuinfo /proc/uptime /proc/loadavg /proc/mounts
s nproc; nproc 2>/dev/null || grep -c ^processor /proc/cpuinfo
s mounts; while read -r dev at type rest; do
case $type in nfs*|cifs|smb*|fuse.*|autofs) continue;; esac
case $dev in /*) printf '%s ' "$at"; stat -f -c '%S %b %f %a %c %d' "$(printf %b "$at")" 2>/dev/null || echo;; esac
done </proc/mounts
s uuids; for x in /dev/disk/by-uuid/*; do [ -L "$x" ] && echo "\${x##*/} $(readlink "$x")"; done
s dmi; for x in bios_date bios_vendor bios_version board_asset_tag board_name board_serial board_vendor board_version \\
chassis_asset_tag chassis_serial chassis_type chassis_vendor chassis_version product_name product_serial product_uuid product_version sys_vendor product_family; do v /sys/class/dmi/id/$x && echo "$x=$v"; done
s blocks; for d in /sys/block/*; do [ -d "$d" ] || continue; echo "[\${d##*/}]"; case $(readlink "$d" 2>/dev/null) in *virtual*) echo virtual=1;; esac
for x in size removable queue/rotational queue/scheduler queue/logical_block_size queue/hw_sector_size device/model device/vendor
do v "$d/$x" && echo "\${x##*/}=$v"; done
for h in "$d"/holders/*; do [ -e "$h" ] && echo "holder=\${h##*/}"; done
for p in "$d"/\${d##*/}*; do [ -d "$p" ] || continue; v "$p/size" && size=$v && v "$p/start" && echo "partition=\${p##*/} $size $v"; done; done
`;

const NETWORK = `s links; for d in /sys/class/net/*; do [ -d "$d" ] || continue; echo "[\${d##*/}]"
for x in address mtu operstate type flags speed; do v "$d/$x" && echo "$x=$v"; done
[ -e "$d/device" ] && { x=$(readlink "$d/device"); echo "pciid=\${x##*/}"; }
[ -e "$d/device/driver/module" ] && { x=$(readlink "$d/device/driver/module"); echo "module=\${x##*/}"; }
if [ -d "$d/bridge" ]; then echo bridge=1; for x in bridge_id stp_state; do v "$d/bridge/$x" && echo "$x=$v"; done
for b in "$d"/brif/*; do [ -e "$b" ] && echo "port=\${b##*/}"; done; fi
if [ -d "$d/bonding" ]; then echo bonding=1; for x in slaves mode miimon lacp_rate primary; do v "$d/bonding/$x" && echo "$x=$v"; done; fi; done
s addresses; ip -o addr 2>/dev/null
s route4; ip -4 route get 8.8.8.8 2>/dev/null
s route6; ip -6 route get 2404:6800:400a:800::1012 2>/dev/null
`;

const VIRTUAL = `s container; { tr '\\0' '\\n' </proc/1/environ | grep '^container='; } 2>/dev/null
f /proc/1/cgroup /run/systemd/container /proc/xen/capabilities /proc/modules
s paths; for x in /proc/vz /proc/lve /proc/bc /.dockerenv /.dockerinit /proc/xen /dev/kvm /rhev; do [ -e $x ] && echo $x; done
s virtdmi; for x in product_name sys_vendor product_family bios_vendor; do v /sys/devices/virtual/dmi/id/$x && echo "$x=$v"; done
s virtcpu; grep -E -e '^model name.*(QEMU Virtual CPU|UML)' -e '^vendor_id.*(User Mode Linux|PowerVM Lx86|IBM/S390)' \\
-e '^machine.*CHRP IBM pSeries .emulated by qemu.' -e '^flags.* hypervisor' /proc/cpuinfo 2>/dev/null
`;

/** The script that reads the facts of a host: POSIX sh, changes nothing, one process per question. Executable `*.fact` files are run, as in Ansible. */
export function factsScript(subset: readonly FactSubset[] = FACT_SUBSETS, factPath = '/etc/ansible/facts.d'): string {
  const folder = `'${factPath.replaceAll("'", `'\\''`)}'`;
  const local = `for x in ${folder}/*.fact; do [ -e "$x" ] || continue; n=\${x##*/}; s "local:\${n%.fact}"
if [ -x "$x" ]; then "$x" 2>/dev/null || echo "@@rollcall-failed $?"; else cat "$x"; fi; done\n`;
  const parts: Readonly<Record<FactSubset, string>> = { min: MIN, hardware: HARDWARE, network: NETWORK, virtual: VIRTUAL, local };
  return `${HEAD}${FACT_SUBSETS.filter((part) => part === 'min' || subset.includes(part))
    .map((part) => parts[part])
    .join('')}:\n`;
}

/** The sections of the script's output, by name; the text of each without the line break that ends it. */
export function factSections(output: string): ReadonlyMap<string, string> {
  const pieces = output.split(/(?:^|\n)@@rollcall:(.*)\n/);
  const sections = new Map<string, string>();
  for (let at = 1; at < pieces.length; at += 2) sections.set(pieces[at] ?? '', (pieces[at + 1] ?? '').replace(/\n$/, ''));
  return sections;
}

/** Blocks under `[NAME]` lines, each a list of key and value; a key may come more than once. */
export function namedBlocks(text: string): readonly { readonly name: string; readonly fields: readonly (readonly [string, string])[] }[] {
  const blocks: { name: string; fields: (readonly [string, string])[] }[] = [];
  for (const line of text.split('\n')) {
    const head = /^\[(.*)\]$/.exec(line);
    if (head) blocks.push({ name: head[1] ?? '', fields: [] });
    else if (line.includes('=')) blocks.at(-1)?.fields.push([line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  }
  return blocks;
}

/** `key=value` lines as an object; the last one of a key counts. */
export function keyValues(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
