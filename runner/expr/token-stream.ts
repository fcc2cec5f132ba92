import { InputError, problem } from '../source/diagnostic.ts';
import { spanAt, type Origin } from '../source/span.ts';
import type { Token, TokenKind } from './lexer.ts';
import { own } from '../util/own.ts';

/** Nesting and operators beyond these are no expression a person wrote; deeper ones would exhaust the stack. */
const MAX_DEPTH = 100;
const MAX_OPERATORS = 1000;

/** A reader's position in the tokens of one expression. */
export class TokenStream {
  readonly origin: Origin;
  /** The whole text, where `{{ x }}` inside the expression counts as `(x)`: bare conditions in which someone wrote braces. */
  readonly braces: string | undefined;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #operators = 0;

  constructor(tokens: readonly Token[], origin: Origin, braces?: string) {
    this.#tokens = tokens;
    this.origin = origin;
    this.braces = braces;
  }

  get current(): Token {
    return this.peek(0);
  }

  /** The token `ahead` places after the current one; the end for ever. */
  peek(ahead: number): Token {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
    if (!token) throw new Error('a token list ends with an end token');
    return token;
  }

  /** End of the token before the current one. */
  get lastEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? this.current.start;
  }

  next(): Token {
    const token = this.current;
    this.#at++;
    return token;
  }

  is(kind: TokenKind, text?: string): boolean {
    const token = this.current;
    return token.kind === kind && (text === undefined || token.text === text);
  }

  /** Takes the operator or word if it is next. */
  skip(kind: 'op' | 'name', text: string): boolean {
    if (!this.is(kind, text)) return false;
    this.#at++;
    return true;
  }

  expect(kind: TokenKind, text?: string): Token {
    if (this.is(kind, text)) return this.next();
    if (text === ',' && BEGINS_VALUE.has(this.current.kind)) return this.fail(`a comma is missing between ${this.#before()} and ${this.describe()}`);
    if (text === ':') return this.missing("':'", 'a dict is written {KEY: VALUE}');
    return this.fail(`expected ${text === undefined ? KIND_NAMES[kind] : `'${text}'`}, found ${this.describe()}`);
  }

  /** The current token in words. */
  describe(): string {
    return described(this.current);
  }

  /** The token before the current one in words; undefined at the beginning. */
  #before(): string | undefined {
    const token = this.#tokens[this.#at - 1];
    return token && described(token);
  }

  /** Refuses the current token, or the end, because something else should stand there. */
  missing(what: string, help?: string): never {
    const before = this.#before();
    if (this.is('end') && before === undefined) return this.fail('this expression is empty', "write a variable's name, or take the braces away");
    const place = before === undefined ? `before ${this.describe()}` : this.is('end') ? `after ${before}` : `between ${before} and ${this.describe()}`;
    return this.fail(`${what} is missing ${place}`, help ?? `write it there, or take ${before ?? this.describe()} away`);
  }

  /** Refuses what stands behind a complete expression. */
  leftover(): never {
    const { kind, text } = this.current;
    const [message, help] = own(LEFTOVER, text) ?? [];
    if (kind !== 'string' && message !== undefined) return this.fail(message, help);
    if (BEGINS_VALUE.has(kind)) return this.fail(`an operator is missing between ${this.#before() ?? 'the beginning'} and ${this.describe()}`, "~ joins texts, 'and' and 'or' join conditions");
    return this.fail(`${this.describe()} has no meaning here`);
  }

  fail(message: string, help?: string, token: Token = this.current): never {
    throw new InputError([problem('expression-syntax', message, spanAt(this.origin, token.start, token.end), help)]);
  }

  /** Runs a reader one level deeper. */
  nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) this.fail('this expression is nested too deeply');
    const result = read();
    this.#depth--;
    return result;
  }

  /** Counts one operator, filter or subscript. */
  countOperator(): void {
    if (++this.#operators > MAX_OPERATORS) this.fail('this expression is too long');
  }
}

const KIND_NAMES: Readonly<Record<TokenKind, string>> = {
  name: 'a name', int: 'a number', float: 'a number', string: 'a string', op: 'an operator', end: 'the end of the expression',
};

/** Tokens that begin a value. */
const BEGINS_VALUE: ReadonlySet<TokenKind> = new Set(['name', 'int', 'float', 'string']);

/** What is meant by words that cannot follow a complete expression. */
const LEFTOVER: Readonly<Record<string, readonly [message: string, help: string]>> = {
  '=': ["'=' does not compare", 'write =='],
  ')': ["this ')' closes nothing", "take it away, or write '(' where it begins"],
  ']': ["this ']' closes nothing", "take it away, or write '[' where it begins"],
  '}': ["this '}' closes nothing", 'take it away'],
  not: ["'not' cannot follow a value", "write 'not in' or 'is not'"],
  else: ["this 'else' has no 'if'", 'write A if CONDITION else B'],
};

function described({ kind, text }: Token): string {
  if (kind === 'end') return 'the end of the expression';
  return kind === 'string' ? 'a string' : `'${text}'`;
}
