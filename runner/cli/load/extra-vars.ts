import { resolve } from 'node:path';
import { parsePairs } from '../../playbook/split-args.ts';
import { textTree } from '../../playbook/trees.ts';
import { treeFromYaml } from '../../template/from-yaml.ts';
import { problem, type Diagnostic } from '../../source/diagnostic.ts';
import { ConcealedFile } from '../../source/concealed-file.ts';
import { SourceFile } from '../../source/file.ts';
import type { FileReader } from '../../source/reader.ts';
import { parseYaml } from '../../source/yaml.ts';
import type { Tree } from '../../template/tree.ts';
import { isVault } from '../../vault/vault.ts';

/** Extra variables, and what was wrong with them. */
export interface ExtraVars {
  readonly vars: ReadonlyMap<string, Tree>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the texts of `-e` as Ansible does: `@FILE` is YAML or JSON, a text that begins with `{` or `[` too, everything else
 * `key=value` words, whose values are strings. Later ones win. `decrypt` opens files that are vaults as a whole.
 */
export function parseExtraVars(texts: readonly string[], files: FileReader, options: { cwd?: string; decrypt?: (text: string) => string } = {}): ExtraVars {
  const vars = new Map<string, Tree>();
  const diagnostics: Diagnostic[] = [];
  for (const text of texts) {
    const read = parseOne(text, files, options);
    diagnostics.push(...read.diagnostics);
    for (const [name, value] of read.vars) vars.set(name, value);
  }
  return { vars, diagnostics };
}

function parseOne(text: string, files: FileReader, { cwd = process.cwd(), decrypt }: { cwd?: string; decrypt?: (text: string) => string }): ExtraVars {
  if (text.trim() === '') return { vars: new Map(), diagnostics: [] };
  if (text.startsWith('@')) {
    const path = resolve(cwd, text.slice(1));
    const content = files.read(path);
    if (content === undefined) return refused(problem('no-file', `there is no file '${text.slice(1)}' for --extra-vars`));
    return mapping(isVault(content) && decrypt ? new ConcealedFile(path, decrypt(content)) : new SourceFile(path, content));
  }
  const source = new SourceFile('--extra-vars', text);
  const span = { file: source, start: 0, end: text.length };
  if (/^[./]/.test(text)) return refused(problem('extra-vars', `'${text}' looks like a file`, span, `write @${text} to read variables from a file`));
  return /^[[{]/.test(text) ? mapping(source) : pairs(source);
}

/** `a=1 b="two words"`: as the words of a free-form task. */
function pairs(source: SourceFile): ExtraVars {
  const { text } = source;
  const span = { file: source, start: 0, end: text.length };
  const parsed = parsePairs(text);
  if (!parsed) return refused(problem('extra-vars', 'a quote or brace is not closed', span));
  if (parsed.pairs.length === 0) return refused(problem('extra-vars', `'${text}' holds no variables`, span, 'write key=value, {"key": "value"} or @FILE'));
  const vars = new Map(parsed.pairs.map(({ key, value, valueStart }): [string, Tree] => [key, textTree(value, { file: source, at: (offset) => Math.min(valueStart + offset, text.length - 1) })]));
  const diagnostics: Diagnostic[] = [];
  if (parsed.rest !== '') {
    diagnostics.push(problem('extra-vars', `'${parsed.rest}' is no key=value`, { file: source, start: parsed.restStart, end: parsed.restStart + parsed.rest.length }, 'a value with blanks needs quotes: key="two words"'));
  }
  return { vars, diagnostics };
}

function mapping(source: SourceFile): ExtraVars {
  const { documents, diagnostics } = parseYaml(source);
  const vars = new Map<string, Tree>();
  const found = [...diagnostics];
  for (const document of documents) {
    if (document.kind === 'scalar' && document.value === null) continue;
    if (document.kind !== 'mapping') found.push(problem('extra-vars', 'extra variables must be a mapping', document.span, 'write {"key": "value"}, or one key: value a line'));
    else for (const { key, value } of document.entries) vars.set(typeof key.value === 'object' ? '' : String(key.value), treeFromYaml(value));
  }
  return { vars, diagnostics: found };
}

function refused(diagnostic: Diagnostic): ExtraVars {
  return { vars: new Map(), diagnostics: [diagnostic] };
}
