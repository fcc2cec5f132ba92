import { ExpressionError } from './errors.ts';
import { double, exactFixed, numeric, type Numeric } from './numbers.ts';
import { characters, floatText, toText, typeName } from './text.ts';
import type { Value } from './value.ts';
import { own } from '../util/own.ts';

const SPEC = /^(?:(.)?([<>=^]))?([+\- ])?(z)?(#)?(0)?(\d+)?([_,])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su;

/** Python's `format(value, spec)`. */
export function formatSpec(value: Value, spec: string): string {
  const parts = SPEC.exec(spec);
  if (!parts) throw new ExpressionError(`Invalid format specifier '${spec}' for object of type '${typeName(value)}'`);
  const [, fillGiven, alignGiven, sign = '-', , alternate, zero, widthText, grouping = '', precisionText, kind = ''] = parts;
  if (spec === '') return toText(value);
  const precision = precisionText === undefined ? undefined : Number(precisionText);
  const number = numeric(value);
  const unknownCode = (): ExpressionError => new ExpressionError(`Unknown format code '${kind}' for object of type '${typeName(value)}'`);
  let body: string;
  let prefix = '';
  if (number) {
    if (kind === 's' || (kind === 'c' && 'float' in number)) throw unknownCode();
    [prefix, body] = formatNumber(number, kind, precision, sign, alternate !== undefined, grouping, unknownCode);
  } else {
    if (typeof value !== 'string') throw new ExpressionError(`unsupported format string passed to ${typeName(value)}.__format__`);
    if (kind !== '' && kind !== 's') throw unknownCode();
    body = toText(value);
    if (precision !== undefined) body = Array.from(body).slice(0, precision).join('');
  }
  const align = alignGiven ?? (number ? (zero === undefined ? '>' : '=') : '<');
  const fill = fillGiven ?? (zero === undefined ? ' ' : '0');
  return justify(prefix, body, align, fill, Number(widthText ?? 0));
}

/** Puts a prefix (a sign, `0x`) and a body into a width. */
export function justify(prefix: string, body: string, align: string, fill: string, width: number): string {
  const missing = Math.max(0, width - characters(prefix + body).length);
  if (align === '<') return prefix + body + fill.repeat(missing);
  if (align === '=') return prefix + fill.repeat(missing) + body;
  const left = align === '^' ? Math.floor(missing / 2) : missing;
  return fill.repeat(left) + prefix + body + fill.repeat(missing - left);
}

const BASES: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 };

function formatNumber(
  number: Numeric, kind: string, precision: number | undefined, sign: string, alternate: boolean, grouping: string, unknownCode: () => Error,
): [string, string] {
  const negative = 'int' in number ? number.int < 0 : number.float < 0 || Object.is(number.float, -0);
  const mark = negative ? '-' : sign === '-' ? '' : sign;
  const base = own(BASES, kind);
  if ('int' in number && (base !== undefined || kind === '' || kind === 'd' || kind === 'n' || kind === 'c')) {
    const size = BigInt(number.int) < 0n ? -BigInt(number.int) : BigInt(number.int);
    if (kind === 'c') return ['', String.fromCodePoint(Number(size))];
    const digits = size.toString(base ?? 10);
    const shown = group(kind === 'X' ? digits.toUpperCase() : digits, grouping, base === undefined ? 3 : 4);
    return [mark + (alternate && base !== undefined ? `0${kind}` : ''), shown];
  }
  if (base !== undefined || kind === 'd' || kind === 'c') throw unknownCode();
  const text = floatDigits(Math.abs(double(number)), kind, precision, alternate);
  const [, whole = '', rest = ''] = /^(\d*)([^]*)$/.exec(text) ?? [];
  return [mark, group(whole, grouping, 3) + rest];
}

function group(digits: string, separator: string, size: number): string {
  if (separator === '') return digits;
  return digits.replace(new RegExp(`\\B(?=(?:[\\da-fA-F]{${size}})+$)`, 'g'), separator);
}

/** A float without its sign in one of the formats of printf, `%` or (no kind) str(). */
export function floatDigits(value: number, kind: string, precision: number | undefined, alternate: boolean): string {
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? 'nan' : 'inf';
    return /[EFG]/.test(kind) ? text.toUpperCase() : text;
  }
  switch (kind) {
    case 'f':
    case 'F': return exactFixed(value, precision ?? 6);
    case '%': return `${exactFixed(value * 100, precision ?? 6)}%`;
    case 'e': return exponential(value, precision ?? 6);
    case 'E': return exponential(value, precision ?? 6).toUpperCase();
    case 'g':
    case 'n': return general(value, precision ?? 6, alternate);
    case 'G': return general(value, precision ?? 6, alternate).toUpperCase();
    default: return precision === undefined ? floatText(value) : withPoint(general(value, precision, alternate));
  }
}

function withPoint(text: string): string {
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function exponential(value: number, precision: number): string {
  const [mantissa = '', exponent = '+0'] = value.toExponential(Math.min(precision, 100)).split('e');
  return `${mantissa}e${exponent[0] ?? '+'}${exponent.slice(1).padStart(2, '0')}`;
}

function general(value: number, given: number, alternate: boolean): string {
  const precision = Math.max(1, given);
  const exponent = value === 0 ? 0 : Number(value.toExponential(Math.min(precision - 1, 100)).split('e')[1]);
  const text = exponent < -4 || exponent >= precision ? exponential(value, precision - 1) : exactFixed(value, precision - 1 - exponent);
  return alternate ? text : text.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '');
}
