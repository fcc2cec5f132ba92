import { ExpressionError } from '../expr/errors.ts';
import { use } from '../expr/operators.ts';
import { toText, typeName } from '../expr/text.ts';
import { Float, isList, isMapping, Opaque, Omit, Undefined, type Value } from '../expr/value.ts';

/**
 * A value as Handlebars sees it: dicts become objects without a prototype, so that no template reaches anything of JavaScript's.
 * @throws UndefinedError, UnknownValueError
 */
export function toData(value: Value): unknown {
  use(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Float) return value.value;
  if (isList(value)) return value.map(toData);
  if (isMapping(value)) {
    const data = emptyData(() => toText(value));
    for (const key of value.keys()) {
      // Rendered only when the template reaches for it.
      Object.defineProperty(data, toText(key), { enumerable: true, get: () => toData(value.get(key) ?? null) });
    }
    return data;
  }
  if (value instanceof Opaque) return value.text();
  if (value instanceof Omit) return '';
  throw new ExpressionError(`a value of type '${typeName(value)}' cannot be used in a template`);
}

/** An object without a prototype, and with the text that stands for it as a whole. */
export function emptyData(text: () => string): Record<string, unknown> {
  const data = Object.create(null) as Record<string, unknown>;
  Object.defineProperty(data, Symbol.toPrimitive, { value: text });
  return data;
}

/** What a template hands to a helper, as a value again. */
export function fromData(data: unknown, missing = 'a value'): Value {
  if (data === null || typeof data === 'string' || typeof data === 'boolean' || typeof data === 'number' || typeof data === 'bigint') return data;
  if (data === undefined) return new Undefined(`'${missing}' is undefined`);
  if (Array.isArray(data)) return data.map((each) => fromData(each));
  if (typeof data === 'object') return new Map<Value, Value>(Object.entries(data).map(([key, value]) => [key, fromData(value)]));
  return new Undefined(`'${missing}' is undefined`);
}
