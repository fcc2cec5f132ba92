import { InputError, problem, type Diagnostic } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/file.ts';
import type { Span } from '../source/span.ts';
import { didYouMean } from '../util/suggest.ts';
import type { SpannedUse } from './render.ts';

/** The parts of Handlebars' syntax tree that are looked at. */
interface Node {
  readonly type: string;
  readonly loc: Location;
}
/** A stretch of a template: lines from 1, columns from 0. */
export interface Location {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}
interface Path extends Node {
  original: string;
  readonly data: boolean;
  readonly depth: number;
  readonly parts: readonly string[];
}
interface Call extends Node {
  readonly path: Path;
  readonly params: readonly Node[];
  readonly hash?: { readonly pairs: readonly { readonly value: Node }[] };
}

/** What a template uses. */
export interface Usage {
  /** First words of all its paths: variables it may read. */
  readonly names: ReadonlySet<string>;
  /** Those of them without which it certainly fails: put out or asked for outside of every block. */
  readonly sure: readonly SpannedUse[];
  /** Arguments as written, by the place of their call. */
  readonly calls: ReadonlyMap<string, readonly string[]>;
}

/** Place of a call as a key. */
export function callKey({ start }: Location): string {
  return `${start.line}:${start.column}`;
}

/** A stretch of a template as a span. */
export function spanOf(file: SourceFile, { start, end }: Location): Span {
  return { file, start: offset(file, start), end: offset(file, end) };
}

function offset(file: SourceFile, { line, column }: Location['start']): number {
  return startOfLine(file, line) + column;
}

/** Where one of Handlebars' lines begins: it takes a lone carriage return for the end of a line, too. */
export function startOfLine(file: SourceFile, line: number): number {
  const ends = /\r\n?|\n/g;
  for (let each = 1; each < line; each++) ends.exec(file.text);
  return ends.lastIndex;
}

/**
 * Looks through a parsed template. `{{x}}` alone is always the variable, also when a filter has that name: its path is marked so.
 * @throws InputError for unknown helpers and for partials
 */
export function inspect(program: object, file: SourceFile, helpers: Iterable<string>): Usage {
  const known = new Set(helpers);
  const names = new Set<string>();
  const calls = new Map<string, readonly string[]>();
  const diagnostics: Diagnostic[] = [];
  const wrong = (message: string, at: Location, help?: string): void => void diagnostics.push(problem('template-syntax', message, spanOf(file, at), help));
  const path = (node: Path): void => {
    const [first, second] = node.parts;
    const name = node.data ? (first === 'root' ? second : undefined) : first;
    if (name !== undefined) names.add(name);
  };
  const call = (node: Call): void => {
    const given = [...node.params, ...(node.hash?.pairs.map((pair) => pair.value) ?? [])];
    const simple = node.path.type === 'PathExpression' && node.path.parts.length === 1 && node.path.depth === 0 && !node.path.data;
    if (given.length === 0) {
      // `this.x` is never taken for a helper.
      if (simple && node.type === 'MustacheStatement' && !/^(?:\.|this\b)/.test(node.path.original)) node.path.original = `this.${node.path.original}`;
    } else if (simple && !known.has(node.path.original)) {
      wrong(`there is no filter or test '${node.path.original}'`, node.path.loc, didYouMean(node.path.original, known));
    }
    calls.set(callKey(node.loc), node.params.map((each) => ('original' in each ? String(each.original) : each.type)));
  };
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      value.forEach(walk);
      return;
    }
    const node = value as Node;
    if (node.type === 'PathExpression') path(node as Path);
    if (node.type === 'MustacheStatement' || node.type === 'SubExpression' || node.type === 'BlockStatement') call(node as Call);
    if (node.type?.startsWith('Partial')) wrong('a template cannot include another one', node.loc, 'write it as a .j2 file, where {% include %} does');
    if (node.type?.startsWith('Decorator')) wrong('decorators are not available', node.loc, 'take it away');
    for (const [key, inner] of Object.entries(node)) if (key !== 'loc') walk(inner);
  };
  walk(program);
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  return { names, sure: sureUses(program, file), calls };
}

/** Blocks that refuse a missing value. */
const ASKING = new Set(['if', 'unless', 'each', 'with']);

function sureUses(program: object, file: SourceFile): readonly SpannedUse[] {
  const { body } = program as { readonly body: readonly Call[] };
  return body.flatMap((node): SpannedUse[] => {
    if (node.type !== 'MustacheStatement' && node.type !== 'BlockStatement') return [];
    const asked = node.type === 'BlockStatement' && ASKING.has(node.path.original) ? (node.params[0] as Path | undefined) : node.params.length === 0 ? node.path : undefined;
    const name = asked?.type === 'PathExpression' && !asked.data && asked.depth === 0 ? asked.parts[0] : undefined;
    return asked === undefined || name === undefined ? [] : [{ name, span: spanOf(file, asked.loc) }];
  });
}
