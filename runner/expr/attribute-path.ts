import { getItem } from './methods.ts';
import { Undefined, type Value } from './value.ts';

/** Reads a dotted path (`a.b.0`) out of a value. Nothing given reads the value itself; `fallback` stands for what is missing on the way. */
export function attributeGetter(attribute: Value | undefined, fallback?: Value): (item: Value) => Value {
  const parts = pathParts(attribute);
  return (item) => {
    let value = item;
    for (const part of parts) {
      value = getItem(value, part);
      if (fallback !== undefined && value instanceof Undefined) value = fallback;
    }
    return value;
  };
}

/** Reads several paths, given as `a.b,c`. */
export function attributesGetter(attribute: Value | undefined): (item: Value) => Value[] {
  const getters = (typeof attribute === 'string' ? attribute.split(',') : [attribute]).map((each) => attributeGetter(each));
  return (item) => getters.map((get) => get(item));
}

function pathParts(attribute: Value | undefined): Value[] {
  if (attribute === undefined || attribute === null) return [];
  if (typeof attribute === 'string') return attribute.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return [attribute];
}

/** What sorting and comparing without regard to case looks at. */
export function comparable(value: Value, caseSensitive: boolean): Value {
  return !caseSensitive && typeof value === 'string' ? value.toLowerCase() : value;
}
