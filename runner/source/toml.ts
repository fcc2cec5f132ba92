import { createRequire } from 'node:module';
import type * as SmolToml from 'smol-toml';
import type { SourceFile } from './file.ts';
import { problem, type Diagnostic } from './diagnostic.ts';

/** What stands in a TOML document: whole numbers are bigints, dates are texts in ISO form. */
export type TomlNode = string | number | bigint | boolean | readonly TomlNode[] | TomlDict;
/** A table of a TOML document, in its order. */
export type TomlDict = ReadonlyMap<string, TomlNode>;

/** Parses a TOML document (1.0, with what 1.1 adds). */
export function parseToml(file: SourceFile): { readonly root: TomlDict } | { readonly wrong: Diagnostic } {
  // Few runs read any TOML: the parser is loaded when the first document comes.
  const toml = createRequire(import.meta.url)('smol-toml') as typeof SmolToml;
  try {
    return { root: dictOf(toml.parse(file.text, { integersAsBigInt: true, maxDepth: MAX_DEPTH }), 0) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const place = error as { line?: unknown; column?: unknown };
    const [line, column] = [place.line, place.column].map((each) => (typeof each === 'number' ? each : 1));
    const start = offsetOf(file.text, line ?? 1, column ?? 1);
    const [said = ''] = error.message.split('\n');
    return { wrong: problem('toml-syntax', said.replace(/^Invalid TOML document: /, ''), { file, start, end: start + 1 }) };
  }
}

/** Deeper than any configuration, and than the stack is safe for. */
const MAX_DEPTH = 200;

/** The parser counts brackets only: dotted keys make tables in tables, too. */
function dictOf(table: Readonly<Record<string, unknown>>, depth: number): TomlDict {
  if (depth > MAX_DEPTH) throw new Error(`tables are nested deeper than ${MAX_DEPTH} levels`);
  return new Map(Object.entries(table).map(([key, value]) => [key, nodeOf(value, depth + 1)]));
}

function nodeOf(value: unknown, depth: number): TomlNode {
  if (Array.isArray(value)) return value.map((each) => nodeOf(each, depth));
  if (value instanceof Date) return value.toISOString().replace(/\.000(?=Z|[+-]|$)/, '').replace(/Z$/, '+00:00');
  if (typeof value === 'object' && value !== null) return dictOf(value as Record<string, unknown>, depth);
  return value as string | number | bigint | boolean;
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let left = line; left > 1; left--) {
    const end = text.indexOf('\n', start);
    if (end < 0) break;
    start = end + 1;
  }
  return Math.min(text.length, start + column - 1);
}
