import type { Inventory } from './model.ts';

/** Something computed from the groups of an inventory, kept until the inventory changes. */
export function perVersion<T>(compute: (inventory: Inventory) => T): (inventory: Inventory) => T {
  const kept = new WeakMap<Inventory, { version: number; value: T }>();
  return (inventory) => {
    const version = inventory.version ?? 0;
    const known = kept.get(inventory);
    if (known?.version === version) return known.value;
    const value = compute(inventory);
    kept.set(inventory, { version, value });
    return value;
  };
}

const memberLists = perVersion(() => new Map<string, readonly string[]>());

/** Hosts of a group and of the groups below it, in Ansible's order: its own first, then level by level; empty when there is no such group. */
export function groupMembers(inventory: Inventory, group: string): readonly string[] {
  const known = memberLists(inventory);
  let members = known.get(group);
  if (!members) {
    members = collect(inventory, group);
    known.set(group, members);
  }
  return members;
}

function collect(inventory: Inventory, group: string): readonly string[] {
  const members = new Set<string>();
  // A set is visited in the order of insertion, also of what is inserted meanwhile: breadth first, each group once.
  const groups = new Set([group]);
  for (const name of groups) {
    const each = inventory.groups.get(name);
    for (const host of each?.hosts ?? []) members.add(host);
    for (const child of each?.children ?? []) groups.add(child);
  }
  return [...members];
}
