import type { Span } from '../source/span.ts';
import type { Unknown } from './value.ts';

/** An expression that could not be evaluated: a wrong type, a bad argument, a failing lookup. `span` is set when it came from a compiled expression. */
export class ExpressionError extends Error {
  override readonly name: string = 'ExpressionError';
  span: Span | undefined;
  constructor(message: string, span?: Span) {
    super(message);
    this.span = span;
  }
}

/** A missing name or attribute was used. The message is Ansible's: `'x' is undefined`. */
export class UndefinedError extends ExpressionError {
  override readonly name = 'UndefinedError';
}

/** Something needed the content of a value that only a real run can know. Operators turn it back into that `Unknown`. */
export class UnknownValueError extends Error {
  override readonly name = 'UnknownValueError';
  readonly unknown: Unknown;
  constructor(unknown: Unknown) {
    super(`depends on ${unknown.because}`);
    this.unknown = unknown;
  }
}
