import { asBool, asInt, asNumber, asText } from '../arguments.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { double, exactFixed, makeFloat, makeInt, numeric, roundHalfEven, wholeInt } from '../numbers.ts';
import { negate } from '../operators.ts';
import { toText, typeName } from '../text.ts';
import { orElse, type Value } from '../value.ts';
import { own } from '../../util/own.ts';

const FLOAT = /^[+-]?(?:(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?|inf|infinity|nan)$/i;

/** Python's `float(value)`; undefined when it refuses. */
export function toFloat(value: Value): number | undefined {
  const number = numeric(value);
  if (number) return double(number);
  if (typeof value !== 'string') return undefined;
  const text = value.trim().replaceAll('_', '');
  if (!FLOAT.test(value.trim())) return undefined;
  const named = /^([+-]?)(inf|nan)/i.exec(text);
  if (named) return named[2]?.toLowerCase() === 'nan' ? Number.NaN : named[1] === '-' ? -Infinity : Infinity;
  return Number(text);
}

const PREFIXES: Readonly<Record<string, number>> = { '0b': 2, '0o': 8, '0x': 16 };

/** Python's `int(text, base)`; undefined when it refuses. */
export function parseInteger(text: string, base: number): number | bigint | undefined {
  const [, sign = '', prefix = '', digits = ''] = /^([+-]?)(0[box])?_?([\da-z]+(?:_[\da-z]+)*)$/i.exec(text.trim()) ?? [];
  const prefixBase = own(PREFIXES, prefix.toLowerCase());
  // `0b1` in base 16 is a number without a prefix.
  const usesPrefix = prefixBase !== undefined && (base === 0 || base === prefixBase);
  const all = (usesPrefix || prefix === '' ? digits : prefix + digits).replaceAll('_', '').toLowerCase();
  const radix = base === 0 ? (prefixBase ?? 10) : base;
  if (all === '' || (base === 0 && !usesPrefix && /^0+[1-9]/.test(all))) return undefined;
  let result = 0n;
  for (const character of all) {
    const digit = Number.parseInt(character, 36);
    if (digit >= radix) return undefined;
    result = result * BigInt(radix) + BigInt(digit);
  }
  return makeInt(sign === '-' ? -result : result);
}

/** Jinja's `int` filter. */
function toInteger(value: Value, fallback: Value, base: number): Value {
  const number = numeric(value);
  if (number && 'int' in number) return typeof value === 'boolean' ? Number(value) : number.int;
  const parsed = typeof value === 'string' ? parseInteger(value, base) : undefined;
  if (parsed !== undefined) return parsed;
  const float = toFloat(value);
  if (float === undefined || Number.isNaN(float)) return fallback;
  if (!Number.isFinite(float)) throw new ExpressionError('cannot convert float infinity to integer');
  return wholeInt(Math.trunc(float));
}

function absolute(value: Value): Value {
  const number = numeric(value);
  if (!number) throw new ExpressionError(`bad operand type for abs(): '${typeName(value)}'`);
  if ('float' in number) return makeFloat(Math.abs(number.float));
  return number.int < 0 ? negate(number.int) : number.int;
}

function round(value: Value, precision: number, method: string): Value {
  if (method !== 'common' && method !== 'ceil' && method !== 'floor') throw new ExpressionError('method must be common, ceil or floor');
  const number = numeric(value);
  if (!number) throw new ExpressionError(`type ${typeName(value)} doesn't define __round__ method`);
  if (method === 'common') {
    if ('float' in number) return makeFloat(roundHalfEven(number.float, precision));
    return precision >= 0 ? number.int : wholeInt(roundHalfEven(Number(number.int), precision));
  }
  const power = 10 ** precision;
  return makeFloat(Math[method](double(number) * power) / power);
}

function logarithm(x: number, base: number): Value {
  if (x <= 0 || base <= 0) throw new ExpressionError('math domain error');
  return makeFloat(base === 10 ? Math.log10(x) : base === Math.E ? Math.log(x) : Math.log(x) / Math.log(base));
}

function root(x: number, base: number): Value {
  if (x < 0) throw new ExpressionError('root() can only be used on numbers: math domain error');
  return makeFloat(base === 2 ? Math.sqrt(x) : x ** (1 / base));
}

/** Largest first; `B` last. */
const SIZES: readonly (readonly [letter: string, factor: number])[] = [
  ['Y', 2 ** 80], ['Z', 2 ** 70], ['E', 2 ** 60], ['P', 2 ** 50], ['T', 2 ** 40], ['G', 2 ** 30], ['M', 2 ** 20], ['K', 2 ** 10], ['B', 1],
];

function humanReadable(value: Value, bits: boolean, unit: string | undefined): string {
  const size = numeric(value);
  if (!size) throw new ExpressionError(`human_readable() can't interpret following string: ${toText(value)}`);
  const bytes = double(size);
  const base = bits ? 'bits' : 'Bytes';
  const [letter, factor] = SIZES.find(([name, limit]) => (unit === undefined ? bytes >= limit : unit.toUpperCase() === name)) ?? (['B', 1] as const);
  const suffix = letter === 'B' ? base : letter + (bits ? 'b' : 'B');
  return `${exactFixed(bytes / factor, 2)} ${suffix}`;
}

function humanToBytes(value: Value, defaultUnit: string | undefined, bits: boolean): Value {
  const text = toText(value);
  const wrong = (): ExpressionError => new ExpressionError(`human_to_bytes() can't interpret following string: ${text}`);
  const [, digits = '', given = ''] = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(text) ?? [];
  if (digits === '' || digits === '.') throw wrong();
  const unit = given === '' ? defaultUnit : given;
  if (unit === undefined || unit === '') return wholeInt(round0(Number(digits)));
  const letter = unit.slice(0, 1).toUpperCase();
  const factor = SIZES.find(([name]) => name === letter)?.[1];
  if (factor === undefined) throw wrong();
  const word = bits ? 'bit' : 'byte';
  if (unit.length > 1) {
    const valid = letter === 'B' ? ['b', word, `${word}s`].includes(unit.toLowerCase()) : unit[1] === (bits ? 'b' : 'B') && unit.length === 2;
    const longName = unit.toLowerCase().endsWith(word) || unit.toLowerCase().endsWith(`${word}s`);
    if (!valid && !longName) throw wrong();
  }
  return wholeInt(round0(Number(digits) * factor));
}

function round0(value: number): number {
  return roundHalfEven(value, 0);
}

/** Filters that work on numbers. */
export const NUMBER_FILTERS: readonly Entry[] = [
  ...define('abs', '', absolute),
  ...define('int', 'default? base?', (value, [fallback = 0, base]) => toInteger(value, fallback, asInt(base, 10))),
  ...define('float', 'default?', (value, [fallback]) => {
    const number = toFloat(value);
    return number === undefined ? orElse<Value>(fallback, makeFloat(0)) : makeFloat(number);
  }),
  ...define('round', 'precision? method?', (value, [precision, method]) => round(value, asInt(precision, 0), asText(method, 'common'))),
  ...define('log', 'base?', (value, [base]) => logarithm(asNumber(value, 0), asNumber(base, Math.E))),
  ...define('pow', 'y', (value, [power]) => makeFloat(asNumber(value, 0) ** asNumber(power, 1))),
  ...define('root', 'base?', (value, [base]) => root(asNumber(value, 0), asNumber(base, 2))),
  ...define('human_readable', 'isbits? unit?', (value, [bits, unit]) => humanReadable(value, asBool(bits), unit === undefined || unit === null ? undefined : toText(unit))),
  ...define('human_to_bytes', 'default_unit? isbits?', (value, [unit, bits]) => humanToBytes(value, unit === undefined || unit === null ? undefined : toText(unit), asBool(bits))),
];
