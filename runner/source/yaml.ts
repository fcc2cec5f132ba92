import { Composer, Lexer, Parser, type CST, type YAMLError } from 'yaml';
import { problem, type Diagnostic } from './diagnostic.ts';
import type { SourceFile } from './file.ts';
import { readBlockMapping } from './yaml-block.ts';
import { YamlBuilder } from './yaml-build.ts';
import { explainYamlError } from './yaml-error.ts';
import type { YamlNode } from './yaml-node.ts';
import { shallowly } from './yaml-shallow.ts';

/** Nesting that nobody writes by hand; beyond it a file is refused rather than trusted to fit the stack. */
const MAX_DEPTH = 100;

/** Characters from which on it counts how long a file takes to read. */
const LARGE = 100_000;

const OPTIONS = { version: '1.1', schema: 'failsafe', uniqueKeys: false, resolveKnownTags: false, prettyErrors: false, logLevel: 'silent' } as const;

/**
 * Reads YAML 1.1 as PyYAML (and so Ansible) does. Never throws: what is wrong is in `diagnostics`, and a document with a
 * syntax error is left out of `documents`.
 */
export function parseYaml(file: SourceFile): { documents: readonly YamlNode[]; diagnostics: readonly Diagnostic[] } {
  const flat = file.text.length > LARGE ? readBlockMapping(file) : undefined;
  return flat ? { documents: [flat], diagnostics: [] } : parseAnyYaml(file);
}

/** The same for every text, whatever its size. */
export function parseAnyYaml(file: SourceFile): { documents: readonly YamlNode[]; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const documents: YamlNode[] = [];
  const shallow = shallowly(file.text, (text) => new Lexer().lex(text));
  const { tokens, deep } = tokensOf(shallow.text);
  if (deep !== undefined) {
    const span = { file, start: deep, end: deep + 1 };
    return { documents, diagnostics: [problem('yaml-depth', `this file is nested more than ${MAX_DEPTH} levels deep`, span)] };
  }
  if (shallow.text !== file.text) for (const token of tokens) restore(token, file.text);
  // The failsafe schema leaves every plain scalar a string: PyYAML's resolution is ours to do.
  const composer = new Composer(OPTIONS);
  for (const document of composer.compose(tokens)) {
    const [error] = document.errors;
    if (error) {
      if (shallow.doubtful) return { documents, diagnostics: [...diagnostics, explainYamlError(firstError(file.text) ?? error, file)] };
      // One mistake makes a parser stumble many times: only the first complaint is worth reading.
      diagnostics.push(explainYamlError(error, file));
      continue;
    }
    documents.push(new YamlBuilder(file, diagnostics).build(document.contents, document.range[0]));
  }
  return { documents, diagnostics };
}

/** The parser's first complaint about a text as it stands. */
function firstError(text: string): YAMLError | undefined {
  for (const document of new Composer(OPTIONS).compose(tokensOf(text).tokens)) if (document.errors[0]) return document.errors[0];
  return undefined;
}

/** Gives scalars that were read with blanks for line breaks their own text again. */
function restore(root: CST.Token, text: string): void {
  const open: CST.Token[] = [root];
  for (let token = open.pop(); token; token = open.pop()) {
    if (token.type === 'scalar' || token.type === 'single-quoted-scalar' || token.type === 'double-quoted-scalar') {
      token.source = text.slice(token.offset, token.offset + token.source.length);
    }
    if (token.type === 'document' && token.value) open.push(token.value);
    if (!('items' in token)) continue;
    for (const item of token.items) {
      if ('key' in item && item.key) open.push(item.key);
      if (item.value) open.push(item.value);
    }
  }
}

/** The documents of a text as the parser's tokens, or where they are nested too deep. */
function tokensOf(text: string): { tokens: readonly CST.Token[]; deep: number | undefined } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    // Open collections are closed by recursion: thousands of them would not fit the stack. A level takes a few tokens at most.
    if (parser.stack.length > 4 * MAX_DEPTH) return { tokens, deep: parser.offset };
  }
  tokens.push(...parser.end());
  return { tokens, deep: tokens.map(tooDeep).find((offset) => offset !== undefined) };
}

/** Offset of the first token below the depth limit. Walks with a list of its own: the depth is the very thing in doubt. */
function tooDeep(root: CST.Token): number | undefined {
  const open: { token: CST.Token; depth: number }[] = [{ token: root, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    if (token.type === 'document' && token.value) open.push({ token: token.value, depth: depth + 1 });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      if ('key' in item && item.key) open.push({ token: item.key, depth: depth + 1 });
      if (item.value) open.push({ token: item.value, depth: depth + 1 });
    }
  }
  return undefined;
}
