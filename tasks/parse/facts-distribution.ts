import type { JsonObject } from '../../runner/util/json.ts';
import { own } from '../../runner/util/own.ts';

/** Which distribution a host runs. A type, so that it is also plain JSON. */
export type Distribution = {
  readonly distribution: string;
  readonly distribution_version: string;
  readonly distribution_major_version: string;
  readonly distribution_minor_version: string;
  readonly distribution_release: string;
  readonly os_family: string;
};

const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  RedHat: [
    'RedHat',
    'Fedora',
    'CentOS',
    'Scientific',
    'CloudLinux',
    'OracleLinux',
    'Amazon',
    'AlmaLinux',
    'Rocky',
    'EulerOS',
    'openEuler',
    'EuroLinux',
    'Virtuozzo',
  ],
  Debian: ['Debian', 'Ubuntu', 'Raspbian', 'Linux Mint', 'Devuan', 'Kali', 'Pop!_OS', 'Parrot', 'Deepin'],
  Suse: ['SLES', 'SLED', 'openSUSE', 'openSUSE Leap', 'openSUSE Tumbleweed', 'SLES_SAP'],
  Archlinux: ['Archlinux', 'Manjaro'],
  Gentoo: ['Gentoo'],
  Alpine: ['Alpine'],
};

/** Beginnings of the text in /etc/redhat-release and the names they stand for. */
const RED_HAT: readonly (readonly [RegExp, string])[] = [
  [/^CentOS/i, 'CentOS'],
  [/^Red Hat/i, 'RedHat'],
  [/^Scientific/i, 'Scientific'],
  [/^Fedora/i, 'Fedora'],
  [/^Oracle/i, 'OracleLinux'],
  [/^Rocky/i, 'Rocky'],
  [/^AlmaLinux/i, 'AlmaLinux'],
  [/^CloudLinux/i, 'CloudLinux'],
  [/^Amazon/i, 'Amazon'],
  [/^Virtuozzo/i, 'Virtuozzo'],
];
const IDS: Readonly<Record<string, string>> = {
  rhel: 'RedHat',
  centos: 'CentOS',
  fedora: 'Fedora',
  ol: 'OracleLinux',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  amzn: 'Amazon',
  scientific: 'Scientific',
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  raspbian: 'Raspbian',
  linuxmint: 'Linux Mint',
  devuan: 'Devuan',
  kali: 'Kali',
  pop: 'Pop!_OS',
  sles: 'SLES',
  sled: 'SLED',
  'opensuse-leap': 'openSUSE Leap',
  'opensuse-tumbleweed': 'openSUSE Tumbleweed',
  arch: 'Archlinux',
  manjaro: 'Manjaro',
  gentoo: 'Gentoo',
  alpine: 'Alpine',
};

const FAMILIES_BY_NAME: ReadonlyMap<string, string> = new Map(Object.entries(FAMILIES).flatMap(([family, names]) => names.map((name) => [name, family] as const)));

/** The file that tells the distributions of a family apart, and what Ansible calls its form. */
const FILES: Readonly<Record<string, readonly [path: string, variety: string]>> = {
  RedHat: ['/etc/redhat-release', 'RedHat'],
  Debian: ['/etc/os-release', 'Debian'],
  Suse: ['/etc/os-release', 'SUSE'],
  Alpine: ['/etc/alpine-release', 'Alpine'],
};

function fileOf(family: string | undefined, sections: ReadonlyMap<string, string>): JsonObject {
  const [path = '', variety = ''] = own(FILES, family ?? '') ?? [];
  return sections.has(path) ? { distribution_file_parsed: true, distribution_file_path: path, distribution_file_variety: variety } : {};
}

/** Reads os-release's quoting. */
function parseOsRelease(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^([A-Z_0-9]+)=(.*)$/gm)].map(([, key = '', value = '']) => [
      key,
      value
        .trim()
        .replace(/^(["'])(.*)\1$/, '$2')
        .replace(/\\([$"`\\])/g, '$1'),
    ]),
  );
}

/** The distribution, from the files every system has some of; EL6 has no os-release, only /etc/redhat-release. */
export function distributionFacts(sections: ReadonlyMap<string, string>): Distribution & JsonObject {
  const os = parseOsRelease(sections.get('/etc/os-release') ?? sections.get('/usr/lib/os-release') ?? '');
  const release = (sections.get('/etc/redhat-release') ?? sections.get('/etc/system-release') ?? '').trim();
  const [distribution, version, codename] = release === '' ? fromOsRelease(os, sections) : fromRedHatRelease(release, os);
  return {
    ...fileOf(FAMILIES_BY_NAME.get(distribution), sections),
    distribution,
    distribution_version: version,
    distribution_major_version: version.split('.')[0] ?? version,
    distribution_minor_version: version.split('.')[1] ?? 'NA',
    distribution_release: codename,
    os_family: FAMILIES_BY_NAME.get(distribution) ?? distribution,
  };
}

type Found = readonly [distribution: string, version: string, release: string];

function fromRedHatRelease(text: string, os: Readonly<Record<string, string>>): Found {
  const name = RED_HAT.find(([pattern]) => pattern.test(text))?.[1] ?? own(IDS, os['ID'] ?? '') ?? text.split(/\s+(?:release|Linux)/)[0] ?? text;
  const version = /release ([\d.]+)/.exec(text)?.[1] ?? os['VERSION_ID'] ?? '';
  // CentOS 7 writes a build date as third number, which no comparison wants.
  const short = version.split('.').slice(0, 2).join('.');
  const codename = /\(([^()]+)\)\s*$/.exec(text)?.[1] ?? (/\bStream\b/.test(text) ? 'Stream' : '');
  return [name, short, codename || 'NA'];
}

function fromOsRelease(os: Readonly<Record<string, string>>, sections: ReadonlyMap<string, string>): Found {
  const id = os['ID'] ?? '';
  const name = own(IDS, id) ?? os['NAME'] ?? 'Linux';
  const debian = sections.get('/etc/debian_version')?.trim();
  const version =
    name === 'Debian' && debian !== undefined && /^\d/.test(debian) ? debian : (os['VERSION_ID'] ?? sections.get('/etc/alpine-release')?.trim() ?? 'NA');
  const lsb = /^DISTRIB_CODENAME=(.*)$/m.exec(sections.get('/etc/lsb-release') ?? '')?.[1];
  const codename = os['VERSION_CODENAME'] ?? lsb ?? /\(([^()]+)\)/.exec(os['VERSION'] ?? '')?.[1];
  return [name, version, codename ?? 'NA'];
}
