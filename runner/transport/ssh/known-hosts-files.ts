import { statSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfThere } from './config-files.ts';
import { keyType, parseKnownHosts } from './known-hosts.ts';
import type { KnownHost } from './known-hosts.ts';

interface Read {
  readonly version: string;
  readonly hosts: readonly KnownHost[];
}

const cache = new Map<string, Read>();

/** The lines of several known_hosts files, read again only when one has changed: a fleet asks thousands of times. */
export function readKnownHosts(files: readonly string[]): readonly KnownHost[] {
  return files.flatMap((file) => {
    const facts = statSync(file, { throwIfNoEntry: false });
    if (facts === undefined || !facts.isFile()) return [];
    const version = `${facts.ino} ${facts.size} ${facts.mtimeMs}`;
    const known = cache.get(file);
    if (known?.version === version) return known.hosts;
    const hosts = parseKnownHosts(readIfThere(file) ?? '', file);
    cache.set(file, { version, hosts });
    return hosts;
  });
}

/** Adds a line in one write at the end of the file, so that many hosts (and other programs) may do so at once. */
export async function appendKnownHost(file: string, name: string, key: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    // A file that someone edited may lack its last line end; a blank line does no harm when two see that at once.
    const gap = size > 0 && (await handle.read(last, 0, 1, size - 1)).bytesRead === 1 && last[0] !== 0x0a ? '\n' : '';
    await handle.appendFile(`${gap}${name} ${keyType(key)} ${key.toString('base64')}\n`);
  } finally {
    await handle.close();
  }
}
