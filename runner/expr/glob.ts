import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';

/** Regular files that a pattern names, sorted. Wildcards do not cross slashes and do not match a leading dot, as in a shell. */
export function globFiles(pattern: string): string[] {
  const absolute = pattern.startsWith('/');
  const parts = pattern.split('/').filter((part) => part !== '');
  let found = [absolute ? '/' : ''];
  for (const part of parts) {
    if (!/[*?[]/.test(part)) {
      found = found.map((folder) => join(folder, part));
      continue;
    }
    // Braces and extended patterns are no part of Python's globs.
    const matches = picomatch(part, { dot: part.startsWith('.'), nobrace: true, noextglob: true, nonegate: true, noglobstar: true });
    found = found.flatMap((folder) => names(folder === '' ? '.' : folder).filter((name) => matches(name)).map((name) => join(folder, name)));
  }
  return found.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
}

function names(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder).sort();
}
