import { Float, Tuple } from './value.ts';
import { pythonString } from './python-string.ts';

/** What a Python literal stands for; sets become lists. */
export type Literal = null | boolean | number | bigint | string | Float | readonly Literal[] | ReadonlyMap<LiteralKey, Literal>;
type LiteralKey = string | number | boolean | null | bigint;

/** Thrown for a text that is no Python literal. One for all: a stack trace for each address in 50,000 lines takes half a second. */
const NOT_LITERAL = new Error('no Python literal');

/** Deeper than anybody writes; keeps hostile text from exhausting the stack. */
const DEEPEST = 100;
const TOKEN = /(?:([rRuUbB]{0,2})('''|"""|'|")|((?=\.?[0-9])(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:[0-9](?:_?[0-9])*)?\.?(?:[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?)[jJ]?)(?![\w.])|(\w+)|(.))?/y;
const BLANKS = /(?:[ \t\f]+|#.*$)*/y;
/** Inside of brackets lines count for nothing. */
const LINES = /(?:\s+|#[^\n]*)*/y;

/**
 * Evaluates a text the way Ansible treats values of INI inventories: a Python literal gives its value
 * (`5`, `0x1f`, `'a'`, `[1, 2]`, `{'a': None}`), anything else stays the text it is.
 */
export function pythonLiteral(text: string): Literal {
  // Most values are bare words: do not start a parser for them.
  if (/^[A-Za-z_/~@%$*!?&<>=|^`][^'"]*$/.test(text) && !/^(?:True|False|None)\b/.test(text)) return text;
  try {
    return new LiteralReader(text, NO_NAMES).whole();
  } catch (error) {
    if (error === NOT_LITERAL) return text;
    throw error;
  }
}

const NO_NAMES: ReadonlyMap<string, Literal> = new Map();
const JSON_NAMES: ReadonlyMap<string, Literal> = new Map<string, Literal>([['true', true], ['false', false], ['null', null]]);

/** Reads a list or dict as Python or JSON writes it; undefined for a text that is none. */
export function containerLiteral(text: string): Literal | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return new LiteralReader(text.trimEnd(), JSON_NAMES).whole();
  } catch (error) {
    if (error === NOT_LITERAL) return undefined;
    throw error;
  }
}

type Token = { readonly kind: 'string'; readonly value: string; readonly bytes: boolean } | { readonly kind: 'number' | 'word' | 'mark' | 'end'; readonly text: string };

class LiteralReader {
  readonly #text: string;
  /** Words that stand for a value beside Python's own. */
  readonly #names: ReadonlyMap<string, Literal>;
  #at = 0;
  #next: Token;

  constructor(text: string, names: ReadonlyMap<string, Literal>) {
    this.#names = names;
    this.#text = text.replace(/^[ \t]+/, '');
    this.#next = this.#scan();
  }

  whole(): Literal {
    const value = this.#value(0);
    // Unparenthesised `1, 2` is a tuple.
    const items = this.#is(',') ? tuple([value, ...this.#items(0, 'end')]) : undefined;
    if (this.#next.kind !== 'end') throw NOT_LITERAL;
    return items ?? value;
  }

  #value(depth: number): Literal {
    if (depth > DEEPEST) throw NOT_LITERAL;
    const token = this.#take();
    switch (token.kind) {
      case 'string':
        return this.#joined(token);
      case 'number':
        return pythonNumber(token.text);
      case 'word':
        return this.#names.get(token.text) ?? (this.#names.has(token.text) ? null : keyword(token.text));
      case 'mark':
        return this.#marked(token.text, depth);
      case 'end':
        throw NOT_LITERAL;
    }
  }

  #marked(mark: string, depth: number): Literal {
    if (mark === '[') return this.#items(depth, ']', true);
    if (mark === '(') return this.#group(depth);
    if (mark === '{') return this.#braces(depth);
    if (mark === '-' || mark === '+') return this.#signed(mark, depth);
    throw NOT_LITERAL;
  }

  #joined(first: Extract<Token, { kind: 'string' }>): string {
    let value = first.value;
    while (this.#next.kind === 'string') {
      const next = this.#take() as Extract<Token, { kind: 'string' }>;
      if (next.bytes !== first.bytes) throw NOT_LITERAL;
      value += next.value;
    }
    return value;
  }

  #signed(sign: string, depth: number): Literal {
    // `--1` and `-'a'` are no literals; `-(1)` is.
    if (this.#next.kind !== 'number' && !this.#is('(')) throw NOT_LITERAL;
    const value = this.#value(depth + 1);
    if (!(typeof value === 'number' || typeof value === 'bigint' || value instanceof Float)) throw NOT_LITERAL;
    if (sign === '+' || value === 0) return value;
    return value instanceof Float ? new Float(-value.value) : -value;
  }

  #group(depth: number): Literal {
    if (this.#is(')')) {
      this.#take();
      return tuple([]);
    }
    const first = this.#value(depth + 1);
    if (this.#is(',')) return tuple([first, ...this.#items(depth, ')')]);
    this.#expect(')');
    return first;
  }

  #braces(depth: number): Literal {
    if (this.#is('}')) {
      this.#take();
      return new Map();
    }
    const entries = new Map<LiteralKey, Literal>();
    const first = this.#value(depth + 1);
    if (!this.#is(':')) {
      if (isContainer(first)) throw NOT_LITERAL;
      const items = this.#is(',') ? [first, ...this.#items(depth, '}')] : (this.#expect('}'), [first]);
      if (items.some(isContainer)) throw NOT_LITERAL;
      return [...new Set(items)];
    }
    for (let key = first; ; key = this.#value(depth + 1)) {
      this.#expect(':');
      if (isContainer(key)) throw NOT_LITERAL;
      entries.set(key instanceof Float ? key.value : key, this.#value(depth + 1));
      if (this.#is(',')) this.#take();
      else if (!this.#is('}')) throw NOT_LITERAL;
      if (this.#is('}')) {
        this.#take();
        return entries;
      }
    }
  }

  /** The rest of a list: standing at its first item (`first`) or at the comma after one. */
  #items(depth: number, close: ']' | ')' | '}' | 'end', first = false): Literal[] {
    const items: Literal[] = [];
    const closed = (): boolean => (close === 'end' ? this.#next.kind === 'end' : this.#is(close));
    for (let begun = !first; !closed(); begun = true) {
      if (begun) this.#expect(',');
      if (closed()) break;
      items.push(this.#value(depth + 1));
    }
    this.#take();
    if (close === 'end') this.#next = { kind: 'end', text: '' };
    return items;
  }

  #is(mark: string): boolean {
    return this.#next.kind === 'mark' && this.#next.text === mark;
  }

  #expect(mark: string): void {
    if (!this.#is(mark)) throw NOT_LITERAL;
    this.#take();
  }

  #take(): Token {
    const token = this.#next;
    if (token.kind !== 'end') this.#next = this.#scan();
    return token;
  }

  #scan(): Token {
    const blanks = this.#names === NO_NAMES ? BLANKS : LINES;
    blanks.lastIndex = this.#at;
    TOKEN.lastIndex = this.#at + (blanks.exec(this.#text)?.[0].length ?? 0);
    const match = TOKEN.exec(this.#text);
    if (!match) throw NOT_LITERAL;
    this.#at = TOKEN.lastIndex;
    const [, prefix = '', quote, number, word, mark] = match;
    if (quote !== undefined) {
      const string = pythonString(this.#text, this.#at, quote, prefix.toLowerCase());
      if (!string) throw NOT_LITERAL;
      this.#at = string.end;
      return { kind: 'string', value: string.value, bytes: prefix.toLowerCase().includes('b') };
    }
    if (number) return { kind: 'number', text: number };
    if (word !== undefined) return { kind: 'word', text: word };
    return mark === undefined ? { kind: 'end', text: '' } : { kind: 'mark', text: mark };
  }
}

function tuple(items: readonly Literal[]): readonly Literal[] {
  return Tuple.from(items);
}

function isContainer(value: Literal): value is readonly Literal[] | ReadonlyMap<LiteralKey, Literal> {
  return Array.isArray(value) || value instanceof Map;
}

function keyword(word: string): Literal {
  if (word === 'True') return true;
  if (word === 'False') return false;
  if (word === 'None') return null;
  throw NOT_LITERAL;
}

function pythonNumber(text: string): Literal {
  const plain = text.replace(/_/g, '');
  if (/^0[xob]/i.test(plain) || /^[0-9]+$/.test(plain)) {
    // `0644` is an error in Python, so it stays text; `00` is zero.
    if (/^0[0-9]*[1-9]/.test(plain)) throw NOT_LITERAL;
    const big = BigInt(plain);
    return big <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(big) : big;
  }
  if (/[jJ]$/.test(plain) || !/[0-9]/.test(plain)) throw NOT_LITERAL;
  const value = Number(plain);
  return Number.isInteger(value) ? new Float(value) : value;
}
