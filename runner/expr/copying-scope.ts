import type { Scope } from './scope.ts';
import { isList, Tuple, type Value } from './value.ts';

/** A scope whose lists and dicts are copied on first sight, so that methods that change them leave the variables alone. */
export class CopyingScope implements Scope {
  readonly #inner: Scope;
  readonly #copies = new Map<string, Value>();

  constructor(inner: Scope) {
    this.#inner = inner;
  }

  lookup(name: string): Value | undefined {
    const known = this.#copies.get(name);
    if (known !== undefined) return known;
    const value = this.#inner.lookup(name);
    if (value === undefined) return undefined;
    const copy = deepCopy(value);
    this.#copies.set(name, copy);
    return copy;
  }

  names(): Iterable<string> {
    return this.#inner.names?.() ?? [];
  }
}

function deepCopy(value: Value): Value {
  if (value instanceof Tuple) return Tuple.from(value.map(deepCopy));
  if (isList(value)) return value.map(deepCopy);
  if (value instanceof Map) return new Map([...(value as Map<Value, Value>)].map(([key, inner]) => [key, deepCopy(inner)]));
  return value;
}
