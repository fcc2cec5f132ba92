import { fromJson } from '../expr/convert.ts';
import { addChild, addGroup, addHost, reconcile } from '../inventory/change.ts';
import type { Inventory } from '../inventory/model.ts';
import type { Tree } from '../template/tree.ts';
import type { JsonObject } from '../util/json.ts';

/** `meta: refresh_inventory`: an inventory's content becomes that of another. */
export function replaceInventory(inventory: Inventory, fresh: Inventory): void {
  inventory.hosts.clear();
  inventory.groups.clear();
  for (const [name, host] of fresh.hosts) inventory.hosts.set(name, host);
  for (const [name, group] of fresh.groups) inventory.groups.set(name, group);
  Object.assign(inventory.folders, { inventory: fresh.folders.inventory });
  inventory.version = (inventory.version ?? 0) + 1;
}

/** `add_host`: adds a host, or groups and variables to one that is there. True when something was new. */
export function growInventory(inventory: Inventory, name: string, groups: readonly string[], vars: JsonObject): boolean {
  const before = inventory.hosts.get(name);
  const known = before !== undefined && groups.every((group) => before.groups.has(group));
  const host = addHost(inventory, name);
  for (const group of groups) addHost(inventory, name, { group });
  let changed = !known;
  for (const [key, value] of Object.entries(vars)) {
    // Data of a run: a string in it is never a template.
    const tree = fromJson(value) as Tree;
    if (JSON.stringify(host.vars.get(key)) !== JSON.stringify(tree)) changed = true;
    host.vars.set(key, tree);
  }
  reconcile(inventory);
  return changed;
}

/** `group_by`: puts a host into a group made for it. True when it was not in there. */
export function joinGroup(inventory: Inventory, host: string, key: string, parents: readonly string[]): boolean {
  const name = key.replaceAll(' ', '-');
  const changed = inventory.hosts.get(host)?.groups.has(name) !== true;
  addGroup(inventory, name);
  for (const parent of parents) {
    addGroup(inventory, parent.replaceAll(' ', '-'));
    addChild(inventory, parent.replaceAll(' ', '-'), name);
  }
  addHost(inventory, host, { group: name });
  reconcile(inventory);
  return changed;
}
