import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { labExec } from './exec.ts';
import { hostUpper, initPid } from './lab-dir.ts';

/** What one entry is: its kind, content (as a hash, or where a link points), mode and owner. */
export type Fingerprint = string;

/** Folders that are in memory on a host and so not part of its disk, yet where something left behind must be seen: files, services that run. */
const VOLATILE = ['tmp', 'dev/shm', 'run/lock/subsys'];

/** What the system itself writes when somebody logs in, whatever they do then. */
const LOGIN_RECORDS = new Set(['/var/log/wtmp', '/var/log/lastlog', '/var/log/btmp']);

/** State of a host that is in no file, and how to read it. */
const RUNTIME: Readonly<Record<string, string>> = {
  firewall: 'iptables-legacy-save | sed "/^#/d; s/\\[[0-9:]*\\]//"',
  addresses: 'ip -o -4 addr show',
  hostname: 'hostname',
  selinux: 'cat /run/rollcall-lab/selinux /run/rollcall-lab/booleans 2>/dev/null || true',
};

/**
 * Everything that was ever changed on a host: the upper layer of its disk, its /tmp, the services that run, its firewall, addresses and SELinux
 * mode (`runtime NAME`). Two snapshots that are equal prove that nothing was written between them, content, mode and owner included. A deleted
 * file shows as a character device 0/0. Login records are left out.
 */
export async function snapshotUpper(dir: string, name: string): Promise<ReadonlyMap<string, Fingerprint>> {
  const seen = new Map<string, Fingerprint>();
  await walk(hostUpper(dir, name), '/', seen);
  const pid = initPid(dir, name);
  if (pid !== undefined) {
    for (const folder of VOLATILE) await walk(join(`/proc/${pid}/root`, folder), `/${folder}/`, seen);
    const script = Object.entries(RUNTIME).map(([key, command]) => `echo "== ${key}"; ${command}`).join('; ');
    const { stdout } = await labExec(name, ['sh', '-c', script], { dir });
    for (const part of stdout.split('== ').slice(1)) seen.set(`runtime ${part.split('\n')[0] ?? ''}`, hash(part));
  }
  return new Map([...seen].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** What differs between two snapshots, as lines for people: `+ path`, `- path`, `~ path`. */
export function snapshotDifference(before: ReadonlyMap<string, Fingerprint>, after: ReadonlyMap<string, Fingerprint>): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    if (!before.has(path)) return [`+ ${path}`];
    if (!after.has(path)) return [`- ${path}`];
    return before.get(path) === after.get(path) ? [] : [`~ ${path}`];
  });
}

async function walk(folder: string, shown: string, seen: Map<string, Fingerprint>): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const print = await fingerprint(path).catch(() => undefined);
    if (print === undefined || LOGIN_RECORDS.has(shown + entry.name)) continue;
    seen.set(shown + entry.name, print);
    if (entry.isDirectory()) await walk(path, `${shown}${entry.name}/`, seen);
  }
}

async function fingerprint(path: string): Promise<Fingerprint> {
  const facts = await lstat(path);
  const owner = `${facts.uid}:${facts.gid} ${(facts.mode & 0o7777).toString(8)}`;
  if (facts.isFile()) return `file ${owner} ${hash(await readFile(path))}`;
  if (facts.isSymbolicLink()) return `link ${owner} ${await readlink(path)}`;
  if (facts.isDirectory()) return `folder ${owner}`;
  if (facts.isCharacterDevice()) return `device ${owner} ${facts.rdev}`;
  return `other ${owner}`;
}

function hash(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
