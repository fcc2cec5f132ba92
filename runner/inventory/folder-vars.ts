import type { Diagnostic } from '../source/diagnostic.ts';
import { problem, warning } from '../source/diagnostic.ts';
import { SourceFile } from '../source/file.ts';
import type { FileReader } from '../source/reader.ts';
import { parseYaml } from '../source/yaml.ts';
import { treeFromYaml } from '../template/from-yaml.ts';
import { TemplateText, VaultText, type Tree } from '../template/tree.ts';
import { extensionOf, shownPath } from '../util/posix-path.ts';
import { scalarText } from './scalar-text.ts';
import type { FolderVars, VarLayer } from './model.ts';

/** What reading a folder of variables needs beside the files. */
export interface FolderVarsOptions {
  /** Turns the text of a vaulted file into its content; throws when it cannot. Without it vaulted files are errors. */
  readonly decrypt?: (text: string, path: string) => string;
  /** Paths in messages are shortened to be seen from here. */
  readonly cwd?: string;
  /** Position of this folder among several of its kind. */
  readonly rank?: number;
}

const EXTENSIONS = ['', '.yml', '.yaml', '.json'];
/** Endings that are never taken for the name of a group or host: what editors and people leave lying about. */
const LEFTOVERS = /~$|\.(?:swp|bak|orig|retry|pyc|pyo|rpm|md|txt|rst|ini|cfg|toml|j2|hbs|sh|py|disabled|off|example|sample|rpmnew|rpmsave)$/;
const VAULT = /^\$ANSIBLE_VAULT;/;

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
  const written = new SourceFile(label, text);
  const vaulted = VAULT.test(text);
  const file = vaulted ? decrypted(reading, written, path) : written;
  if (!file) return undefined;
  const { documents, diagnostics: found } = parseYaml(file);
  // The content of a vaulted file must not be shown: point at the file as it lies on the disk.
  diagnostics.push(...(vaulted ? found.map((each) => ({ ...each, span: headOf(written), related: [] })) : found));
  const [root, second] = documents;
  if (!root || (root.kind === 'scalar' && root.value === null)) return undefined;
  const at = vaulted ? headOf(written) : root.span;
  if (second) diagnostics.push(problem('vars-file', `${label} has more than one YAML document`, vaulted ? at : second.span, 'take out the line ---'));
  if (root.kind !== 'mapping') {
    diagnostics.push(problem('vars-file', `${label} must be a dict of variables`, at, 'write NAME: VALUE lines'));
    return undefined;
  }
  const vars = new Map<string, Tree>();
  for (const { key, value } of root.entries) {
    const tree = treeFromYaml(value);
    vars.set(scalarText(key), vaulted ? concealed(tree, written) : tree);
  }
  return { origin: label, vars, ...(options.rank !== undefined && { rank: options.rank }), ...(vaulted && { vaulted }) };
}

function readText(reading: Reading, path: string): string | undefined {
  try {
    return reading.files.read(path);
  } catch (error) {
    reading.diagnostics.push(problem('unreadable-file', (error as Error).message));
    return undefined;
  }
}

function decrypted(reading: Reading, file: SourceFile, path: string): SourceFile | undefined {
  const { decrypt } = reading.options;
  try {
    if (decrypt) return new SourceFile(file.path, decrypt(file.text, path));
    reading.diagnostics.push(problem('vault-password', `${file.path} is encrypted and there is no vault password`, headOf(file), 'give --vault-password-file or --ask-vault-pass'));
  } catch (error) {
    reading.diagnostics.push(problem('vault', `${file.path} cannot be decrypted: ${(error as Error).message}`, headOf(file)));
  }
  return undefined;
}

/** The same values, with origins that show the encrypted file instead of its content. */
function concealed(tree: Tree, file: SourceFile): Tree {
  const origin = { file, at: () => 0 };
  if (tree instanceof TemplateText) return new TemplateText(tree.text, origin);
  if (tree instanceof VaultText) return new VaultText(tree.text, origin);
  if (Array.isArray(tree)) return tree.map((each: Tree) => concealed(each, file));
  if (tree instanceof Map) return new Map([...tree].map(([key, each]) => [key, concealed(each, file)]));
  return tree;
}

function headOf(file: SourceFile): { file: SourceFile; start: number; end: number } {
  return { file, start: 0, end: file.line(1).length };
}

function shown({ options }: Reading, path: string): string {
  return options.cwd === undefined ? path : shownPath(options.cwd, path);
}
