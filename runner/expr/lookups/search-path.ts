import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { ExpressionError } from '../errors.ts';
import { joinPath } from '../filters/paths.ts';
import type { CallContext } from '../scope.ts';
import { toText } from '../text.ts';
import { isList } from '../value.ts';

/** Folders in which lookups search: `ansible_search_path`, else `playbook_dir`, else the given or current folder. */
export function searchFolders({ scope }: CallContext, basedir: string | undefined): readonly string[] {
  const path = scope.lookup('ansible_search_path');
  if (path !== undefined && isList(path)) return path.map((each) => toText(each));
  const folder = scope.lookup('playbook_dir');
  return [typeof folder === 'string' ? folder : (basedir ?? process.cwd())];
}

/** The file a lookup means: as it is when absolute, else the first that exists in `<folder>/<kind>/` or `<folder>/` of the search path. */
export function findFile(name: string, kind: 'files' | 'templates' | 'vars', context: CallContext, basedir: string | undefined): string | undefined {
  const wanted = name.startsWith('~/') ? join(process.env['HOME'] ?? '', name.slice(2)) : name;
  if (isAbsolute(wanted)) return existsSync(wanted) ? wanted : undefined;
  for (const folder of searchFolders(context, basedir)) {
    const places = wanted.startsWith(`${kind}/`) ? [joinPath([folder, wanted])] : [joinPath([folder, kind, wanted]), joinPath([folder, wanted])];
    const found = places.find((place) => existsSync(place));
    if (found !== undefined) return resolve(found);
  }
  return undefined;
}

/** `findFile`, or an error that names the file. */
export function requireFile(name: string, kind: 'files' | 'templates' | 'vars', context: CallContext, basedir: string | undefined, lookup: string): string {
  const found = findFile(name, kind, context, basedir);
  if (found === undefined) throw new ExpressionError(`could not locate file in lookup '${lookup}': ${name}`);
  return found;
}
