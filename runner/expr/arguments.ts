import { ExpressionError } from './errors.ts';
import { truthy } from './convert.ts';
import { double, numeric } from './numbers.ts';
import { use } from './operators.ts';
import { toText, typeName } from './text.ts';
import { isList, isMapping, Nothing, type Value } from './value.ts';

/** Named arguments of a call. */
export type Named = ReadonlyMap<string, Value>;

/** No named arguments. */
export const NO_NAMED: Named = new Map();

/**
 * Puts positional and named arguments in the order of `params`, the first `required` of which must be given.
 * @throws ExpressionError as Python does
 */
export function bind(name: string, params: readonly string[], args: readonly Value[], named: Named, required = 0): (Value | undefined)[] {
  if (args.length > params.length) throw new ExpressionError(`${name}() takes at most ${params.length} arguments (${args.length} given)`);
  const bound: (Value | undefined)[] = params.map((_, index) => args[index]);
  for (const [key, value] of named) {
    const index = params.indexOf(key);
    if (index === -1) throw new ExpressionError(`${name}() got an unexpected keyword argument '${key}'`);
    if (index < args.length) throw new ExpressionError(`${name}() got multiple values for argument '${key}'`);
    bound[index] = value;
  }
  const missing = params.slice(0, required).filter((_, index) => bound[index] === undefined);
  if (missing.length > 0) {
    throw new ExpressionError(`${name}() missing ${missing.length} required positional argument${missing.length > 1 ? 's' : ''}: ${missing.map((each) => `'${each}'`).join(' and ')}`);
  }
  return bound;
}

/** An argument that must be an integer. */
export function asInt(value: Value | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const number = numeric(use(value));
  if (!number || 'float' in number) throw new ExpressionError(`'${typeName(value)}' object cannot be interpreted as an integer`);
  return Number(number.int);
}

/** An argument that must be a number. */
export function asNumber(value: Value | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const number = numeric(use(value));
  if (!number) throw new ExpressionError(`must be real number, not ${typeName(value)}`);
  return double(number);
}

/** An argument that must be text already. */
export function asString(value: Value | undefined, fallback = ''): string {
  if (value === undefined) return fallback;
  if (typeof use(value) !== 'string') throw new ExpressionError(`expected a string, got ${typeName(value)}`);
  return toText(value);
}

/** An argument taken as text, whatever it is. */
export function asText(value: Value | undefined, fallback = ''): string {
  return value === undefined ? fallback : toText(value);
}

/** An argument taken for its truth. */
export function asBool(value: Value | undefined, fallback = false): boolean {
  return value === undefined ? fallback : truthy(value);
}

/** Items of anything that Python can iterate: characters, list items, dict keys. */
export function iterate(value: Value): readonly Value[] {
  if (value instanceof Nothing) return [];
  use(value);
  if (isList(value)) return value;
  if (typeof value === 'string') return Array.from(value);
  if (isMapping(value)) return [...value.keys()];
  throw new ExpressionError(`'${typeName(value)}' object is not iterable`);
}
