import { InputError, problem } from '../source/diagnostic.ts';
import { spanAt, type Origin } from '../source/span.ts';
import { unescapeString } from './string-escapes.ts';

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
  const open: string[] = [];
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
    if (closer !== undefined && open.length === 0 && closes(text, at, closer)) break;
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
      const end = stringEnd(text, at, quote, origin);
      push('string', end - at, stringContent(text, at, end, origin, surface));
      continue;
    }
    const operator = OPERATORS.find((each) => text.startsWith(each, at));
    if (operator === undefined) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      throw new InputError([problem('expression-syntax', `unexpected character '${character}' in an expression`, spanAt(origin, at, at + character.length))]);
    }
    const closing = OPENING.get(operator);
    if (closing !== undefined) open.push(closing);
    else if (open.at(-1) === operator) open.pop();
    push('op', operator.length);
  }
  tokens.push({ kind: 'end', text: closer ?? '', start: at, end: at });
  return { tokens, end: at };
}

function closes(text: string, at: number, closer: string): boolean {
  const mark = text[at];
  return text.startsWith(closer, mark === '-' || mark === '+' ? at + 1 : at);
}

function stringEnd(text: string, start: number, quote: string, origin: Origin): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  throw new InputError([problem('expression-syntax', `this string has no closing ${quote}`, spanAt(origin, start, start + 1))]);
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
