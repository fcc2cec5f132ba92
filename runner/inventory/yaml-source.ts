import { didYouMean } from '../util/suggest.ts';
import type { YamlMapping, YamlNode, YamlScalar } from '../source/yaml-node.ts';
import { warning } from '../source/diagnostic.ts';
import { treeFromYaml } from '../template/from-yaml.ts';
import type { Tree } from '../template/tree.ts';
import { addChild, addGroup, addHost, setGroupVar } from './change.ts';
import { hostNames } from './range.ts';
import { scalarText } from './scalar-text.ts';
import { checkGroupName, refuse, type Reading } from './source.ts';

const SECTIONS = ['vars', 'children', 'hosts'];

/** Reads a YAML inventory (groups with `hosts`, `children`, `vars`) into the reading's inventory. */
export function readYamlInventory(reading: Reading, root: YamlMapping): void {
  for (const { key, value } of root.entries) readGroup(reading, key, value);
}

/** Returns the group's name when there is such a group afterwards. */
function readGroup(reading: Reading, key: YamlScalar, node: YamlNode | undefined): string | undefined {
  const name = key.value;
  if (typeof name !== 'string' || name === '') {
    refuse(reading, 'group-name', 'the name of a group must be a text', key.span, 'put it in quotes');
    return undefined;
  }
  if (node && node.kind !== 'mapping' && !isNull(node)) {
    refuse(reading, 'inventory-group', `the group '${name}' must be a dict of hosts, children and vars`, node.span, `put them below '${name}:', indented`);
    return undefined;
  }
  if (!reading.inventory.groups.has(name)) checkGroupName(reading, name, key.span);
  addGroup(reading.inventory, name, key.span);
  if (node?.kind === 'mapping') for (const section of node.entries) readSection(reading, name, section.key, section.value);
  return name;
}

function readSection(reading: Reading, group: string, key: YamlScalar, node: YamlNode): void {
  const section = scalarText(key);
  if (!SECTIONS.includes(section)) {
    const help = didYouMean(section, SECTIONS, 'a group has only hosts, children and vars; variables go below vars');
    reading.diagnostics.push(warning('inventory-group', `the key '${section}' of the group '${group}' is ignored`, key.span, help));
    return;
  }
  if (isNull(node)) return;
  const entries = sectionEntries(node);
  if (!entries) {
    refuse(reading, 'inventory-group', `'${section}' of the group '${group}' must be a dict`, node.span, 'end each name with a colon, without a dash before it');
    return;
  }
  for (const entry of entries) {
    if (section === 'vars') readVariable(reading, group, entry.key, entry.value);
    else if (section === 'hosts') readHost(reading, group, entry.key, entry.value);
    else readChild(reading, group, entry.key, entry.value);
  }
}

/** `hosts: name` is short for `hosts: {name: }`. */
function sectionEntries(node: YamlNode): readonly { key: YamlScalar; value: YamlNode | undefined }[] | undefined {
  if (node.kind === 'mapping') return node.entries;
  if (node.kind === 'scalar' && typeof node.value === 'string') return [{ key: node, value: undefined }];
  return undefined;
}

function readVariable(reading: Reading, group: string, key: YamlScalar, node: YamlNode | undefined): void {
  const wrong = setGroupVar(reading.inventory, addGroup(reading.inventory, group), scalarText(key), node ? treeFromYaml(node) : null);
  if (wrong) refuse(reading, 'group-priority', wrong, key.span);
}

function readChild(reading: Reading, group: string, key: YamlScalar, node: YamlNode | undefined): void {
  const child = readGroup(reading, key, node);
  if (child === undefined) return;
  const wrong = addChild(reading.inventory, group, child);
  if (wrong) refuse(reading, 'group-loop', wrong, key.span, 'take one of the groups out of the children');
}

function readHost(reading: Reading, group: string, key: YamlScalar, node: YamlNode | undefined): void {
  if (typeof key.value !== 'string' || key.value === '') {
    refuse(reading, 'host-name', 'the name of a host must be a text', key.span, 'put it in quotes');
    return;
  }
  if (node && node.kind !== 'mapping' && !isFalsy(node)) {
    refuse(reading, 'host-vars', `the variables of the host '${key.value}' must be a dict`, node.span);
    return;
  }
  const named = hostNames(key.value);
  if ('error' in named) {
    refuse(reading, 'host-name', named.error, key.span);
    return;
  }
  const variables: [string, Tree][] = node?.kind === 'mapping' ? node.entries.map((entry) => [scalarText(entry.key), treeFromYaml(entry.value)]) : [];
  const { inventory, source, folder } = reading;
  for (const name of named.hosts) {
    const host = addHost(inventory, name, { group, source, folder, at: key.span, ...(named.port !== undefined && { port: named.port }) });
    for (const [name, value] of variables) host.vars.set(name, value);
  }
}

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** An empty list or text after a host's name counts as no variables. */
function isFalsy(node: YamlNode): boolean {
  if (node.kind === 'sequence') return node.items.length === 0;
  return node.kind === 'scalar' && (node.value === null || node.value === '' || node.value === false || node.value === 0);
}
