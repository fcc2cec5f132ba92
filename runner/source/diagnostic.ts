import type { Span } from './span.ts';

/** Something wrong with the input, found before any host is touched. One cause, one fix. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable kebab-case identifier, e.g. `unknown-module`. */
  readonly code: string;
  /** The cause, in one sentence without a final full stop. */
  readonly message: string;
  readonly span?: Span;
  /** The fix, in one sentence. */
  readonly help?: string;
  /** Other places that explain this one, e.g. the first of two duplicates. */
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
}

/** Input that cannot be used: carries every diagnostic found so far. Caught once, by the command line. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((each) => each.message).join('\n'));
    this.diagnostics = diagnostics;
  }
}

/** Builds an error diagnostic. */
export function problem(code: string, message: string, span?: Span, help?: string): Diagnostic {
  return { severity: 'error', code, message, ...(span && { span }), ...(help && { help }) };
}

/** Builds a warning diagnostic. */
export function warning(code: string, message: string, span?: Span, help?: string): Diagnostic {
  return { severity: 'warning', code, message, ...(span && { span }), ...(help && { help }) };
}
