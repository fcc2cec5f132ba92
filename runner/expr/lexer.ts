import { InputError, problem } from '../source/diagnostic.ts';
import { spanAt, type Origin, type Span } from '../source/span.ts';
import { unescapeString } from './string-escapes.ts';
import { own } from '../util/own.ts';

/** What a token is. `op` is an operator or bracket, `end` the end of the expression. */
export type TokenKind = 'name' | 'int' | 'float' | 'string' | 'op' | 'end';

/** One word of an expression; offsets count in the text it stands in. */
export interface Token {
  readonly kind: TokenKind;
  /** As written; for strings the decoded content. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Where an expression stands, which decides what a backslash means: between `{{ }}` in YAML Ansible takes it raw,
 * in bare conditions, in statements and in files it escapes as in Python.
 */
export type Surface = 'condition' | 'template';

/** Longest first, so that `**` is not read as two `*`. */
const OPERATORS = ['**', '//', '==', '!=', '>=', '<=', '+', '-', '*', '/', '%', '~', '[', ']', '(', ')', '{', '}', '<', '>', '=', '.', ':', '|', ',', ';'];
const OPENING = new Map([['(', ')'], ['[', ']'], ['{', '}']]);
const CLOSING = new Set(OPENING.values());
const SPACE = /\s+/y;
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy;

/** The tokens of one expression and the offset where it ended (before the closing marker, if there is one). */
export interface Lexed {
  readonly tokens: readonly Token[];
  readonly end: number;
}

/**
 * Reads tokens from `from` up to `closer` (such as `}}`, possibly with `-` or `+` before it) outside brackets, or to the end of the text.
 * @throws InputError for characters and strings that no expression has.
 */
export function lexExpression(text: string, from: number, origin: Origin, surface: Surface, closer?: string): Lexed {
  const tokens: Token[] = [];
  const open: Bracket[] = [];
  const braces: Braces = { readable: true };
  let at = from;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const push = (kind: TokenKind, length: number, content?: string): void => {
    tokens.push({ kind, text: content ?? text.slice(at, at + length), start: at, end: at + length });
    at += length;
  };
  while (at < text.length) {
    const space = match(SPACE);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const innermost = open.at(-1);
    if (closer !== undefined && closes(text, at, closer)) {
      if (!innermost) break;
      // A dict in a dict ends as an expression does; no other bracket looks like its end.
      if (!closer.startsWith(innermost.closing)) throw neverClosed(innermost, origin, closer);
    }
    // A tag that begins inside of another: the other was never closed.
    if (closer !== undefined && text.startsWith('{%', at)) {
      at = text.length;
      break;
    }
    const number = match(FLOAT);
    if (number !== undefined) {
      push('float', number.length);
      continue;
    }
    const integer = match(INTEGER);
    if (integer !== undefined) {
      push('int', integer.length);
      continue;
    }
    const name = match(NAME);
    if (name !== undefined) {
      push('name', name.length);
      continue;
    }
    const quote = text[at];
    if (quote === '"' || quote === "'") {
      const end = stringEnd(text, at, quote, origin, surface === 'condition' && closer === undefined ? braces : undefined);
      push('string', end - at, stringContent(text, at, end, origin, surface));
      continue;
    }
    const operator = OPERATORS.find((each) => text.startsWith(each, at));
    if (operator === undefined) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      throw strange(character, spanAt(origin, at, at + character.length));
    }
    const closing = OPENING.get(operator);
    if (closing !== undefined) open.push({ opening: operator, closing, at });
    else if (innermost?.closing === operator) open.pop();
    else if (innermost && CLOSING.has(operator)) {
      throw new InputError([problem('expression-syntax', `'${operator}' does not close '${innermost.opening}'`, spanAt(origin, at, at + 1), `write '${innermost.closing}' there, or before it`)]);
    }
    push('op', operator.length);
  }
  const [unclosed] = open;
  if (closer === undefined && unclosed) throw neverClosed(unclosed, origin);
  tokens.push({ kind: 'end', text: closer ?? '', start: at, end: at });
  return { tokens, end: at };
}

interface Bracket {
  readonly opening: string;
  readonly closing: string;
  readonly at: number;
}

function neverClosed({ opening, closing, at }: Bracket, origin: Origin, before?: string): InputError {
  const help = before === undefined ? `write '${closing}' where it ends` : `write '${closing}' before '${before}'`;
  return new InputError([problem('expression-syntax', `'${opening}' is never closed`, spanAt(origin, at, at + 1), help)]);
}

/** What people write who think of another language, and what it is here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  '&': "write 'and'", '!': "write 'not', or != to compare", '?': 'write A if CONDITION else B', $: 'leave the $ out', '#': 'a comment is {# … #}, outside of the expression',
  '@': 'leave the @ out', '`': "put a text in ' or \"", '\\': 'leave the backslash out',
};

function strange(character: string, span: Span): InputError {
  const help = /[\u2018-\u201f\u00ab\u00bb]/.test(character) ? "put a text in straight quotes, ' or \"" : own(ELSEWHERE, character);
  return new InputError([problem('expression-syntax', `'${character}' has no meaning in an expression`, span, help)]);
}

function closes(text: string, at: number, closer: string): boolean {
  const mark = text[at];
  return text.startsWith(closer, mark === '-' || mark === '+' ? at + 1 : at);
}

/** Whether `{{` in strings is still looked at: after one that is no template, none of them is, or a text full of them takes for ever. */
interface Braces {
  readable: boolean;
}

/** Behind the closing quote. With `braces`, `{{ }}` in the string is passed over, with all quotes in it. */
function stringEnd(text: string, start: number, quote: string, origin: Origin, braces: Braces | undefined): number {
  for (let at = start + 1; at < text.length; at++) {
    const end = braces?.readable && text.startsWith('{{', at) ? endOfBraces(text, at, origin) : at;
    if (braces && end === undefined) braces.readable = false;
    if (end !== undefined && end > at) at = end;
    else if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  throw new InputError([problem('expression-syntax', `this string has no closing ${quote}`, spanAt(origin, start, start + 1), `write ${quote} at its end; put a text that has ${quote} in it into ${quote === '"' ? "'" : '"'}`)]);
}

/** The last brace of a `{{ x }}`; undefined when it is none. */
function endOfBraces(text: string, start: number, origin: Origin): number | undefined {
  try {
    const { end } = lexExpression(text, start + 2, origin, 'condition', '}}');
    return end === text.length ? undefined : text.indexOf('}}', end) + 1;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function stringContent(text: string, start: number, end: number, origin: Origin, surface: Surface): string {
  const content = text.slice(start + 1, end - 1).replace(/\r\n?/g, '\n');
  if (!content.includes('\\')) return content;
  const wrong = (message: string, help?: string): InputError => new InputError([problem('expression-syntax', message, spanAt(origin, start, end), help)]);
  if (surface === 'condition') {
    const decoded = unescapeString(content);
    if (decoded === undefined) throw wrong('this string has an incomplete escape', 'write \\\\ for a backslash');
    return decoded;
  }
  if (content.includes(`\\${text[start]}`)) throw wrong('a backslash does not escape a quote between {{ }} in YAML', 'use the other kind of quote around the string');
  return content;
}
