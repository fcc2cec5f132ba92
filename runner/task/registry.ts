import type { AnyTask } from './define.ts';
import type { AnyControl } from './control.ts';

/** A word that can stand in a task: a module that works on a host, or one that steers the run. */
export type Module = { readonly kind: 'task'; readonly definition: AnyTask } | { readonly kind: 'control'; readonly definition: AnyControl };

/** All modules of a run, by every name they answer to. */
export interface Registry {
  /** The module for a plain or fully qualified name. */
  find(name: string): Module | undefined;
  /** Plain names, sorted. */
  readonly names: readonly string[];
}

/** Collections whose modules we bring under the same plain name. */
const COLLECTIONS = ['ansible.builtin', 'ansible.legacy', 'ansible.posix', 'community.general'];

/** Builds a registry; later definitions replace earlier ones of the same name, so that a user's own task wins. */
export function createRegistry(tasks: readonly AnyTask[], controls: readonly AnyControl[]): Registry {
  const byName = new Map<string, Module>();
  const add = (module: Module): void => {
    for (const name of [module.definition.name, ...(module.definition.aliases ?? [])]) byName.set(name, module);
  };
  for (const definition of controls) add({ kind: 'control', definition });
  for (const definition of tasks) add({ kind: 'task', definition });
  const names = [...byName.keys()].filter((name) => !name.includes('.')).sort();
  return {
    names,
    find(name) {
      const exact = byName.get(name);
      if (exact) return exact;
      const collection = COLLECTIONS.find((each) => name.startsWith(`${each}.`));
      return collection === undefined ? undefined : byName.get(name.slice(collection.length + 1));
    },
  };
}
