import type { Lookup } from '../scope.ts';

/** Every lookup, by plain name. */
export function LOOKUPS(_basedir?: string): ReadonlyMap<string, Lookup> {
  return new Map();
}
