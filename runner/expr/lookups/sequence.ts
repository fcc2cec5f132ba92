import { ExpressionError } from '../errors.ts';
import { parseInteger } from '../filters/numbers.ts';
import { formatPercent } from '../format-percent.ts';
import type { Lookup } from '../scope.ts';
import { toText } from '../text.ts';
import type { Value } from '../value.ts';
import { keyValues } from './key-values.ts';

const NUMBER = '((?:0x)?[0-9a-f]+)';
const SHORT = new RegExp(`^(?:${NUMBER}-)?${NUMBER}(?:/(-?(?:0x)?[0-9a-f]+))?(?::(.+))?$`, 'i');
/** More numbers than this are a mistake that would exhaust the memory. */
const MAX_LENGTH = 10_000_000;

interface Range {
  start: number;
  end: number | undefined;
  count: number | undefined;
  stride: number;
  format: string;
}

/** `start=1 end=5 stride=2 format=host%02d`, `count=4`, or short `1-5/2:host%02d`. */
export const sequence: Lookup = (terms, options) => {
  if (terms.length === 0 && options.size > 0) return numbers(rangeOf('', options));
  return terms.flatMap((term) => numbers(rangeOf(toText(term), options)));
};

function rangeOf(term: string, options: ReadonlyMap<string, Value>): Range {
  const range: Range = { start: 1, end: undefined, count: undefined, stride: 1, format: '%d' };
  const short = SHORT.exec(term.trim());
  const given = short
    ? { start: short[1], end: short[2], stride: short[3], format: short[4] }
    : Object.fromEntries(keyValues(term).named);
  for (const [name, value] of [...Object.entries(given), ...[...options].map(([name, value]) => [name, toText(value)] as const)]) {
    if (value === undefined) continue;
    if (name === 'format') {
      range.format = value;
    } else if (name === 'start' || name === 'end' || name === 'count' || name === 'stride') {
      const number = parseInteger(value, 0);
      if (number === undefined) throw new ExpressionError(`can't parse ${name}=${value} as integer`);
      range[name] = Number(number);
    } else {
      throw new ExpressionError(`unrecognized arguments to with_sequence: ['${name}']`);
    }
  }
  return range;
}

function numbers({ start, end: givenEnd, count, stride, format }: Range): Value[] {
  if (count === undefined && givenEnd === undefined) throw new ExpressionError('must specify count or end in with_sequence');
  if (count !== undefined && givenEnd !== undefined) throw new ExpressionError("can't specify both count and end in with_sequence");
  if (count === 0 || stride === 0) return [];
  const end = givenEnd ?? start + (count ?? 0) * stride - 1;
  if (stride > 0 && end < start) throw new ExpressionError('to count backwards make stride negative');
  if (stride < 0 && end > start) throw new ExpressionError("to count forward don't make stride negative");
  if (format.split('%').length !== 2) throw new ExpressionError(`bad formatting string: ${format}`);
  const length = Math.floor((end - start) / stride) + 1;
  if (length > MAX_LENGTH) throw new ExpressionError(`a sequence of ${length} numbers is too long`);
  return Array.from({ length }, (_, index) => formatPercent(format, start + index * stride));
}
