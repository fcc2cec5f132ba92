import { InputError, problem } from '../source/diagnostic.ts';
import { spanAt, type Origin } from '../source/span.ts';
import type { Token, TokenKind } from './lexer.ts';

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
    return this.fail(`expected ${text === undefined ? KIND_NAMES[kind] : `'${text}'`}, found ${this.describe()}`);
  }

  /** The current token in words. */
  describe(): string {
    const { kind, text } = this.current;
    if (kind === 'end') return 'the end of the expression';
    return kind === 'string' ? 'a string' : `'${text}'`;
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
