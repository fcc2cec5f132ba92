import { chmodSync, chownSync, closeSync, fstatSync, fsyncSync, ftruncateSync, mkdtempSync, openSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { refuse } from './vault-passwords.ts';

/** The bytes of a file, or of standard input for `-`. @throws InputError */
export async function readBytes(file: string): Promise<Buffer> {
  if (file === '-') return buffer(process.stdin);
  try {
    return readFileSync(file);
  } catch (error) {
    throw refuse(`'${file}' cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Writes a result where it is to go: over the file it came from, to another one (`--output`), or to standard output. */
export function writeResult(file: string, output: string | undefined, content: string | Uint8Array, kind: 'vault' | 'plain'): void {
  if ((output ?? file) === '-') process.stdout.write(content);
  else replaceFile(output ?? file, content, kind);
}

/**
 * Puts new content in a file's place in one step, so that a crash leaves the old one or the new one, never half of a secret.
 * Plain text is for its owner alone; a vault keeps the rights of what it replaces, and the old content is overwritten.
 */
export function replaceFile(file: string, content: string | Uint8Array, kind: 'vault' | 'plain'): void {
  const path = realpath(file);
  const before = statSync(path, { throwIfNoEntry: false });
  if (before && !before.isFile()) {
    // A pipe or device is written to, not replaced.
    writeFileSync(path, content);
    return;
  }
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const old = before && kind === 'vault' && before.nlink === 1 ? openSync(path, 'r+') : undefined;
  try {
    writeFileSync(temporary, content, { mode: 0o600, flag: 'wx', flush: true });
    if (before) {
      if (before.uid !== process.getuid?.() || before.gid !== process.getgid?.()) chownSync(temporary, before.uid, before.gid);
      if (kind === 'vault') chmodSync(temporary, before.mode & 0o7777);
    }
    renameSync(temporary, path);
    if (old !== undefined) overwrite(old);
  } finally {
    rmSync(temporary, { force: true });
    if (old !== undefined) closeSync(old);
  }
}

/**
 * Lends a text as a file in a folder that nobody else may enter, in memory where the system has a place for that, and returns what
 * became of it. Whatever is in the folder afterwards (editors leave copies) is overwritten and removed.
 */
export function lendFile<T>(name: string, content: Uint8Array, work: (path: string) => T): { result: T; content: Buffer } {
  const folder = privateFolder();
  const path = join(folder, basename(name));
  try {
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
    // An editor that writes a new file takes this one's name away: what was in it is overwritten all the same.
    const first = openSync(path, 'r+');
    try {
      const result = work(path);
      return { result, content: readFileSync(path) };
    } finally {
      overwrite(first);
      closeSync(first);
    }
  } finally {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) if (entry.isFile()) overwriteFile(join(entry.parentPath, entry.name));
    rmSync(folder, { recursive: true, force: true });
  }
}

function privateFolder(): string {
  for (const place of ['/dev/shm', tmpdir()]) {
    try {
      return mkdtempSync(join(place, 'rollcall-vault-'));
    } catch {
      // Not every system has memory to write to.
    }
  }
  throw refuse(`no private folder can be made in ${tmpdir()}`);
}

function overwriteFile(path: string): void {
  chmodSync(path, 0o600);
  const file = openSync(path, 'r+');
  try {
    overwrite(file);
  } finally {
    closeSync(file);
  }
}

/** Overwrites an open file with noise, then empties it. */
function overwrite(file: number): void {
  const { size } = fstatSync(file);
  for (let at = 0; at < size; ) at += writeSync(file, randomBytes(Math.min(65_536, size - at)), 0, undefined, at);
  fsyncSync(file);
  ftruncateSync(file, 0);
}

/** Through symbolic links, so that a link stays one. */
function realpath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
