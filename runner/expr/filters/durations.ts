import { asNumber, asText, type Named } from '../arguments.ts';
import type { Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { makeFloat, roundHalfEven } from '../numbers.ts';
import { typeName } from '../text.ts';
import type { Value } from '../value.ts';
import { own } from '../../util/own.ts';

const DAY = 86_400_000;
const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY, mo: 30 * DAY, y: 365 * DAY };
const LONG: Readonly<Record<string, string>> = {
  millisecond: 'ms', msec: 'ms', msecond: 'ms', sec: 's', second: 's', hour: 'h', min: 'm', minute: 'm', day: 'd', week: 'w', month: 'mo', year: 'y',
};

function short(unit: string): string {
  return own(LONG, unit.replace(/s+$/, '')) ?? unit;
}

/** A duration such as `1d 2h` in another unit, to twelve decimals. */
function inUnit(value: Value, wanted: string, named: Named): Value {
  if (value === '0') return 0;
  if (typeof value !== 'string') throw new ExpressionError(`'${typeName(value)}' object has no attribute 'split'`);
  const units = new Map(Object.entries(MILLISECONDS));
  for (const [key, days] of named) {
    if (key !== 'year' && key !== 'month') throw new ExpressionError(`to_time_unit() got unknown keyword arguments: ${key}`);
    units.set(short(key), asNumber(days, 0) * DAY);
  }
  const unit = units.get(short(wanted));
  if (unit === undefined) throw new ExpressionError(`to_time_unit() can not convert to the following unit: ${wanted}. Available units (singular or plural): ${Object.keys(LONG).join(', ')}. Available short units: ${[...units.keys()].join(', ')}`);
  let total = 0;
  for (const word of value.split(/\s+/).filter((each) => each !== '')) {
    const [, count, name = ''] = /^(-?\d+)([\p{L}\p{N}_]+)/u.exec(word) ?? [];
    const factor = units.get(short(name));
    if (count === undefined || factor === undefined) throw new ExpressionError(`to_time_unit() can not interpret following string: ${value}`);
    total += Number(count) * factor;
  }
  return makeFloat(roundHalfEven(total / unit, 12));
}

const NAMES: readonly (readonly [filter: string, unit: string])[] = [
  ['to_milliseconds', 'ms'], ['to_seconds', 's'], ['to_minutes', 'm'], ['to_hours', 'h'], ['to_days', 'd'], ['to_weeks', 'w'], ['to_months', 'mo'], ['to_years', 'y'],
];

/** Filters of community.general that calculate with durations; `year` and `month` are the days these have. */
export const DURATION_FILTERS: readonly Entry[] = [
  ['to_time_unit', ([value = null, unit], named) => {
    const lengths = [...named].filter(([key]) => key !== 'unit');
    return inUnit(value, asText(unit ?? named.get('unit'), 'ms'), new Map(lengths));
  }],
  ...NAMES.map(([filter, unit]): Entry => [filter, ([value = null], named) => inUnit(value, unit, named)]),
];
