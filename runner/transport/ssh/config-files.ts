import { readdir, readFile } from 'node:fs/promises';
import { fitsPattern } from './config-match.ts';

/** A small file's text; undefined when there is none or it is not for us. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
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
