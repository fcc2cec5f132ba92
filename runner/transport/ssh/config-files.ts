import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fitsPattern } from './config-match.ts';

/**
 * A small file's text; undefined when there is none or it is not for us. At once: it takes microseconds, a trip through the thread pool a
 * hundred times that, and every host asks for the same few files before it connects.
 */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Files whose path fits a pattern with `*` and `?` in any of its folders; the path itself when it has none of them. */
export async function glob(pattern: string): Promise<readonly string[]> {
  let found: readonly string[] = [''];
  for (const part of pattern.split('/').slice(1)) {
    if (!/[*?]/.test(part)) {
      found = found.map((folder) => `${folder}/${part}`);
      continue;
    }
    const next = await Promise.all(
      found.map(async (folder) => {
        const names = await readdir(folder === '' ? '/' : folder).catch(() => []);
        return names.filter((name) => (!name.startsWith('.') || part.startsWith('.')) && fitsPattern(part, name)).sort().map((name) => `${folder}/${name}`);
      }),
    );
    found = next.flat();
  }
  return found;
}
