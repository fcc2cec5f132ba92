import { FILTERS } from './filters/all.ts';
import { GLOBALS } from './globals.ts';
import { standardLookups } from './lookups/all.ts';
import type { Environment, Lookup } from './scope.ts';
import { TESTS } from './tests/all.ts';

/** The whole vocabulary of Ansible. Lookups given here replace those of the same name. */
export function standardEnvironment(options: { lookups?: ReadonlyMap<string, Lookup>; basedir?: string } = {}): Environment {
  return { filters: FILTERS, tests: TESTS, globals: GLOBALS, lookups: new Map([...standardLookups(options.basedir), ...(options.lookups ?? [])]) };
}
