import { hash } from 'node:crypto';
import { posix } from 'node:path';
import type { Controller } from '../../../runner/task/define.ts';

/** A file on the controller that is to be copied. */
export interface SourceFile {
  /** Absolute, on the controller. */
  readonly local: string;
  /** Path below the destination; just a name for a single file. */
  readonly relative: string;
  /** Its bytes; left out for large files, which are streamed. */
  readonly content?: Buffer;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Four octal digits; undefined where the controller does not tell. */
  readonly mode?: string;
}

/** A file or folder on the controller that is to be copied. */
export interface Source {
  readonly files: readonly SourceFile[];
  /** Folders below the destination, parents before children; only when a folder is copied. */
  readonly folders?: readonly string[];
}

/** Above this many bytes a file is streamed, never held in memory. */
const STREAM_ABOVE = 1024 * 1024;

/** Reads what is to be copied. A folder given without a trailing slash is copied as itself, with one only its content. What `keep` refuses (a folder's path has a slash at its end) is not read. */
export async function readSource(src: string, controller: Controller, keep: (relative: string) => boolean = () => true): Promise<Source> {
  const found = (await controller.find(src.replace(/(.)\/+$/, '$1'), 'files')).replace(/(.)\/+$/, '$1');
  const known = await controller.inspect?.(found);
  const listing = known && !known.directory ? undefined : await controller.listFiles(found).catch((error: unknown) => {
    if (known) throw error;
    return undefined;
  });
  if (!listing) return { files: [await readSourceFile(found, posix.basename(found), controller)] };
  const base = src.endsWith('/') ? '' : `${posix.basename(found)}/`;
  const wanted = listing.filter((each) => keep(base + each));
  const files = wanted.filter((each) => !each.endsWith('/'));
  return {
    files: await Promise.all(files.map((each) => readSourceFile(posix.join(found, each), base + each, controller))),
    folders: [...(base === '' ? [] : [base]), ...wanted.filter((each) => each.endsWith('/')).map((each) => base + each)].map((each) => each.slice(0, -1)).sort(),
  };
}

async function readSourceFile(local: string, relative: string, controller: Controller): Promise<SourceFile> {
  const known = await controller.inspect?.(local);
  const mode = known && { mode: known.mode };
  if (known && known.size > STREAM_ABOVE && controller.checksum) return { local, relative, size: known.size, sha256: await controller.checksum(local), ...mode };
  const content = await controller.readFile(local);
  return { local, relative, content, size: content.length, sha256: sha256(content), ...mode };
}

/** Hex SHA-256 of bytes. */
export function sha256(content: Buffer): string {
  return hash('sha256', content);
}
