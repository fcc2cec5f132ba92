import { ExpressionError, UndefinedError, UnknownValueError } from './errors.ts';
import { formatPercent } from './format-percent.ts';
import { compareValues, equals } from './comparison.ts';
import { double, makeFloat, makeInt, numeric, type Numeric } from './numbers.ts';
import { characters, repr, toText, typeName } from './text.ts';
import type { Arithmetic, Comparison } from './ast.ts';
import { isList, isMapping, Opaque, Tuple, Undefined, Unknown, type Value } from './value.ts';

/** Lists and strings longer than this are a mistake that would exhaust the memory. */
const MAX_LENGTH = 50_000_000;

/** Lets a value through that can be worked with. @throws UndefinedError, UnknownValueError */
export function use(value: Value): Value {
  if (value instanceof Undefined) throw new UndefinedError(value.hint, value.at);
  if (value instanceof Unknown) throw new UnknownValueError(value);
  return value;
}

/** `a + b` and its kind, as Python calculates. */
export function calculate(operator: Arithmetic, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number' && Number.isInteger(left) && Number.isInteger(right)) {
    const quick = operator === '+' ? left + right : operator === '-' ? left - right : Number.NaN;
    if (Number.isSafeInteger(quick)) return quick;
  }
  use(left);
  use(right);
  if (operator === '%' && typeof left === 'string') return formatPercent(left, right);
  const a = numeric(left);
  const b = numeric(right);
  if (a && b) return arithmetic(operator, a, b);
  const result = operator === '+' ? join(left, right) : operator === '*' ? repeat(left, right, a, b) : undefined;
  if (result !== undefined) return result;
  if (left instanceof Opaque && operator === '-') {
    const difference = left.minus(right);
    if (difference !== undefined) return difference;
  }
  if (left instanceof Opaque && operator === '+') {
    const sum = left.plus(right);
    if (sum !== undefined) return sum;
  }
  throw new ExpressionError(mismatch(operator, left, right));
}

function mismatch(operator: Arithmetic, left: Value, right: Value): string {
  const [a, b] = [typeName(left), typeName(right)];
  if (operator === '+' && (a === 'str' || a === 'list' || a === 'tuple')) return `can only concatenate ${a} (not "${b}") to ${a}`;
  if (operator === '*' && (isSequence(left) || isSequence(right))) return `can't multiply sequence by non-int of type '${isSequence(left) ? b : a}'`;
  return `unsupported operand type(s) for ${operator === '**' ? '** or pow()' : operator}: '${a}' and '${b}'`;
}

function isSequence(value: Value): value is string | readonly Value[] {
  return typeof value === 'string' || isList(value);
}

function join(left: Value, right: Value): Value | undefined {
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (!isList(left) || !isList(right) || left instanceof Tuple !== right instanceof Tuple) return undefined;
  return left instanceof Tuple ? Tuple.of(...left, ...right) : [...left, ...right];
}

function repeat(left: Value, right: Value, a: Numeric | undefined, b: Numeric | undefined): Value | undefined {
  const [sequence, times] = isSequence(left) ? [left, b] : isSequence(right) ? [right, a] : [undefined, undefined];
  if (sequence === undefined || !times || 'float' in times) return undefined;
  const count = Math.max(0, Number(times.int));
  if (sequence.length * count > MAX_LENGTH) throw new ExpressionError('the result of this repetition is too long');
  if (typeof sequence === 'string') return sequence.repeat(count);
  const items = Array.from({ length: count }, () => sequence).flat();
  return sequence instanceof Tuple ? Tuple.from(items) : items;
}

function arithmetic(operator: Arithmetic, a: Numeric, b: Numeric): Value {
  if (operator !== '/' && 'int' in a && 'int' in b) return integers(operator, BigInt(a.int), BigInt(b.int));
  return floats(operator, double(a), double(b));
}

function integers(operator: Exclude<Arithmetic, '/'>, a: bigint, b: bigint): Value {
  switch (operator) {
    case '+': return makeInt(a + b);
    case '-': return makeInt(a - b);
    case '*': return makeInt(a * b);
    case '//': return makeInt(floorDivide(a, b));
    case '%': return makeInt(a - floorDivide(a, b) * b);
    case '**':
      if (b < 0n) return floats('**', Number(a), Number(b));
      if (BigInt(a.toString(2).length) * b > 10_000_000n) throw new ExpressionError('the result of this power is too large');
      return makeInt(a ** b);
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new ExpressionError('integer division or modulo by zero');
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function floats(operator: Arithmetic, a: number, b: number): Value {
  switch (operator) {
    case '+': return makeFloat(a + b);
    case '-': return makeFloat(a - b);
    case '*': return makeFloat(a * b);
    case '/':
      if (b === 0) throw new ExpressionError('division by zero');
      return makeFloat(a / b);
    case '//':
      if (b === 0) throw new ExpressionError('float floor division by zero');
      return makeFloat(Math.floor((a - floatModulo(a, b)) / b + 0.5));
    case '%':
      if (b === 0) throw new ExpressionError('float modulo');
      return makeFloat(floatModulo(a, b));
    case '**': {
      if (a === 0 && b < 0) throw new ExpressionError('0.0 cannot be raised to a negative power');
      const power = a ** b;
      if (Number.isNaN(power) && !Number.isNaN(a) && !Number.isNaN(b)) throw new ExpressionError('the result of this power is no real number');
      return makeFloat(power);
    }
  }
}

function floatModulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** `-a`. */
export function negate(value: Value): Value {
  const number = numeric(use(value));
  if (!number) throw new ExpressionError(`bad operand type for unary -: '${typeName(value)}'`);
  return 'float' in number ? makeFloat(-number.float) : makeInt(-BigInt(number.int));
}

/** `+a`. */
export function positive(value: Value): Value {
  const number = numeric(use(value));
  if (!number) throw new ExpressionError(`bad operand type for unary +: '${typeName(value)}'`);
  return 'float' in number ? makeFloat(number.float) : number.int;
}

/** `a == b`, `a < b`, `a in b` and their kind. */
export function compare(operator: Comparison, left: Value, right: Value): boolean {
  switch (operator) {
    case '==': return equals(left, right);
    case '!=': return !equals(left, right);
    case 'in': return contains(right, left);
    case 'not in': return !contains(right, left);
    case '<': return compareValues(left, right, '<') < 0;
    case '<=': return compareValues(left, right, '<=') <= 0;
    case '>': return compareValues(left, right, '>') > 0;
    case '>=': return compareValues(left, right, '>=') >= 0;
  }
}

/** `item in container`. */
export function contains(container: Value, item: Value): boolean {
  use(container);
  use(item);
  if (typeof container === 'string') {
    if (typeof item !== 'string') throw new ExpressionError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    return container.includes(item);
  }
  if (isList(container)) return typeof item === 'string' ? container.includes(item) || holdsUnknown(container) : container.some((each) => equals(each, item));
  if (isMapping(container)) return container.has(dictKey(item));
  throw new ExpressionError(`argument of type '${typeName(container)}' is not iterable`);
}

/** A list in which something is unknown cannot be said not to hold a value. */
function holdsUnknown(list: readonly Value[]): false {
  for (const each of list) use(each);
  return false;
}

/** A value as a dict's key: `2.0` is the key `2`. @throws ExpressionError for lists and dicts */
export function dictKey(value: Value): Value {
  use(value);
  if (value === null || typeof value !== 'object') return value;
  const number = numeric(value);
  if (number && 'float' in number) return number.float;
  if (value instanceof Tuple || value instanceof Opaque) return value;
  throw new ExpressionError(`unhashable type: '${typeName(value)}'`);
}

/** `value[from:to:step]`. */
export function slice(value: Value, from: Value, to: Value, step: Value): Value {
  use(value);
  if (typeof value !== 'string' && !isList(value)) {
    return new Undefined(`${typeName(value)} object has no element slice(${repr(from)}, ${repr(to)}, ${repr(step)})`);
  }
  const items = typeof value === 'string' ? characters(value) : value;
  const by = sliceBound(step) ?? 1;
  if (by === 0) throw new ExpressionError('slice step cannot be zero');
  const { length } = items;
  const clamp = (bound: number | undefined, fallback: number): number => {
    if (bound === undefined) return fallback;
    const absolute = bound < 0 ? bound + length : bound;
    return by > 0 ? Math.min(Math.max(absolute, 0), length) : Math.min(Math.max(absolute, -1), length - 1);
  };
  const start = clamp(sliceBound(from), by > 0 ? 0 : length - 1);
  const end = clamp(sliceBound(to), by > 0 ? length : -1);
  if (typeof value === 'string' && typeof items === 'string' && by === 1) return items.slice(start, Math.max(start, end));
  const positions: number[] = [];
  for (let at = start; by > 0 ? at < end : at > end; at += by) positions.push(at);
  if (typeof items === 'string') return positions.map((at) => items[at]).join('');
  const picked = positions.map((at) => items[at] ?? null);
  if (typeof value === 'string') return picked.map((each) => toText(each)).join('');
  return value instanceof Tuple ? Tuple.from(picked) : picked;
}

function sliceBound(value: Value): number | undefined {
  if (value === null) return undefined;
  const number = numeric(use(value));
  if (!number || 'float' in number) throw new ExpressionError('slice indices must be integers or None or have an __index__ method');
  return Number(number.int);
}
