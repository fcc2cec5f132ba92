import type { Span } from '../source/span.ts';

/**
 * Values of the expression language: Python's, as Ansible playbooks know them.
 *
 * | Python | here |
 * |---|---|
 * | None, bool, str | null, boolean, string |
 * | int | number (an integer) or bigint beyond 2^53 |
 * | float | number when not whole; `Float` when whole, so that `2.0` stays `2.0` |
 * | list, tuple | array, `Tuple` |
 * | dict | anything with the reading half of `Map` (`Mapping`): insertion order, keys of any scalar type |
 *
 * `Undefined` and `Unknown` are values too: the first raises when used, the second flows.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | readonly Value[]
  | Mapping
  | Undefined
  | Unknown
  | Callable
  | Opaque
  | Omit;

/** A dict: `Map<Value, Value>` is one, and so are lazily rendered views (hostvars). */
export interface Mapping {
  get(key: Value): Value | undefined;
  has(key: Value): boolean;
  keys(): IterableIterator<Value>;
  readonly size: number;
}

/** Base of dicts that compute their values when asked; recognised by `isMapping`. */
export abstract class LazyMapping implements Mapping {
  abstract get(key: Value): Value | undefined;
  abstract has(key: Value): boolean;
  abstract keys(): IterableIterator<Value>;
  abstract get size(): number;
}

/** A float with a whole value, e.g. `2.0`. Non-whole floats are plain numbers. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A Python tuple: an array in every way but its string form. */
export class Tuple extends Array<Value> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** What `groupby` gives: a tuple `(grouper, list)` whose parts have these names too. */
export class GroupTuple extends Tuple {}

/** A name or attribute that does not exist: chains through attribute access, raises when used, is caught by `default` and `is defined`. */
export class Undefined {
  /** e.g. `'dict object' has no attribute 'x'` or `'x' is undefined`. */
  readonly hint: string;
  /** Where the missing name or attribute was written, when an expression met it. */
  readonly at: Span | undefined;
  constructor(hint: string, at?: Span) {
    this.hint = hint;
    this.at = at;
  }
}

/** What an `if` without `else` leaves: not defined, but empty wherever it is used. It is Jinja's own kind, which is not as strict as Ansible's. */
export class Nothing extends Undefined {}

/** A value that only a real run can know (check mode: the result of a task that was not applied). Flows through operators. */
export class Unknown {
  /** e.g. `the result of task 'Create the user'`. */
  readonly because: string;
  constructor(because: string) {
    this.because = because;
  }
}

/** A function value: globals such as `range`, bound methods such as `s.split`, macros. */
export class Callable {
  readonly name: string;
  readonly call: (args: readonly Value[], named: ReadonlyMap<string, Value>) => Value;
  constructor(name: string, call: (args: readonly Value[], named: ReadonlyMap<string, Value>) => Value) {
    this.name = name;
    this.call = call;
  }
}

/** An object of a library type (a date, a namespace, `loop`): known only by its attributes and its string form. */
export abstract class Opaque {
  /** Python's name of the type, e.g. `datetime.datetime`. */
  abstract readonly typeName: string;
  /** The attribute or bound method of that name. */
  abstract attribute(name: string): Value | undefined;
  /** What `str()` gives. */
  abstract text(): string;
  /** What calling it gives, or undefined when it is no function. */
  invoke(_args: readonly Value[], _named: ReadonlyMap<string, Value>): Value | undefined {
    return undefined;
  }
  /** Sum with another value, or undefined when there is none. */
  plus(_other: Value): Value | undefined {
    return undefined;
  }
  /** Difference to another value, or undefined when there is none. */
  minus(_other: Value): Value | undefined {
    return undefined;
  }
  /** Negative, zero or positive when the two can be ordered. */
  order(_other: Value): number | undefined {
    return undefined;
  }
}

/** The value of the `omit` variable: a parameter that has it is left out. A single instance, `OMIT`. */
export class Omit {}
/** The value of the `omit` variable. */
export const OMIT = new Omit();

/**
 * A value, or another one where there is none. Not `??`: `null` is Python's None and a value like any other.
 */
export function orElse<V>(value: V | undefined, fallback: V): V {
  return value === undefined ? fallback : value;
}

/** True for dicts, lazily computed ones included. */
export function isMapping(value: unknown): value is Mapping {
  return value instanceof Map || value instanceof LazyMapping;
}

/** True for lists and tuples. */
export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}
