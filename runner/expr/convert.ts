import type { Json, JsonObject } from '../util/json.ts';
import { ExpressionError, UndefinedError, UnknownValueError } from './errors.ts';
import { toText, typeName } from './text.ts';
import { Float, isList, isMapping, LazyMapping, Nothing, Opaque, Undefined, Unknown, type Value } from './value.ts';

export { toText };

/** JSON as a value: objects become dicts, whole numbers are integers. */
export function fromJson(json: Json): Value {
  if (json === null || typeof json !== 'object') return json;
  if (isJsonList(json)) return json.map(fromJson);
  return new Map<Value, Value>(Object.entries(json).map(([key, value]) => [key, fromJson(value)]));
}

function isJsonList(json: readonly Json[] | JsonObject): json is readonly Json[] {
  return Array.isArray(json);
}

/**
 * A value as JSON: floats as numbers, tuples as arrays, integers beyond 2^53 as text, keys as text.
 * @throws UndefinedError, UnknownValueError, ExpressionError for functions
 */
export function toJson(value: Value): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Float) return value.value;
  if (isList(value)) return value.map(toJson);
  if (isMapping(value)) {
    const json: Record<string, Json> = {};
    for (const key of value.keys()) define(json, jsonKey(key), toJson(value.get(key) ?? null));
    return json;
  }
  if (value instanceof Nothing) return '';
  if (value instanceof Undefined) throw new UndefinedError(value.hint, value.at);
  if (value instanceof Unknown) throw new UnknownValueError(value);
  if (value instanceof Opaque) return value.text();
  throw new ExpressionError(`a value of type '${typeName(value)}' cannot be written as JSON`);
}

/** A plain assignment would lose a key named `__proto__`. */
function define(target: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

/** A dict's key as JSON writes it: `true`, `null`, numbers as their digits. */
export function jsonKey(key: Value): string {
  if (typeof key === 'boolean') return key ? 'true' : 'false';
  return key === null ? 'null' : toText(key);
}

/** Python's truth of a value. @throws UndefinedError, UnknownValueError */
export function truthy(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null) return false;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number' || typeof value === 'bigint') return value != 0;
  if (value instanceof Float) return value.value !== 0;
  if (isList(value)) return value.length > 0;
  if (isMapping(value)) return value.size > 0;
  if (value instanceof Nothing) return false;
  if (value instanceof Undefined) throw new UndefinedError(value.hint, value.at);
  if (value instanceof Unknown) throw new UnknownValueError(value);
  return true;
}

/** The first `Unknown` at any depth of a value, or undefined. Lazily computed dicts are not opened. */
export function containsUnknown(value: Value): Unknown | undefined {
  if (value instanceof Unknown) return value;
  const inner: Iterable<Value> = isList(value) ? value : value instanceof Map ? (value as Map<Value, Value>).values() : [];
  for (const each of inner) {
    const found = containsUnknown(each);
    if (found) return found;
  }
  return undefined;
}

/** @throws UndefinedError when there is an `Undefined` at any depth. Lazily computed dicts are not opened. */
export function refuseUndefined(value: Value): void {
  if (value instanceof Undefined && !(value instanceof Nothing)) throw new UndefinedError(value.hint, value.at);
  if (isList(value)) value.forEach(refuseUndefined);
  else if (isMapping(value) && !(value instanceof LazyMapping)) for (const key of value.keys()) refuseUndefined(value.get(key) ?? null);
}
