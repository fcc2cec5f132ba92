import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { builtinControls, builtinTasks } from '../../../tasks/index.ts';
import { InputError, problem } from '../../source/diagnostic.ts';
import { didYouMean } from '../../util/suggest.ts';
import { diskReader } from '../../source/disk.ts';
import type { AnyControl } from '../../task/control.ts';
import type { AnyTask } from '../../task/define.ts';
import { createRegistry } from '../../task/registry.ts';
import { loadUserTasks } from '../load/user-tasks.ts';
import { docMarkdown, indexMarkdown } from './doc-markdown.ts';
import { docList, docSnippet, docText } from './doc-text.ts';
import { moduleDoc, type ModuleDoc } from './module-doc.ts';
import { describeWords, type WordType } from './vocabulary.ts';

/** What `rollcall doc` was asked for. */
export interface DocOptions {
  readonly list?: boolean;
  readonly json?: boolean;
  readonly snippet?: boolean;
  readonly markdown?: string;
  readonly type?: 'module' | WordType;
  /** Folders with modules of the user's own. */
  readonly taskPath: readonly string[];
}

/** The text that `rollcall doc` prints. @throws InputError for a name that does not exist */
export async function showDoc(names: readonly string[], options: DocOptions): Promise<string> {
  const { type = 'module', list = false } = options;
  if (type !== 'module') {
    const words = describeWords(type, list ? [] : names);
    return options.json === true ? json(words) : words.map(({ name, where }) => `${where ? `${name.padEnd(20)} ${where.join(', ')}` : name}\n`).join('');
  }
  const modules = await knownModules(options.taskPath);
  if (options.markdown !== undefined) return writePages(allDocs(modules), options.markdown);
  const width = process.stdout.isTTY ? Math.min(process.stdout.columns, 110) : 110;
  if (names.length === 0 || list) {
    // As in ansible-doc, a word beside --list is the beginning of the names.
    const docs = allDocs(modules).filter((doc) => names.length === 0 || names.some((name) => doc.name.startsWith(name.replace(/^ansible\.builtin\.?/, ''))));
    return options.json === true ? json(docs) : docList(docs, width);
  }
  const docs = names.map((name) => findDoc(name, modules));
  if (options.json === true) return json(docs.length === 1 ? docs[0] : docs);
  return docs.map((doc) => (options.snippet === true ? docSnippet(doc) : docText(doc, width))).join('\n');
}

interface Modules {
  readonly tasks: readonly AnyTask[];
  readonly controls: readonly AnyControl[];
}

async function knownModules(folders: readonly string[]): Promise<Modules> {
  const user = await loadUserTasks(folders.map((folder) => resolve(folder)), diskReader());
  if (user.diagnostics.length > 0) throw new InputError(user.diagnostics);
  return { tasks: [...builtinTasks, ...user.tasks], controls: [...builtinControls, ...user.controls] };
}

/** Every module once, by its own name, sorted. */
export function allDocs({ tasks, controls }: Modules = { tasks: builtinTasks, controls: builtinControls }): ModuleDoc[] {
  const docs = [...tasks.map((definition) => moduleDoc({ kind: 'task', definition })), ...controls.map((definition) => moduleDoc({ kind: 'control', definition }))];
  return docs.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function findDoc(name: string, { tasks, controls }: Modules): ModuleDoc {
  const registry = createRegistry(tasks, controls);
  const module = registry.find(name);
  if (!module) throw new InputError([problem('unknown-module', `there is no module '${name}'`, undefined, didYouMean(name, registry.names, '`rollcall doc` lists all modules'))]);
  return moduleDoc(module);
}

function writePages(docs: readonly ModuleDoc[], folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const doc of docs) writeFileSync(join(folder, `${doc.name}.md`), docMarkdown(doc));
  writeFileSync(join(folder, 'README.md'), indexMarkdown(docs));
  return `${docs.length} pages in ${folder}\n`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
