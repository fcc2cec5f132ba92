import type { SystemInfo } from '../task/host.ts';
import type { ShellOutput } from './shell.ts';
import { own } from '../util/own.ts';

/** Prints what `parseSystem` reads: `KEY=VALUE` lines and os-release as it is. */
export const SYSTEM_SCRIPT = `for f in /etc/os-release /usr/lib/os-release; do [ ! -r "$f" ] || { cat "$f"; break; }; done
for f in /etc/redhat-release /etc/debian_version /etc/alpine-release /etc/SuSE-release; do [ ! -r "$f" ] || { IFS= read -r l <"$f"; echo "::$f=$l"; }; done
if [ -d /run/systemd/system ]; then i=systemd; elif [ -d /run/openrc ] || [ -x /sbin/openrc-run ]; then i=openrc
elif [ -d /etc/init.d ] && { [ -x /sbin/telinit ] || [ -x /sbin/chkconfig ] || [ -x /usr/sbin/update-rc.d ] || [ -e /etc/inittab ]; }; then i=sysv; else i=none; fi
echo "::init=$i"
p=none; for c in dnf:dnf dnf-3:dnf yum:yum apt-get:apt zypper:zypper apk:apk; do ! command -v "\${c%:*}" >/dev/null 2>&1 || { p=\${c#*:}; break; }; done
echo "::packages=$p"
s=disabled; for f in /sys/fs/selinux/enforce /selinux/enforce; do [ ! -r "$f" ] || { IFS= read -r e <"$f" || :; case $e in 1) s=enforcing ;; *) s=permissive ;; esac; break; }; done
echo "::selinux=$s"
echo "::uid=$(id -u)"`;

const FAMILIES: Readonly<Record<string, string>> = {
  centos: 'RedHat', rhel: 'RedHat', fedora: 'RedHat', rocky: 'RedHat', almalinux: 'RedHat', ol: 'RedHat', oracle: 'RedHat', scientific: 'RedHat', amzn: 'RedHat', cloudlinux: 'RedHat',
  debian: 'Debian', ubuntu: 'Debian', raspbian: 'Debian', linuxmint: 'Debian', devuan: 'Debian', kali: 'Debian',
  sles: 'Suse', opensuse: 'Suse', 'opensuse-leap': 'Suse', 'opensuse-tumbleweed': 'Suse', suse: 'Suse', alpine: 'Alpine', arch: 'Archlinux', gentoo: 'Gentoo',
};

/** Understands what the script printed, on systems with and without os-release. */
export function parseSystem(output: ShellOutput): SystemInfo {
  const release = new Map<string, string>();
  const facts = new Map<string, string>();
  for (const line of output.stdout.split('\n')) {
    const match = /^(::)?([^=]+)=(.*)$/.exec(line);
    if (match !== null) (match[1] === undefined ? release : facts).set(match[2] ?? '', (match[3] ?? '').trim().replace(/^(["'])(.*)\1$/, '$2'));
  }
  const { distribution, version } = distributionOf(release, facts);
  const like = [distribution, ...(release.get('ID_LIKE') ?? '').split(' ')];
  return {
    distribution,
    version,
    family: like.map((id) => own(FAMILIES, id)).find((family) => family !== undefined) ?? distribution,
    init: (facts.get('init') ?? 'none') as SystemInfo['init'],
    packages: (facts.get('packages') ?? 'none') as SystemInfo['packages'],
    selinux: (facts.get('selinux') ?? 'disabled') as SystemInfo['selinux'],
    uid: Number(facts.get('uid') ?? 0),
  };
}

function distributionOf(release: ReadonlyMap<string, string>, facts: ReadonlyMap<string, string>): { distribution: string; version: string } {
  const redhat = facts.get('/etc/redhat-release') ?? '';
  // "CentOS Linux release 6.0 (Final)", "CentOS release 6.10 (Final)", "Red Hat Enterprise Linux Server release 6.5 (Santiago)": more exact than VERSION_ID.
  const [, name = '', number = ''] = /^(.*?)\s+(?:Linux\s+)?(?:Server\s+)?release\s+([\d.]+)/i.exec(redhat) ?? [];
  const id = release.get('ID')?.toLowerCase();
  if (id !== undefined) return { distribution: id, version: (own(FAMILIES, id) === 'RedHat' && number !== '' ? number : release.get('VERSION_ID')) ?? debianVersion(facts) ?? '' };
  if (name !== '') return { distribution: /^red hat/i.test(name) ? 'rhel' : (name.split(/\s+/)[0] ?? '').toLowerCase(), version: number };
  const debian = debianVersion(facts);
  if (debian !== undefined) return { distribution: 'debian', version: debian };
  const alpine = facts.get('/etc/alpine-release');
  return alpine === undefined ? { distribution: 'linux', version: '' } : { distribution: 'alpine', version: alpine };
}

function debianVersion(facts: ReadonlyMap<string, string>): string | undefined {
  return facts.get('/etc/debian_version');
}
