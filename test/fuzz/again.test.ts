import { join } from 'node:path';
import * as fc from 'fast-check';
import { loadInventory } from '../../runner/inventory/load.ts';
import type { Inventory } from '../../runner/inventory/model.ts';
import { showList } from '../../runner/inventory/show.ts';
import { memoryFiles } from '../inventory/memory-files.ts';
import { runs } from '../runs.ts';
import { inventories } from './corpus.ts';
import { mutated } from './mutate.ts';

const environment = { filters: new Map(), tests: new Map(), globals: new Map(), lookups: new Map() };

function load(name: string, text: string): Inventory | undefined {
  const { inventory, diagnostics } = loadInventory([name], { files: memoryFiles({ [join('/w', name)]: text }), cwd: '/w', environment });
  return diagnostics.length === 0 ? inventory : undefined;
}

/** All that an inventory says: every host with its own variables, every group with its variables and members, whose order is not exported. */
function meaning(inventory: Inventory): unknown {
  return sorted(JSON.parse(showList(inventory, { export: true }).replace(/(^|: )(-?Infinity|NaN)(?=,?$)/gm, '$1"$2"')));
}

/** Members in one order; lists among the variables of hosts and groups are left as they are. */
function sorted(shown: unknown): unknown {
  const groups = Object.entries(shown as Record<string, { hosts?: string[]; children?: string[] }>);
  return Object.fromEntries(groups.map(([name, group]) => [name, { ...group, ...(group.hosts && { hosts: group.hosts.toSorted() }), ...(group.children && { children: group.children.toSorted() }) }]));
}

test.each([['hosts', /\/hosts$/], ['hosts.yml', /\.ya?ml$/]] as const)('an inventory %s that was exported and is read again is the same', (name, corpus) => {
  let compared = 0;
  fc.assert(fc.property(mutated(inventories(corpus)), (text) => {
    const first = load(name, text);
    // A name that ends like a port, out of a range that no address has, is a port where it is read again: YAML has no other way to write it.
    if (!first || [...first.hosts.keys()].some((host) => /:\d+$/.test(host))) return;
    compared++;
    const exported = showList(first, { yaml: true, export: true });
    const again = load('again.yml', exported);
    if (!again) throw new Error(`refused: ${exported}`);
    expect(meaning(again)).toEqual(meaning(first));
  }), runs(300));
  expect(compared).toBeGreaterThan(10);
});
