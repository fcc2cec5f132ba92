import type { Lookup } from '../scope.ts';
import { fileLookups } from './files.ts';
import { filetree } from './filetree.ts';
import { LIST_LOOKUPS } from './lists.ts';
import { passwordLookup } from './password.ts';
import { recordLookups } from './records.ts';
import { sequence } from './sequence.ts';
import { url } from './url.ts';
import { VARIABLE_LOOKUPS } from './variables.ts';

/** Every lookup that needs no renderer, by plain name. Relative files are searched in `basedir` where no variable says otherwise. */
export function standardLookups(basedir: string | undefined): ReadonlyMap<string, Lookup> {
  return new Map([
    ...LIST_LOOKUPS, ...VARIABLE_LOOKUPS, ...fileLookups(basedir), ...recordLookups(basedir), ['filetree', filetree(basedir)], ['sequence', sequence], ['url', url], ['password', passwordLookup(basedir)],
  ]);
}
