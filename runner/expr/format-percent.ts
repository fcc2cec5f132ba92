import { ExpressionError } from './errors.ts';
import { floatDigits, justify } from './format-spec.ts';
import { double, numeric } from './numbers.ts';
import { repr, toText, typeName } from './text.ts';
import { isList, isMapping, Tuple, type Value } from './value.ts';
import { own } from '../util/own.ts';

const DIRECTIVE = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([^])?/gu;

/** Python's `format % value`. */
export function formatPercent(format: string, value: Value): string {
  const list: readonly Value[] = value instanceof Tuple ? value : [value];
  let next = 0;
  let keyed = false;
  const take = (): Value => {
    const given = list[next++];
    if (given === undefined) throw new ExpressionError('not enough arguments for format string');
    return given;
  };
  const result = format.replace(DIRECTIVE, (whole: string, key?: string, flags = '', width?: string, precision?: string, kind?: string) => {
    if (kind === undefined) throw new ExpressionError('incomplete format');
    if (kind === '%') return '%';
    const size = width === '*' ? Number(take()) : Number(width ?? 0);
    const digits = precision === '*' ? Number(take()) : precision === undefined ? undefined : Number(precision);
    let given: Value;
    if (key === undefined) {
      given = take();
    } else {
      keyed = true;
      if (!isMapping(value)) throw new ExpressionError('format requires a mapping');
      const found = value.get(key);
      if (found === undefined) throw new ExpressionError(repr(key));
      given = found;
    }
    return directive(given, kind, flags, size, digits, whole);
  });
  if (next < list.length && !keyed && !(next === 0 && hasItems(value))) throw new ExpressionError('not all arguments converted during string formatting');
  return result;
}

/** Python takes whatever has items for a mapping that was not asked for anything. */
function hasItems(value: Value): boolean {
  return isMapping(value) || (isList(value) && !(value instanceof Tuple));
}

function directive(value: Value, kind: string, flags: string, width: number, precision: number | undefined, whole: string): string {
  const left = flags.includes('-');
  if (kind === 's' || kind === 'r' || kind === 'a') {
    const text = kind === 's' ? toText(value) : repr(value);
    return justify('', precision === undefined ? text : Array.from(text).slice(0, precision).join(''), left ? '<' : '>', ' ', width);
  }
  if (kind === 'c') return justify('', typeof value === 'string' ? value : String.fromCodePoint(Number(toText(value))), left ? '<' : '>', ' ', width);
  const [prefix, body] = percentNumber(value, kind, flags, precision, whole);
  return justify(prefix, body, left ? '<' : flags.includes('0') ? '=' : '>', flags.includes('0') && !left ? '0' : ' ', width);
}

const BASES: Readonly<Record<string, number>> = { d: 10, i: 10, u: 10, o: 8, x: 16, X: 16 };

function percentNumber(value: Value, kind: string, flags: string, precision: number | undefined, whole: string): [string, string] {
  const number = numeric(value);
  const base = own(BASES, kind);
  if (base === undefined && !/[eEfFgG]/.test(kind)) {
    throw new ExpressionError(`unsupported format character '${kind}' (0x${(kind.codePointAt(0) ?? 0).toString(16)}) at index ${whole.length - 1}`);
  }
  if (!number) {
    throw new ExpressionError(base === undefined ? `must be real number, not ${typeName(value)}` : `%${kind} format: a real number is required, not ${typeName(value)}`);
  }
  if (base !== undefined && base !== 10 && 'float' in number) throw new ExpressionError(`%${kind} format: an integer is required, not float`);
  const negative = double(number) < 0;
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  if (base === undefined) return [sign, floatDigits(Math.abs(double(number)), kind, precision, flags.includes('#'))];
  const int = 'int' in number ? BigInt(number.int) : BigInt(Math.trunc(number.float));
  const digits = (int < 0n ? -int : int).toString(base).padStart(precision ?? 0, '0');
  const prefix = flags.includes('#') && base !== 10 ? `0${kind}` : '';
  return [sign + prefix, kind === 'X' ? digits.toUpperCase() : digits];
}
