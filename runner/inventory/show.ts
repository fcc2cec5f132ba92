import { compareText } from '../expr/comparison.ts';
import { toText } from '../expr/text.ts';
import { Tuple, type Value } from '../expr/value.ts';
import { VaultText, type Tree } from '../template/tree.ts';
import { dumpJson } from './dump-json.ts';
import { dumpToml } from './dump-toml.ts';
import { dumpYaml } from './dump-yaml.ts';
import type { Inventory, VarLayer } from './model.ts';
import { selectHosts } from './pattern.ts';
import { plain, type Plain, type PlainKey } from './plain.ts';
import { groupLayers, hostLayers } from './vars.ts';

/** How an inventory is shown. */
export interface ShowOptions {
  /** YAML in place of JSON. */
  readonly yaml?: boolean;
  /** TOML in place of JSON. */
  readonly toml?: boolean;
  /** Variables of groups at the groups and only a host's own at the host, so that the output can be an inventory again. */
  readonly export?: boolean;
  /** Variables that win over all others; not part of an export. */
  readonly extraVars?: ReadonlyMap<string, Tree>;
  /** Dicts of several layers are merged, not replaced. */
  readonly mergeDicts?: boolean;
}

type Dict = Map<PlainKey, Plain>;

/** Never shown: what every run adds by itself. */
const INTERNAL = new Set(
  (
    'ansible_diff_mode ansible_config_file ansible_facts ansible_forks ansible_inventory_sources ansible_limit ansible_playbook_python ansible_run_tags ' +
    'ansible_skip_tags ansible_verbosity ansible_version inventory_dir inventory_file inventory_hostname inventory_hostname_short groups group_names omit playbook_dir'
  ).split(' '),
);

/** The whole inventory, as `ansible-inventory --list` prints it. */
export function showList(inventory: Inventory, options: ShowOptions = {}): string {
  if (options.toml === true && options.yaml !== true) return dumpToml(tomlForm(inventory, options));
  return options.yaml ? dumpYaml(yamlForm(inventory, options)) : dumpJson(jsonForm(inventory, options));
}

/** The variables of one host, as `ansible-inventory --host` prints them. */
export function showHost(inventory: Inventory, host: string, options: ShowOptions = {}): string {
  const vars = hostVars(inventory, host, options);
  if (options.toml === true && options.yaml !== true) return dumpToml(vars);
  return options.yaml ? dumpYaml(vars) : dumpJson(vars);
}

/** Groups and hosts as a tree, as `ansible-inventory --graph` prints it; undefined when there is no such group. */
export function showGraph(inventory: Inventory, group = 'all', options: ShowOptions & { vars?: boolean } = {}): string | undefined {
  if (!inventory.groups.has(group)) return undefined;
  return graphLines(inventory, group, 0, options).join('\n');
}

function jsonForm(inventory: Inventory, options: ShowOptions): Dict {
  const result: Dict = new Map();
  const addGroup = (name: string): void => {
    const group = inventory.groups.get(name);
    if (!group || result.has(name)) return;
    const entry: Dict = new Map();
    result.set(name, entry);
    if (name !== 'all' && group.hosts.size > 0) entry.set('hosts', [...group.hosts]);
    if (group.children.size > 0) entry.set('children', [...group.children]);
    for (const child of group.children) addGroup(child);
    const vars = options.export ? groupVars(inventory, name, options) : new Map();
    if (vars.size > 0) entry.set('vars', vars);
  };
  addGroup('all');
  for (const [name, entry] of result) if ((entry as Dict).size === 0) result.delete(name);
  const hostvars: Dict = new Map();
  for (const host of selectHosts(inventory, 'all').hosts) {
    const vars = hostVars(inventory, host, options);
    if (vars.size > 0) hostvars.set(host, vars);
  }
  return result.set('_meta', new Map([['hostvars', hostvars]]));
}

function yamlForm(inventory: Inventory, options: ShowOptions): Dict {
  const shown = new Set<string>();
  const entryOf = (name: string): Dict => {
    const group = inventory.groups.get(name);
    const entry: Dict = new Map();
    const children: Dict = new Map();
    for (const child of group?.children ?? []) children.set(child, entryOf(child));
    const hosts: Dict = new Map();
    for (const host of name === 'all' ? [] : (group?.hosts ?? [])) {
      // A host in several groups has its variables at the first.
      hosts.set(host, shown.has(host) ? new Map() : hostVars(inventory, host, options));
      shown.add(host);
    }
    const vars = options.export ? groupVars(inventory, name, options) : new Map();
    for (const [key, value] of [['children', children], ['hosts', hosts], ['vars', vars]] as const) if (value.size > 0) entry.set(key, value);
    return entry;
  };
  return new Map([['all', entryOf('all')]]);
}

/** Every group at the top, whatever its parents; `all` only has variables. */
function tomlForm(inventory: Inventory, options: ShowOptions): Dict {
  const shown = new Set<string>();
  const hasUngrouped = (inventory.groups.get('ungrouped')?.hosts.size ?? 0) > 0;
  const formOf = (name: string): Dict => {
    const group = inventory.groups.get(name);
    const entry: Dict = new Map();
    const result: Dict = new Map([[name, entry]]);
    const children = [...(group?.children ?? [])].filter((child) => child !== 'ungrouped' || hasUngrouped);
    for (const child of children) for (const [key, value] of formOf(child)) result.set(key, value);
    if (name !== 'all' && children.length > 0) entry.set('children', children);
    const hosts: Dict = new Map();
    for (const host of name === 'all' ? [] : (group?.hosts ?? [])) {
      hosts.set(host, shown.has(host) ? new Map() : hostVars(inventory, host, options));
      shown.add(host);
    }
    const vars = options.export ? groupVars(inventory, name, options) : new Map();
    for (const [key, value] of [['hosts', hosts], ['vars', vars]] as const) if (value.size > 0) entry.set(key, value);
    if (entry.size === 0) result.delete(name);
    return result;
  };
  return formOf('all');
}

function graphLines(inventory: Inventory, name: string, depth: number, options: ShowOptions & { vars?: boolean }): string[] {
  const group = inventory.groups.get(name);
  const vars = (dict: Dict, at: number): string[] =>
    options.vars === true ? [...dict].sort(([a], [b]) => compareText(String(a), String(b))).map(([key, value]) => branch(`{${String(key)} = ${pythonText(value)}}`, at)) : [];
  const lines = [branch(`@${name}:`, depth)];
  for (const child of group?.children ?? []) lines.push(...graphLines(inventory, child, depth + 1, options));
  for (const host of name === 'all' ? [] : (group?.hosts ?? [])) lines.push(branch(host, depth + 1), ...vars(hostVars(inventory, host, options), depth + 2));
  return [...lines, ...vars(groupVars(inventory, name, options), depth + 1)];
}

function branch(text: string, depth: number): string {
  return depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`;
}

function pythonText(value: Plain): string {
  const simple = (each: Plain): Value => {
    if (each instanceof VaultText) return each.text;
    if (each instanceof Tuple) return Tuple.from(each as readonly Plain[], simple);
    if (Array.isArray(each)) return each.map(simple);
    if (each instanceof Map) return new Map([...(each as Dict)].map(([key, inner]) => [key, simple(inner)]));
    return each as Value;
  };
  return toText(simple(value));
}

function hostVars(inventory: Inventory, host: string, options: ShowOptions): Dict {
  const layers = hostLayers(inventory, host);
  if (!options.export) return merged(options.extraVars ? [...layers, { origin: 'extra', vars: options.extraVars }] : layers, options);
  const { folders } = inventory;
  const own = { origin: host, vars: inventory.hosts.get(host)?.vars ?? new Map() };
  return merged([own, ...(folders.inventory.host.get(host) ?? []), ...(folders.playbook.host.get(host) ?? [])], options);
}

function groupVars(inventory: Inventory, name: string, options: ShowOptions): Dict {
  const vars = merged(groupLayers(inventory, name), options);
  const priority = inventory.groups.get(name)?.priority ?? 1;
  return priority === 1 ? vars : vars.set('ansible_group_priority', priority);
}

function merged(layers: readonly VarLayer[], { mergeDicts = false }: ShowOptions): Dict {
  const dict: Dict = new Map();
  for (const layer of layers) {
    for (const [name, value] of layer.vars) if (!INTERNAL.has(name)) dict.set(name, mergeDicts ? over(dict.get(name), plain(value)) : plain(value));
  }
  return dict;
}

/** The stronger of two values; dicts are put together, dicts in them too. */
function over(weaker: Plain | undefined, stronger: Plain): Plain {
  if (!(weaker instanceof Map) || !(stronger instanceof Map)) return stronger;
  const dict: Dict = new Map(weaker as Dict);
  for (const [key, value] of stronger as Dict) dict.set(key, over(dict.get(key), value));
  return dict;
}
