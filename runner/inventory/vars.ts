import { ancestors } from './change.ts';
import { perVersion } from './members.ts';
import type { FolderVars, Group, Host, Inventory, VarLayer } from './model.ts';
import { byCodePoint } from '../util/code-point-order.ts';

/** Names that mean this machine when the inventory has no such host. */
export const LOCALHOST: readonly string[] = ['localhost', '127.0.0.1', '::1'];

const IMPLICIT_LOCALHOST: VarLayer = { origin: 'implicit localhost', vars: new Map([['ansible_connection', 'local']]) };

/** What is shared by all hosts in the same groups, by the names of those groups. */
const caches = perVersion(() => ({
  depths: new Map<string, number>(),
  families: new Map<string, readonly Group[]>(),
  shared: new Map<string, { folders: readonly FolderVars[]; layers: readonly VarLayer[] }>(),
  hosts: new Map<string, { folders: readonly FolderVars[]; layers: readonly VarLayer[] }>(),
}));

/**
 * Everything the inventory and the folders beside it and the playbook say of a host, weakest first:
 * inventory `all`, inventory groups, group_vars/all, group_vars of groups, inventory host, host_vars. Groups go from the
 * top of the tree down, then by priority, then by name. (That inventory groups are weaker than group_vars/all is Ansible's
 * default too.) A name of this machine that is no host of the inventory has the variables of `all`.
 */
export function hostLayers(inventory: Inventory, host: string): readonly VarLayer[] {
  const { hosts } = caches(inventory);
  const folders = [inventory.folders.inventory, inventory.folders.playbook];
  const known = hosts.get(host);
  if (known && sameFolders(known.folders, folders)) return known.layers;
  const entry = inventory.hosts.get(host);
  const own = entry ? { origin: originOf(entry, `host ${host}`), vars: entry.vars } : IMPLICIT_LOCALHOST;
  const layers = [...sharedLayers(inventory, entry?.groups ?? new Set()), own, ...folders.flatMap((each) => each.host.get(host) ?? [])];
  hosts.set(host, { folders, layers });
  return layers;
}

/** Names of the groups a host is in, groups above included, `all` left out: Ansible's `group_names`. */
export function groupNames(inventory: Inventory, host: string): readonly string[] {
  const groups = inventory.hosts.get(host)?.groups ?? new Set<string>();
  return family(inventory, groups).map((group) => group.name).sort(byCodePoint);
}

/** Layers of a group alone, weakest first: what the inventory says of it, then its group_vars. */
export function groupLayers(inventory: Inventory, name: string): readonly VarLayer[] {
  const group = inventory.groups.get(name);
  const { folders } = inventory;
  return [...(group ? [groupLayer(group)] : []), ...(folders.inventory.group.get(name) ?? []), ...(folders.playbook.group.get(name) ?? [])];
}

function sharedLayers(inventory: Inventory, direct: ReadonlySet<string>): readonly VarLayer[] {
  const { shared } = caches(inventory);
  const { folders } = inventory;
  const key = [...direct].join('\n');
  const known = shared.get(key);
  if (known && sameFolders(known.folders, [folders.inventory, folders.playbook])) return known.layers;
  const all = inventory.groups.get('all');
  const groups = family(inventory, direct);
  const names = groups.map((group) => group.name);
  const layers = [
    ...(all ? [groupLayer(all)] : []),
    ...groups.map(groupLayer),
    ...(folders.inventory.group.get('all') ?? []),
    ...(folders.playbook.group.get('all') ?? []),
    ...folderLayers(folders.inventory, names),
    ...folderLayers(folders.playbook, names),
  ];
  shared.set(key, { folders: [folders.inventory, folders.playbook], layers });
  return layers;
}

function folderLayers(folder: FolderVars, names: readonly string[]): readonly VarLayer[] {
  return names.flatMap((name) => folder.group.get(name) ?? []).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
}

/** The groups and all groups above them but `all`, weakest first. */
function family(inventory: Inventory, direct: ReadonlySet<string>): readonly Group[] {
  const { families } = caches(inventory);
  const key = [...direct].join('\n');
  let groups = families.get(key);
  if (!groups) {
    const names = new Set([...direct].flatMap((name) => [name, ...ancestors(inventory, name)]));
    names.delete('all');
    groups = [...names].flatMap((name) => inventory.groups.get(name) ?? []).sort((a, b) => byStrength(inventory, a, b));
    families.set(key, groups);
  }
  return groups;
}

function byStrength(inventory: Inventory, a: Group, b: Group): number {
  return depth(inventory, a.name) - depth(inventory, b.name) || a.priority - b.priority || byCodePoint(a.name, b.name);
}

/** Length of the longest way from the top of the tree. */
function depth(inventory: Inventory, name: string): number {
  const { depths } = caches(inventory);
  let known = depths.get(name);
  if (known === undefined) {
    known = 0;
    for (const parent of inventory.groups.get(name)?.parents ?? []) known = Math.max(known, depth(inventory, parent) + 1);
    depths.set(name, known);
  }
  return known;
}

function groupLayer(group: Group): VarLayer {
  return { origin: originOf(group, `[${group.name}:vars]`), vars: group.vars };
}

function originOf(entity: Host | Group, what: string): string {
  return entity.at ? `${entity.at.file.path} ${what}` : what;
}

function sameFolders(a: readonly FolderVars[], b: readonly FolderVars[]): boolean {
  return a.every((each, index) => each === b[index]);
}
