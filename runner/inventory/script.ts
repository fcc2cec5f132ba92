import { SourceFile } from '../source/file.ts';
import type { FileReader } from '../source/reader.ts';
import { Float } from '../expr/value.ts';
import { TemplateText, type Tree } from '../template/tree.ts';
import { isObject, type Json, type JsonObject } from '../util/json.ts';
import { addChild, addGroup, addHost, setGroupVar } from './change.ts';
import { checkGroupName, refuse, type Reading } from './source.ts';

/** Runs an inventory script with `--list` (and `--host NAME` when it gives no `_meta`) and reads its JSON. */
export function readScript(reading: Reading, path: string, files: FileReader): void {
  const listing = runJson(reading, path, ['--list'], files);
  if (listing === undefined) return;
  const { _meta: meta, ...groups } = listing;
  const hosts = new Set<string>();
  for (const [name, data] of Object.entries(groups)) readGroup(reading, name, data, hosts);
  const hostvars = isObject(meta) ? meta['hostvars'] : undefined;
  for (const host of hosts) {
    const vars = hostvars === undefined ? runJson(reading, path, ['--host', host], files) : isObject(hostvars) ? (hostvars[host] ?? {}) : undefined;
    if (vars === undefined) return;
    if (!isObject(vars)) {
      refuse(reading, 'inventory-script', `${reading.source} gave variables of the host '${host}' that are no dict`, undefined);
      continue;
    }
    const target = addHost(reading.inventory, host, {});
    for (const [key, value] of Object.entries(vars)) target.vars.set(key, scriptTree(value, reading.file.path));
  }
}

function runJson(reading: Reading, path: string, args: readonly string[], files: FileReader): JsonObject | undefined {
  const called = `${reading.source} ${args.join(' ')}`;
  const { code, stdout, stderr } = files.run(path, args);
  const said = stderr.trim() === '' ? 'it wrote nothing to standard error' : `it wrote: ${stderr.trim().slice(0, 2000)}`;
  if (code !== 0) {
    refuse(reading, 'inventory-script', `${called} ended with exit code ${code}; ${said}`, undefined, 'run it by hand until it prints JSON and exits with 0');
    return undefined;
  }
  if (args[0] === '--host' && stdout.trim() === '') return {};
  try {
    const data = JSON.parse(stdout) as Json;
    if (isObject(data)) return data;
    refuse(reading, 'inventory-script', `${called} printed JSON that is no dict; ${said}`, undefined);
  } catch (error) {
    refuse(reading, 'inventory-script', `${called} printed no JSON (${(error as Error).message}); ${said}`, undefined);
  }
  return undefined;
}

function readGroup(reading: Reading, name: string, data: Json, hosts: Set<string>): void {
  const { inventory, source, folder } = reading;
  const isNew = !inventory.groups.has(name);
  if (isNew) checkGroupName(reading, name, undefined);
  const group = addGroup(inventory, name);
  const { hosts: members, vars, children } = groupParts(name, data);
  if (!Array.isArray(members) || !isObject(vars) || !Array.isArray(children)) {
    const part = !Array.isArray(members) ? 'hosts that are no list' : isObject(vars) ? 'children that are no list' : 'vars that are no dict';
    refuse(reading, 'inventory-script', `${source} gave the group '${name}' ${part}`, undefined);
    return;
  }
  for (const host of members as readonly Json[]) {
    if (typeof host !== 'string' || host === '') {
      refuse(reading, 'inventory-script', `${source} gave the group '${name}' a host whose name is ${JSON.stringify(host)}`, undefined);
      continue;
    }
    hosts.add(host);
    addHost(inventory, host, { group: name, source, folder });
  }
  for (const [key, value] of Object.entries(vars)) {
    const wrong = setGroupVar(inventory, group, key, scriptTree(value, reading.file.path));
    if (wrong) refuse(reading, 'group-priority', wrong, undefined);
  }
  for (const child of children as readonly Json[]) {
    const wrong = typeof child === 'string' ? addChild(inventory, name, addGroup(inventory, child).name) : `the group '${name}' has a child that is no name`;
    if (wrong) refuse(reading, 'group-loop', wrong, undefined);
  }
}

/** A group is a list of hosts, or a dict with any of three keys, or the variables of the one host it is named after. */
function groupParts(name: string, data: Json): { hosts: Json; vars: Json; children: Json } {
  if (!isObject(data)) return { hosts: data, vars: {}, children: [] };
  const { hosts, vars, children } = data;
  if (hosts === undefined && vars === undefined && children === undefined) return { hosts: [name], vars: data, children: [] };
  return { hosts: hosts ?? [], vars: vars ?? {}, children: children ?? [] };
}

/** Values of a script are written on the controller: their texts may be templates. An excerpt shows the text itself, not a page of JSON. */
function scriptTree(value: Json, path: string): Tree {
  if (typeof value === 'string') return /\{[{%#]/.test(value) ? new TemplateText(value, { file: new SourceFile(path, value), at: (offset) => offset }) : value;
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? new Float(value) : value;
  if (isList(value)) return value.map((each) => scriptTree(each, path));
  if (isObject(value)) return new Map(Object.entries(value).map(([key, each]) => [key, scriptTree(each, path)]));
  return value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
