import { bind, iterate, type Named } from './arguments.ts';
import { ExpressionError } from './errors.ts';
import { dictKey } from './operators.ts';
import { repr } from './text.ts';
import { isMapping, orElse, Tuple, type Mapping, type Value } from './value.ts';

type DictMethod = (dict: Mapping, args: readonly Value[], named: Named) => Value;

/** Python's methods of a dict. */
export const dictMethods: ReadonlyMap<string, DictMethod> = new Map<string, DictMethod>([
  ['get', (dict, args) => {
    const [key = null, fallback = null] = bind('get', ['key', 'default'], args, new Map(), 1);
    return orElse(dict.get(dictKey(key)), fallback);
  }],
  ['keys', (dict) => [...dict.keys()]],
  ['values', (dict) => values(dict)],
  ['items', (dict) => items(dict)],
  ['copy', (dict) => toMap(dict)],
  ['update', (dict, [other], named) => {
    const target = own(dict);
    if (other !== undefined) for (const [key, value] of toMap(other)) target.set(key, value);
    for (const [key, value] of named) target.set(key, value);
    return null;
  }],
  ['setdefault', (dict, [key = null, fallback = null]) => {
    if (!dict.has(dictKey(key))) own(dict).set(dictKey(key), fallback);
    return dict.get(dictKey(key)) ?? null;
  }],
  ['pop', (dict, [key = null, fallback]) => {
    const value = orElse<Value | undefined>(dict.get(dictKey(key)), fallback);
    if (value === undefined) throw new ExpressionError(repr(key));
    own(dict).delete(dictKey(key));
    return value;
  }],
  ['popitem', (dict) => {
    const last = items(dict).at(-1);
    if (!(last instanceof Tuple)) throw new ExpressionError('popitem(): dictionary is empty');
    own(dict).delete(last[0] ?? null);
    return last;
  }],
  ['clear', (dict) => {
    own(dict).clear();
    return null;
  }],
  ['fromkeys', (_dict, [keys = [], value = null]) => new Map(iterate(keys).map((key) => [dictKey(key), value]))],
  ['__setitem__', (dict, [key = null, value = null]) => {
    own(dict).set(dictKey(key), value);
    return null;
  }],
  ['__delitem__', (dict, [key = null]) => {
    own(dict).delete(dictKey(key));
    return null;
  }],
]);

function own(dict: Mapping): Map<Value, Value> {
  if (dict instanceof Map) return dict as Map<Value, Value>;
  throw new ExpressionError('this dict cannot be changed');
}

/** A dict's values, in order. */
function values(dict: Mapping): Value[] {
  return [...dict.keys()].map((key) => dict.get(key) ?? null);
}

/** A dict's `(key, value)` tuples, in order. */
export function items(dict: Mapping): Tuple[] {
  return [...dict.keys()].map((key) => Tuple.of<Value>(key, dict.get(key) ?? null) as Tuple);
}

/** `dict(value)`: a copy of a dict, or a dict of pairs. */
export function toMap(value: Value): Map<Value, Value> {
  if (isMapping(value)) return new Map([...value.keys()].map((key) => [key, value.get(key) ?? null]));
  return new Map(
    iterate(value).map((pair, index) => {
      const parts = iterate(pair);
      if (parts.length !== 2) throw new ExpressionError(`dictionary update sequence element #${index} has length ${parts.length}; 2 is required`);
      return [dictKey(parts[0] ?? null), parts[1] ?? null];
    }),
  );
}
