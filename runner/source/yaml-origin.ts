import type { SourceFile } from './file.ts';
import type { Origin } from './span.ts';

/** Origin of a text that stands in its file letter by letter, from `base` on. */
export class ExactOrigin implements Origin {
  readonly file: SourceFile;
  readonly #base: number;

  constructor(file: SourceFile, base: number) {
    this.file = file;
    this.#base = base;
  }

  at(offset: number): number {
    return this.#base + offset;
  }
}

/** Origin of a scalar that was folded, unindented or unescaped: found by walking text and source side by side, when someone asks. */
export class AlignedOrigin implements Origin {
  readonly file: SourceFile;
  readonly #text: string;
  readonly #start: number;
  readonly #end: number;
  readonly #style: AlignedStyle;
  #table: readonly number[] | undefined;

  /** `start` is the first character after the quote or, of a block scalar, of the line after its header; `end` is exclusive. */
  constructor(file: SourceFile, text: string, start: number, end: number, style: AlignedStyle) {
    this.file = file;
    this.#text = text;
    this.#start = start;
    this.#end = end;
    this.#style = style;
  }

  at(offset: number): number {
    this.#table ??= align(this.#text, this.file.text.slice(this.#start, this.#end), this.#style);
    return this.#start + (this.#table[Math.max(0, Math.min(offset, this.#text.length))] ?? 0);
  }
}

type AlignedStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/** For every offset of the decoded text (its end included) the offset in its source. */
function align(text: string, source: string, style: AlignedStyle): number[] {
  const table: number[] = [];
  // On one line nothing is folded, and every blank counts.
  const folds = style !== 'literal' && /[\r\n]/.test(source);
  let at = folds ? skip(source, 0, BLANK) : 0;
  const indent = style === 'literal' ? indentation(source) : 0;
  if (style === 'literal') at = Math.min(source.length, afterIndent(source, 0, indent));
  for (const letter of units(text)) {
    // Blanks that folding dropped.
    if (folds && !BLANK.test(letter)) at = skip(source, at, BLANK);
    table.push(at);
    if (letter === '\n' && style === 'literal') {
      const next = source.indexOf('\n', at);
      at = next === -1 ? source.length : afterIndent(source, next + 1, indent);
    } else if (style === 'double' && source[at] === '\\') {
      at = afterEscape(source, at);
    } else if (letter === '\n') {
      at = skip(source, at, BLANK);
    } else if (letter === source[at]) {
      at += style === 'single' && letter === "'" ? 2 : 1;
    } else if (letter === ' ') {
      at = skip(source, at, BLANK);
    }
  }
  table.push(at);
  return table;
}

const BLANK = /[ \t\r\n]/;

function* units(text: string): Generator<string> {
  for (let index = 0; index < text.length; index++) yield text[index] ?? '';
}

function skip(source: string, at: number, what: RegExp): number {
  let next = at;
  while (next < source.length && what.test(source[next] ?? '')) next++;
  return next;
}

/** Columns of the first line that is not empty. */
function indentation(source: string): number {
  return /^(?:[ \t]*\r?\n)*( *)/.exec(source)?.[1]?.length ?? 0;
}

function afterIndent(source: string, lineStart: number, indent: number): number {
  let at = lineStart;
  while (at < lineStart + indent && source[at] === ' ') at++;
  return at;
}

const ESCAPE_LENGTH: ReadonlyMap<string, number> = new Map([
  ['x', 4],
  ['u', 6],
  ['U', 10],
]);

function afterEscape(source: string, at: number): number {
  const kind = source[at + 1] ?? '';
  if (kind === '\n' || kind === '\r') return skip(source, at + 1, BLANK);
  return at + (ESCAPE_LENGTH.get(kind) ?? 2);
}
