import { Float, type Value } from './value.ts';

/** A number in one of its two natures. */
export type Numeric = { readonly int: number | bigint } | { readonly float: number };

/** A value's number, booleans included; undefined for everything else. */
export function numeric(value: Value): Numeric | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? { int: value } : { float: value };
  if (typeof value === 'bigint') return { int: value };
  if (typeof value === 'boolean') return { int: value ? 1 : 0 };
  return value instanceof Float ? { float: value.value } : undefined;
}

/** Whether a value is a Python float. */
export function isFloat(value: Value): boolean {
  return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));
}

/** Whether a value is a Python int, booleans apart. */
export function isInteger(value: Value): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

/** A number as JavaScript's. */
export function double(number: Numeric): number {
  return 'float' in number ? number.float : Number(number.int);
}

/** Builds a float. */
export function makeFloat(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** Builds an integer, big only when it must be. */
export function makeInt(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** An integer from a whole JavaScript number of any size. */
export function wholeInt(value: number): number | bigint {
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  return makeInt(BigInt(value));
}

/** Python's `round()` and `%.nf`: exact binary value, ties to even. Digits may be negative. */
export function roundHalfEven(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  if (digits > 22) return value;
  if (digits >= 0) return Number(exactFixed(value, digits));
  const unit = 10 ** -digits;
  const scaled = value / unit;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  return (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor) * unit;
}

/** `value` with exactly `digits` decimals, rounded on its exact binary value, ties to even. */
export function exactFixed(value: number, digits: number): string {
  const negative = value < 0 || Object.is(value, -0);
  const [numerator, shift] = fraction(Math.abs(value));
  const scaled = numerator * 10n ** BigInt(digits);
  const divisor = 1n << BigInt(shift);
  let quotient = scaled / divisor;
  const twice = (scaled % divisor) * 2n;
  if (twice > divisor || (twice === divisor && quotient % 2n === 1n)) quotient++;
  const text = String(quotient).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return (negative ? '-' : '') + (digits === 0 ? whole : `${whole}.${text.slice(-digits)}`);
}

/** A finite number of no sign as `numerator / 2^shift`. */
function fraction(value: number): [bigint, number] {
  let shift = 0;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shift++;
  }
  return [BigInt(scaled), shift];
}
