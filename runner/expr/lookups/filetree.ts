import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join, relative } from 'node:path';
import type { Lookup } from '../scope.ts';
import { toText } from '../text.ts';
import type { Value } from '../value.ts';
import { findFile } from './search-path.ts';

/** What lies below folders of the controller: each file, folder and link with its path below them, kind, owner, mode and times; of one path the first. */
export function filetree(basedir: string | undefined): Lookup {
  return (terms, _options, context) => {
    const found = new Map<string, Value>();
    const names = { owner: namesIn('/etc/passwd'), group: namesIn('/etc/group') };
    for (const term of terms) {
      const root = findFile(toText(term).replace(/(.)\/+$/, '$1'), 'files', context, basedir);
      for (const path of root === undefined ? [] : below(root)) {
        const name = relative(root ?? '', path);
        const entry = found.has(name) ? undefined : described(root ?? '', name, path, names);
        if (entry) found.set(name, entry);
      }
    }
    return [...found.values()];
  };
}

/** Everything below a folder; what lies in a folder comes before what lies in the folders in it. */
function below(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || (a.name < b.name ? -1 : 1));
  const paths = entries.map(({ name }) => join(folder, name));
  return [...paths, ...entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => below(join(folder, name)))];
}

function described(root: string, name: string, path: string, names: { readonly owner: ReadonlyMap<number, string>; readonly group: ReadonlyMap<number, string> }): Value | undefined {
  const stat = lstatSync(path);
  const kind = kindOf(stat, path);
  if (kind === undefined) return undefined;
  const { uid, gid, mode, size, mtimeMs, ctimeMs } = stat;
  return new Map<Value, Value>(Object.entries({
    root, path: name, ...kind, uid, gid, owner: names.owner.get(uid) ?? uid, group: names.group.get(gid) ?? gid,
    mode: `0${(mode & 0o7777).toString(8).padStart(3, '0')}`, size, mtime: mtimeMs / 1000, ctime: ctimeMs / 1000,
  }));
}

function kindOf(stat: Stats, path: string): { readonly state: string; readonly src?: string } | undefined {
  if (stat.isSymbolicLink()) return { state: 'link', src: readlinkSync(path) };
  if (stat.isDirectory()) return { state: 'directory' };
  return stat.isFile() ? { state: 'file', src: path } : undefined;
}

/** Names by number, of the controller's own lists. */
function namesIn(file: string): ReadonlyMap<number, string> {
  const lines = readFileSync(file, 'utf8').split('\n').map((line) => line.split(':'));
  return new Map(lines.reverse().map(([name = '', , number = '']) => [Number(number), name]));
}
