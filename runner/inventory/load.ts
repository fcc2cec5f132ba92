import type { Environment } from '../expr/scope.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { problem, warning } from '../source/diagnostic.ts';
import { SourceFile } from '../source/file.ts';
import type { FileReader } from '../source/reader.ts';
import { didYouMean } from '../util/suggest.ts';
import { parseYaml } from '../source/yaml.ts';
import { extensionOf, folderOf, nameOf, resolvePath, shownPath } from '../util/posix-path.ts';
import { emptyInventory, reconcile } from './change.ts';
import { readPluginConfig, type Surroundings } from './constructed.ts';
import { joinFolderVars, loadFolderVars } from './folder-vars.ts';
import { readHostList } from './host-list.ts';
import { readIni } from './ini.ts';
import { readTomlInventory } from './toml-source.ts';
import type { Inventory } from './model.ts';
import { readScript } from './script.ts';
import { refuse, type Reading } from './source.ts';
import { sourceFile, type Decrypt } from './vaulted-file.ts';
import { readYamlInventory } from './yaml-source.ts';

/** What reading inventories needs from outside. */
export interface InventoryContext {
  readonly files: FileReader;
  readonly cwd: string;
  /** Filters and tests for the expressions of `constructed` files. */
  readonly environment: Environment;
  /** Decrypts vaulted files of variables; see `loadFolderVars`. */
  readonly decrypt?: Decrypt;
}

/** Names in a folder of sources that are none. */
const NOT_SOURCES = /^\.|^(?:host_vars|group_vars|vars_plugins)$|~$|\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|ini|cfg|retry)$/;
const YAML_EXTENSIONS = ['.yml', '.yaml', '.json'];

/**
 * Reads inventory sources in order: INI and YAML files, scripts, host lists (`a,b,`), `constructed` files, folders of all
 * of these, and the group_vars/ and host_vars/ beside them. Everything wrong is a diagnostic; what could be read is there.
 */
export function loadInventory(sources: readonly string[], context: InventoryContext): { inventory: Inventory; diagnostics: readonly Diagnostic[] } {
  const inventory = emptyInventory(sources);
  const loading: Loading = { inventory, context, folders: new Set(), diagnostics: [] };
  const { folders } = loading;
  for (const source of sources) {
    if (source === '') continue;
    const path = resolvePath(context.cwd, source);
    const isFolder = context.files.isDirectory(path);
    if (source.includes(',') && !isFolder && readSafely(loading, path) === undefined) {
      readHostList(reading(loading, new SourceFile(source, source), source, undefined));
      continue;
    }
    if (isFolder) loadFolder(loading, path);
    else loadFile(loading, path);
    const folder = isFolder ? path : folderOf(path);
    // A folder met twice counts where it was met last.
    folders.delete(folder);
    folders.add(folder);
  }
  reconcile(inventory);
  const both = [...inventory.groups.keys()].filter((name) => inventory.hosts.has(name));
  for (const name of both) loading.diagnostics.push(warning('group-and-host', `'${name}' is both a group and a host`, inventory.hosts.get(name)?.at, 'rename one of them'));
  const complete = withFolders(loading);
  return { inventory: complete.inventory, diagnostics: [...loading.diagnostics, ...complete.diagnostics] };
}

/** The inventory read so far with the group_vars/ and host_vars/ beside its sources. */
function withFolders({ inventory, context, folders }: Loading): { inventory: Inventory; diagnostics: readonly Diagnostic[] } {
  const read = [...folders].map((folder, rank) => loadFolderVars(folder, context.files, { ...context, rank }));
  const joined = joinFolderVars(read.map((each) => each.vars));
  return { inventory: { ...inventory, folders: { inventory: joined, playbook: inventory.folders.playbook } }, diagnostics: read.flatMap((each) => each.diagnostics) };
}

interface Loading {
  readonly inventory: Inventory;
  readonly context: InventoryContext;
  /** Folders of the sources so far, in order of precedence. */
  readonly folders: Set<string>;
  readonly diagnostics: Diagnostic[];
}

function loadFolder(loading: Loading, folder: string): void {
  const { files } = loading.context;
  for (const name of files.list(folder) ?? []) {
    if (NOT_SOURCES.test(name)) continue;
    const path = resolvePath(folder, name);
    if (files.isDirectory(path)) loadFolder(loading, path);
    else loadFile(loading, path);
  }
}

function loadFile(loading: Loading, path: string): void {
  const { context, diagnostics } = loading;
  const label = shownPath(context.cwd, path);
  const extension = extensionOf(path);
  const unreadable: Diagnostic[] = [];
  const text = readSafely(loading, path, unreadable);
  if (unreadable.length > 0) {
    // A compiled program is no text.
    if (extension === '' && context.files.isExecutable(path)) readScript(reading(loading, new SourceFile(label, ''), path, folderOf(path)), path, context.files);
    else diagnostics.push(...unreadable);
    return;
  }
  if (text === undefined) {
    const neighbours = context.files.list(folderOf(path)) ?? [];
    diagnostics.push(problem('no-inventory', `there is no inventory '${label}'`, undefined, didYouMean(nameOf(path), neighbours, 'check the path given with -i')));
    return;
  }
  const file = sourceFile(label, text, path, context.decrypt, diagnostics);
  if (!file) return;
  const source = reading(loading, file, path, folderOf(path));
  // A text that merely happens to be executable (a shared folder, a careless chmod) is no program.
  if (text.startsWith('#!')) loadProgram(source, path, context.files);
  else if (extension === '.toml') readTomlInventory(source);
  else if (YAML_EXTENSIONS.includes(extension) || looksLikeYaml(file.text)) loadYaml(source, { environment: context.environment, withFolders: () => withFolders(loading).inventory });
  else readIni(source);
}

function loadYaml(source: Reading, surroundings: Surroundings): void {
  const { documents, diagnostics } = parseYaml(source.file);
  source.diagnostics.push(...diagnostics);
  const [root] = documents;
  if (!root || diagnostics.some((each) => each.severity === 'error')) return;
  if (root.kind === 'mapping') {
    const plugin = root.entries.find(({ key }) => key.value === 'plugin');
    if (plugin) readPluginConfig(source, root, plugin.value, surroundings);
    else readYamlInventory(source, root);
  } else if (!(root.kind === 'scalar' && root.value === null)) {
    refuse(source, 'inventory-shape', 'a YAML inventory is a dict of groups', root.span, 'begin with `all:` and put `hosts:` and `children:` below it');
  }
}

function loadProgram(source: Reading, path: string, files: FileReader): void {
  if (files.isExecutable(path)) readScript(source, path, files);
  else refuse(source, 'inventory-script', 'this script is not executable', headOf(source.file), `run chmod +x ${source.file.path}`);
}

/** A file without an extension: YAML begins with `---`, a brace, or `name:`; everything else is INI. */
function looksLikeYaml(text: string): boolean {
  const first = /^(?!\s*(?:#|$)).*$/m.exec(text)?.[0] ?? '';
  return /^(?:---(?:\s|$)|%YAML|\{|["']?[\w.-]+["']?:(?:\s|$))/.test(first);
}

function reading(loading: Loading, file: SourceFile, source: string, folder: string | undefined): Reading {
  return { inventory: loading.inventory, file, source, folder, diagnostics: loading.diagnostics };
}

function readSafely({ context }: Loading, path: string, diagnostics: Diagnostic[] = []): string | undefined {
  try {
    return context.files.read(path);
  } catch (error) {
    diagnostics.push(problem('unreadable-file', (error as Error).message));
    return undefined;
  }
}

function headOf(file: SourceFile): { file: SourceFile; start: number; end: number } {
  return { file, start: 0, end: file.line(1).length };
}
