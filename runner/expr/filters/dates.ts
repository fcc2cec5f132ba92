import { asBool, asString, asText } from '../arguments.ts';
import { parseDateTime } from '../datetime.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { strftime, type Zone } from '../strftime.ts';
import { toText } from '../text.ts';
import type { Value } from '../value.ts';
import { toFloat } from './numbers.ts';

function formatTime(format: string, second: Value | undefined, utc: boolean): string {
  const epoch = second === undefined || second === null ? Date.now() / 1000 : toFloat(second);
  if (epoch === undefined) throw new ExpressionError(`Invalid value for epoch value (${toText(second ?? null)})`);
  const time = Math.floor(epoch) * 1000;
  const zone = utc ? { name: 'GMT', offset: 0 } : localZone(new Date(time));
  return strftime(format, new Date(time + zone.offset * 1000), 0, zone);
}

function localZone(date: Date): Zone {
  const [name = ''] = /[A-Z]{2,5}(?=$)|GMT[+-]\d+$/.exec(date.toLocaleTimeString('en-US', { timeZoneName: 'short' })) ?? [];
  return { name, offset: -date.getTimezoneOffset() * 60 };
}

/** Filters that work on times. */
export const DATE_FILTERS: readonly Entry[] = [
  ...define('strftime', 'second? utc?', (value, [second, utc]) => formatTime(asString(value), second, asBool(utc))),
  ...define('to_datetime', 'format?', (value, [format]) => parseDateTime(toText(value), asText(format, '%Y-%m-%d %H:%M:%S'))),
];
