import { accessSync, constants } from 'node:fs';
import { LabError } from './lab-dir.ts';
import { own } from '../runner/util/own.ts';

/** The programs a lab needs, and the Debian package that brings each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'mount',
  'ssh-keygen': 'openssh-client',
  sudo: 'sudo',
  bash: 'bash',
  awk: 'mawk',
  'iptables-legacy': 'iptables',
  xmllint: 'libxml2-utils',
  arping: 'iputils-arping',
};

/** Finds a program in the usual folders, those of the administrator included. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  return folders.map((folder) => `${folder}/${name}`).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Says, before anything is touched, why a lab cannot run on this machine. @throws LabError with what to do about it. */
export function checkMachine(also: readonly string[] = []): void {
  if (process.platform !== 'linux') throw new LabError(`a lab is made of Linux namespaces: it cannot run on ${process.platform}`);
  if (process.getuid?.() !== 0) throw new LabError('a lab needs root, to make network namespaces and overlay mounts: run it with sudo');
  const missing = [...Object.keys(PROGRAMS), ...also].filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => own(PROGRAMS, name) ?? name))].sort();
  throw new LabError(`a lab needs ${missing.join(', ')}: on Debian, apt-get install ${packages.join(' ')}`);
}
