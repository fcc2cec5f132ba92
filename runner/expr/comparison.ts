import { ExpressionError, UndefinedError, UnknownValueError } from './errors.ts';
import { numeric, type Numeric } from './numbers.ts';
import { typeName } from './text.ts';
import { isList, isMapping, Opaque, Tuple, Undefined, Unknown, type Value } from './value.ts';

/** Python's `==`: deep, `1 == 1.0 == True`, lists differ from tuples. @throws UndefinedError, UnknownValueError */
export function equals(left: Value, right: Value): boolean {
  if (left === right && (left === null || typeof left !== 'object')) return true;
  refuse(left);
  refuse(right);
  if (typeof left === 'string' || typeof right === 'string' || left === null || right === null) return left === right;
  const a = numeric(left);
  const b = numeric(right);
  if (a && b) return order(a, b) === 0;
  if (isList(left) && isList(right)) {
    return left.length === right.length && left instanceof Tuple === right instanceof Tuple && left.every((each, index) => equals(each, right[index] ?? null));
  }
  if (isMapping(left) && isMapping(right)) return left === right || sameMappings(left, right);
  if (left instanceof Opaque && right instanceof Opaque) return left === right || left.order(right) === 0;
  return left === right;
}

function sameMappings(left: Value & { size: number }, right: Value & { size: number }): boolean {
  if (!isMapping(left) || !isMapping(right) || left.size !== right.size) return false;
  for (const key of left.keys()) if (!right.has(key) || !equals(left.get(key) ?? null, right.get(key) ?? null)) return false;
  return true;
}

function refuse(value: Value): void {
  if (value instanceof Undefined) throw new UndefinedError(value.hint, value.at);
  if (value instanceof Unknown) throw new UnknownValueError(value);
}

/** Order of two values: negative, zero, positive, or NaN. @throws ExpressionError when Python does not order them */
export function compareValues(left: Value, right: Value, operator = '<'): number {
  refuse(left);
  refuse(right);
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  const a = numeric(left);
  const b = numeric(right);
  if (a && b) return order(a, b);
  if (isList(left) && isList(right) && left instanceof Tuple === right instanceof Tuple) {
    for (let at = 0; at < left.length && at < right.length; at++) {
      const [x, y] = [left[at] ?? null, right[at] ?? null];
      if (!equals(x, y)) return compareValues(x, y, operator);
    }
    return left.length - right.length;
  }
  const ordered = left instanceof Opaque ? left.order(right) : undefined;
  if (ordered !== undefined) return ordered;
  throw new ExpressionError(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`);
}

function order(a: Numeric, b: Numeric): number {
  const x = 'int' in a ? a.int : a.float;
  const y = 'int' in b ? b.int : b.float;
  if (x < y) return -1;
  if (x > y) return 1;
  return x == y ? 0 : Number.NaN;
}

/** Order of two texts by code points, as Python has it. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a === b) continue;
    // Surrogates stand for characters above all others.
    return (a >= 0xd800 && a < 0xe000 ? a + 0x10000 : a) - (b >= 0xd800 && b < 0xe000 ? b + 0x10000 : b);
  }
  return left.length - right.length;
}
