import type { FileReader } from '../source/reader.ts';

const EXTENSIONS = ['.yml', '.yaml', '.json'];

/**
 * The files of one of a role's folders that count: `main` with an extension (then without), or the one that was asked for
 * (without an extension first). A folder of that name stands for all its files, where `folders` allows it.
 */
export function roleFiles(folder: string, from: string | undefined, folders: boolean, files: FileReader): string[] {
  const endings = from === undefined ? [...EXTENSIONS, ''] : ['', ...EXTENSIONS];
  for (const ending of endings) {
    const path = `${folder}/${from ?? 'main'}${ending}`;
    if (files.isDirectory(path)) {
      if (ending === '' && folders) return filesBelow(path, files);
    } else if (exists(path, files)) {
      return [path];
    }
  }
  return [];
}

function filesBelow(folder: string, files: FileReader): string[] {
  return (files.list(folder) ?? []).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (files.isDirectory(path)) return filesBelow(path, files);
    return EXTENSIONS.some((ending) => name.endsWith(ending)) && !name.startsWith('.') ? [path] : [];
  });
}

/** A file that cannot be read does exist: reading it for good will say what is wrong. */
function exists(path: string, files: FileReader): boolean {
  try {
    return files.read(path) !== undefined;
  } catch {
    return true;
  }
}
