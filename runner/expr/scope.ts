import type { Value } from './value.ts';

/** Where the names in an expression are looked up; values arrive rendered. */
export interface Scope {
  /** The variable's value, or JavaScript's undefined when there is no such variable. */
  lookup(name: string): Value | undefined;
  /** Every name it knows, where it can tell: for the `varnames` lookup. */
  names?(): Iterable<string>;
}

/** A filter, test, or global function of the language. The first argument of filters and tests is the piped value. */
export type Operation = (args: readonly Value[], named: ReadonlyMap<string, Value>, context: CallContext) => Value;

/** What an operation may need beside its arguments. */
export interface CallContext {
  readonly scope: Scope;
  readonly environment: Environment;
  /** The kind of folder `first_found` looks in: that of the task whose loop it is; `files` without it. */
  readonly kind?: 'files' | 'templates' | 'vars';
}

/** A lookup plugin: given its terms and options, returns a list. Runs on the controller. */
export type Lookup = (terms: readonly Value[], options: ReadonlyMap<string, Value>, context: CallContext) => readonly Value[];

/** The vocabulary an expression is compiled against. Names are plain or fully qualified (`ansible.builtin.x`). */
export interface Environment {
  readonly filters: ReadonlyMap<string, Operation>;
  readonly tests: ReadonlyMap<string, Operation>;
  readonly globals: ReadonlyMap<string, Value>;
  readonly lookups: ReadonlyMap<string, Lookup>;
  /** Decrypts an inline vault; absent when no password was given. */
  readonly vault?: (text: string) => string;
}
