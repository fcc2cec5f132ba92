import type { Span } from '../source/span.ts';
import type { Tree } from '../template/tree.ts';
import type { Group, Host, Inventory } from './model.ts';

/** An inventory with nothing but the groups that always exist. */
export function emptyInventory(sources: readonly string[] = []): Inventory {
  const nothing = { group: new Map(), host: new Map() };
  const inventory: Inventory = { hosts: new Map(), groups: new Map(), sources, folders: { inventory: nothing, playbook: nothing }, version: 0 };
  addGroup(inventory, 'all');
  addGroup(inventory, 'ungrouped');
  addChild(inventory, 'all', 'ungrouped');
  return inventory;
}

/** The group of that name, made when there is none yet. */
export function addGroup(inventory: Inventory, name: string, at?: Span): Group {
  const known = inventory.groups.get(name);
  if (known) return known;
  const group: Group = { name, hosts: new Set(), children: new Set(), parents: new Set(), vars: new Map(), priority: 1, ...(at && { at }) };
  inventory.groups.set(name, group);
  touch(inventory);
  return group;
}

/** Where a host was named and with what. */
export interface HostEntry {
  readonly group?: string;
  /** Counts only for a host that is new, as in Ansible. */
  readonly port?: number;
  /** `inventory_file` of a host that is new; absent for hosts made during a run. */
  readonly source?: string;
  /** `inventory_dir` of a host that is new. */
  readonly folder?: string | undefined;
  readonly at?: Span;
}

/** The host of that name, made when there is none yet, and put into a group. Call `reconcile` when all are added. */
export function addHost(inventory: Inventory, name: string, entry: HostEntry = {}): Host {
  let host = inventory.hosts.get(name);
  if (!host) {
    host = { name, groups: new Set(), vars: new Map(), ...(entry.at && { at: entry.at }) };
    if (entry.port !== undefined) host.vars.set('ansible_port', entry.port);
    host.vars.set('inventory_file', entry.source ?? null).set('inventory_dir', entry.folder ?? null);
    inventory.hosts.set(name, host);
  }
  if (entry.group !== undefined) {
    addGroup(inventory, entry.group).hosts.add(name);
    if (entry.group !== 'all') host.groups.add(entry.group);
  }
  touch(inventory);
  return host;
}

/** Makes one group a child of another, both existing; returns why not, when that would close a loop. */
export function addChild(inventory: Inventory, parent: string, child: string): string | undefined {
  if (parent === child) return `the group '${parent}' cannot be a child of itself`;
  const upper = inventory.groups.get(parent);
  const lower = inventory.groups.get(child);
  if (!upper || !lower) return `there is no group '${upper ? child : parent}'`;
  if (upper.children.has(child)) return undefined;
  if (ancestors(inventory, parent).has(child)) return `making the group '${child}' a child of '${parent}' would close a loop`;
  upper.children.add(child);
  lower.parents.add(parent);
  touch(inventory);
  return undefined;
}

/** Sets a variable of a group; `ansible_group_priority` is no variable but its priority. Returns why not. */
export function setGroupVar(inventory: Inventory, group: Group, name: string, value: Tree): string | undefined {
  touch(inventory);
  if (name !== 'ansible_group_priority') {
    group.vars.set(name, value);
    return undefined;
  }
  const priority = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
  if (!Number.isInteger(priority)) return `ansible_group_priority of the group '${group.name}' is not a whole number`;
  group.priority = priority;
  return undefined;
}

/** Brings the rules back that hold between groups and hosts: every group descends from `all`, a host in no other group is `ungrouped`. */
export function reconcile(inventory: Inventory): void {
  for (const group of inventory.groups.values()) {
    if (group.name !== 'all' && group.parents.size === 0) addChild(inventory, 'all', group.name);
  }
  const ungrouped = addGroup(inventory, 'ungrouped');
  for (const host of inventory.hosts.values()) {
    if (host.groups.size > 1 && host.groups.delete('ungrouped')) ungrouped.hosts.delete(host.name);
    else if (host.groups.size === 0) {
      host.groups.add('ungrouped');
      ungrouped.hosts.add(host.name);
    }
  }
  touch(inventory);
}

/** Names of all groups above a group. */
export function ancestors(inventory: Inventory, group: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [group];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const parent of inventory.groups.get(name)?.parents ?? []) {
      if (!seen.has(parent)) open.push(parent);
      seen.add(parent);
    }
  }
  return seen;
}

function touch(inventory: Inventory): void {
  inventory.version = (inventory.version ?? 0) + 1;
}
