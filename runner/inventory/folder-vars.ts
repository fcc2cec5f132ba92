import { ConcealedFile } from '../source/concealed-file.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { problem, warning } from '../source/diagnostic.ts';
import type { FileReader } from '../source/reader.ts';
import { parseYaml } from '../source/yaml.ts';
import { treeFromYaml } from '../template/from-yaml.ts';
import { extensionOf, shownPath } from '../util/posix-path.ts';
import { scalarText } from './scalar-text.ts';
import { sourceFile, type Decrypt } from './vaulted-file.ts';
import type { FolderVars, VarLayer } from './model.ts';

/** What reading a folder of variables needs beside the files. */
export interface FolderVarsOptions {
  /** Without it vaulted files are errors. */
  readonly decrypt?: Decrypt;
  /** Paths in messages are shortened to be seen from here. */
  readonly cwd?: string;
  /** Position of this folder among several of its kind. */
  readonly rank?: number;
}

const EXTENSIONS = ['', '.yml', '.yaml', '.json'];
/** Endings that are never taken for the name of a group or host: what editors and people leave lying about. */
const LEFTOVERS = /~$|\.(?:swp|bak|orig|retry|pyc|pyo|rpm|md|txt|rst|ini|cfg|toml|j2|hbs|sh|py|disabled|off|example|sample|rpmnew|rpmsave)$/;

/** Reads `group_vars/` and `host_vars/` in a folder: files NAME, NAME.yml, NAME.yaml, NAME.json, or folders NAME of such files. */
export function loadFolderVars(folder: string, files: FileReader, options: FolderVarsOptions = {}): { vars: FolderVars; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const reading: Reading = { files, options, diagnostics };
  const vars = { group: readKind(reading, `${folder}/group_vars`), host: readKind(reading, `${folder}/host_vars`) };
  return { vars, diagnostics };
}

/** Puts several folders of one kind together, in order. */
export function joinFolderVars(folders: readonly FolderVars[]): FolderVars {
  return { group: joined(folders.map((each) => each.group)), host: joined(folders.map((each) => each.host)) };
}

interface Reading {
  readonly files: FileReader;
  readonly options: FolderVarsOptions;
  readonly diagnostics: Diagnostic[];
}

function joined(maps: readonly ReadonlyMap<string, readonly VarLayer[]>[]): ReadonlyMap<string, readonly VarLayer[]> {
  const all = new Map<string, readonly VarLayer[]>();
  for (const map of maps) for (const [name, layers] of map) all.set(name, [...(all.get(name) ?? []), ...layers]);
  return all;
}

function readKind(reading: Reading, folder: string): ReadonlyMap<string, readonly VarLayer[]> {
  const entries = reading.files.list(folder) ?? [];
  const found = new Map<string, Map<string, string>>();
  for (const entry of entries) {
    if (entry.startsWith('.') || LEFTOVERS.test(entry)) continue;
    const extension = EXTENSIONS.find((each) => each !== '' && entry.endsWith(each) && entry.length > each.length) ?? '';
    const name = entry.slice(0, entry.length - extension.length);
    const known = found.get(name) ?? new Map<string, string>();
    found.set(name, known.set(extension, entry));
  }
  const vars = new Map<string, readonly VarLayer[]>();
  for (const [name, choices] of found) {
    // The first of them counts and hides the others: Ansible's rule, and a trap worth a word.
    const [chosen, ...hidden] = EXTENSIONS.flatMap((extension) => choices.get(extension) ?? []);
    if (chosen === undefined) continue;
    const path = `${folder}/${chosen}`;
    for (const other of hidden) {
      const message = `${shown(reading, `${folder}/${other}`)} is not read, because ${shown(reading, path)} comes before it`;
      reading.diagnostics.push(warning('hidden-vars', message, undefined, `move its variables into ${shown(reading, path)}`));
    }
    const paths = reading.files.isDirectory(path) ? filesBelow(reading, path) : [path];
    vars.set(name, paths.flatMap((each) => readVars(reading, each) ?? []));
  }
  return vars;
}

/** Files of a folder NAME, in order, folders in it included; other extensions and hidden files are left alone. */
function filesBelow(reading: Reading, folder: string): string[] {
  return (reading.files.list(folder) ?? []).flatMap((entry) => {
    const path = `${folder}/${entry}`;
    const extension = extensionOf(entry);
    if (entry.startsWith('.') || entry.endsWith('~')) return [];
    if (reading.files.isDirectory(path)) return extension === '' ? filesBelow(reading, path) : [];
    return EXTENSIONS.includes(extension) ? [path] : [];
  });
}

function readVars(reading: Reading, path: string): VarLayer | undefined {
  const { options, diagnostics } = reading;
  const label = shown(reading, path);
  const text = readText(reading, path);
  if (text === undefined) return undefined;
  const file = sourceFile(label, text, path, options.decrypt, diagnostics);
  if (!file) return undefined;
  const { documents, diagnostics: found } = parseYaml(file);
  diagnostics.push(...found);
  const [root, second] = documents;
  if (!root || (root.kind === 'scalar' && root.value === null)) return undefined;
  if (second) diagnostics.push(problem('vars-file', `${label} has more than one YAML document`, second.span, 'take out the line ---'));
  if (root.kind !== 'mapping') {
    diagnostics.push(problem('vars-file', `${label} must be a dict of variables`, root.span, 'write NAME: VALUE lines'));
    return undefined;
  }
  const vars = new Map(root.entries.map(({ key, value }) => [scalarText(key), treeFromYaml(value)]));
  return { origin: label, vars, ...(options.rank !== undefined && { rank: options.rank }), ...(file instanceof ConcealedFile && { vaulted: true }) };
}

function readText(reading: Reading, path: string): string | undefined {
  try {
    return reading.files.read(path);
  } catch (error) {
    reading.diagnostics.push(problem('unreadable-file', (error as Error).message));
    return undefined;
  }
}

function shown({ options }: Reading, path: string): string {
  return options.cwd === undefined ? path : shownPath(options.cwd, path);
}
