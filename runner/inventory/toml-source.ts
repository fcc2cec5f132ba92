import { Float } from '../expr/value.ts';
import { warning } from '../source/diagnostic.ts';
import { parseToml, type TomlDict, type TomlNode } from '../source/toml.ts';
import type { Span } from '../source/span.ts';
import type { Tree } from '../template/tree.ts';
import { didYouMean } from '../util/suggest.ts';
import { addChild, addGroup, addHost, setGroupVar } from './change.ts';
import { hostNames } from './range.ts';
import { checkGroupName, plainTemplate, refuse, type Reading } from './source.ts';

const SECTIONS = ['vars', 'children', 'hosts'];

/** Reads a TOML inventory: tables of groups, with `hosts` and `vars` as tables and `children` as an array of names. */
export function readTomlInventory(reading: Reading): void {
  const parsed = parseToml(reading.file);
  if ('wrong' in parsed) {
    refuse(reading, parsed.wrong.code, parsed.wrong.message, parsed.wrong.span, parsed.wrong.help);
    return;
  }
  const { root } = parsed;
  if (root.size === 0) refuse(reading, 'inventory-shape', 'a TOML inventory has a table for each group, and this file has none', placeOf(reading, ''), 'begin with [web.hosts]');
  else if (truthy(root.get('plugin'))) refuse(reading, 'inventory-plugin', 'the configuration of an inventory plugin must be YAML', placeOf(reading, 'plugin'));
  else for (const [name, data] of root) readGroup(reading, name, data);
}

function readGroup(reading: Reading, name: string, data: TomlNode): void {
  const at = placeOf(reading, name);
  if (!isDict(data)) {
    reading.diagnostics.push(warning('inventory-group', `'${name}' is no table and is ignored: it stands where groups stand`, at));
    return;
  }
  const { inventory } = reading;
  if (!inventory.groups.has(name)) checkGroupName(reading, name, at);
  const group = addGroup(inventory, name, at);
  for (const [section, content] of data) {
    const wrong = (wanted: string): void => refuse(reading, 'inventory-group', `'${section}' of the group '${name}' must be ${wanted}`, placeOf(reading, section, at.start));
    if (section === 'vars') {
      if (!isDict(content)) wrong('a table');
      else for (const [variable, value] of content) {
        const refused = setGroupVar(inventory, group, variable, treeOf(reading, value));
        if (refused !== undefined) refuse(reading, 'group-priority', refused, placeOf(reading, variable, at.start));
      }
    } else if (section === 'children') {
      if (!Array.isArray(content)) wrong('an array of names');
      else for (const child of content as readonly TomlNode[]) readChild(reading, name, child, at);
    } else if (section === 'hosts') {
      if (!isDict(content)) wrong('a table');
      else for (const [pattern, vars] of content) readHosts(reading, name, pattern, vars, at.start);
    } else {
      const help = didYouMean(section, SECTIONS, 'a group has only hosts, children and vars; variables go into its table vars');
      reading.diagnostics.push(warning('inventory-group', `the key '${section}' of the group '${name}' is ignored`, placeOf(reading, section, at.start), help));
    }
  }
}

function readChild(reading: Reading, group: string, child: TomlNode, at: Span): void {
  if (typeof child !== 'string' || child === '') {
    refuse(reading, 'group-name', 'the name of a group must be a text', at, 'put it in quotes');
    return;
  }
  readGroup(reading, child, new Map());
  const wrong = addChild(reading.inventory, group, child);
  if (wrong !== undefined) refuse(reading, 'group-loop', wrong, placeOf(reading, child, at.start), 'take one of the groups out of the children');
}

function readHosts(reading: Reading, group: string, pattern: string, vars: TomlNode, behind: number): void {
  const at = placeOf(reading, pattern, behind);
  const named = hostNames(pattern);
  if ('error' in named) {
    refuse(reading, 'host-name', named.error, at);
    return;
  }
  if (!isDict(vars)) {
    refuse(reading, 'host-vars', `the variables of the host '${pattern}' must be a table`, at, `write ${JSON.stringify(pattern)} = {}`);
    return;
  }
  const { inventory, source, folder } = reading;
  const variables = [...vars].map(([name, value]): [string, Tree] => [name, treeOf(reading, value)]);
  for (const name of named.hosts) {
    const host = addHost(inventory, name, { group, source, folder, at, ...(named.port !== undefined && { port: named.port }) });
    for (const [variable, value] of variables) host.vars.set(variable, value);
  }
}

function treeOf(reading: Reading, value: TomlNode): Tree {
  if (typeof value === 'string') return plainTemplate(value, reading.file, 0, reading.file.text.length);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === 'number') return Number.isInteger(value) ? new Float(value) : value;
  if (isDict(value)) return new Map([...value].map(([key, each]) => [key, treeOf(reading, each)]));
  return Array.isArray(value) ? (value as readonly TomlNode[]).map((each) => treeOf(reading, each)) : (value as boolean);
}

/** Where a name stands as a word: the parser tells no places of what it accepts. */
function placeOf({ file }: Reading, name: string, behind = 0): Span {
  const isWord = (character: string | undefined): boolean => character !== undefined && /[\w-]/.test(character);
  let start = name === '' ? -1 : file.text.indexOf(name, behind);
  while (start !== -1 && (isWord(file.text[start - 1]) || isWord(file.text[start + name.length]))) start = file.text.indexOf(name, start + 1);
  start = Math.max(0, start);
  return { file, start, end: Math.min(file.text.length, start + Math.max(1, name.length)) };
}

function isDict(node: TomlNode | undefined): node is TomlDict {
  return node instanceof Map;
}

/** As Python has it: a `plugin` that says nothing is none. */
function truthy(node: TomlNode | undefined): boolean {
  if (Array.isArray(node)) return node.length > 0;
  return isDict(node) ? node.size > 0 : Boolean(node);
}
