import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtinControls, builtinTasks } from '../../../tasks/index.ts';
import { InputError, problem } from '../../source/diagnostic.ts';
import { didYouMean } from '../../util/suggest.ts';
import { createRegistry } from '../../task/registry.ts';
import { docMarkdown, indexMarkdown } from './doc-markdown.ts';
import { docList, docSnippet, docText } from './doc-text.ts';
import { moduleDoc, type ModuleDoc } from './module-doc.ts';

/** The text that `rollcall doc` prints. @throws InputError for a module that does not exist. */
export function showDoc(name: string | undefined, options: { json?: boolean; snippet?: boolean; markdown?: string }): string {
  if (options.markdown !== undefined) return writePages(allDocs(), options.markdown);
  const width = process.stdout.isTTY ? Math.min(process.stdout.columns, 110) : 110;
  if (name === undefined) return options.json === true ? json(allDocs()) : docList(allDocs(), width);
  const doc = findDoc(name);
  if (options.json === true) return json(doc);
  return options.snippet === true ? docSnippet(doc) : docText(doc, width);
}

/** Every module once, by its own name, sorted. */
export function allDocs(): ModuleDoc[] {
  const docs = [...builtinTasks.map((definition) => moduleDoc({ kind: 'task', definition })), ...builtinControls.map((definition) => moduleDoc({ kind: 'control', definition }))];
  return docs.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function findDoc(name: string): ModuleDoc {
  const registry = createRegistry(builtinTasks, builtinControls);
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
