import type { JsonObject } from '../../runner/util/json.ts';

/** The host's clock, from one line of `date` and the zone's names in January and July. */
export function dateFacts(text: string): JsonObject {
  const [line = '', , summer] = text.split('\n');
  const [
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '',
    epoch = '',
    tz = '',
    offset = '',
    weekday = '',
    weekdayNumber = '',
    week = '',
    nanos = '',
  ] = line.split(' ');
  if (epoch === '') return {};
  // busybox has no %N.
  const micro = /^\d{9}$/.test(nanos) ? nanos.slice(0, 6) : '000000';
  const utc = new Date(Number(epoch) * 1000).toISOString().slice(0, 19);
  return {
    year,
    month,
    day,
    hour,
    minute,
    second,
    epoch,
    epoch_int: epoch,
    weekday,
    weekday_number: weekdayNumber,
    weeknumber: week,
    date: `${year}-${month}-${day}`,
    time: `${hour}:${minute}:${second}`,
    iso8601: `${utc}Z`,
    iso8601_micro: `${utc}.${micro}Z`,
    iso8601_basic: `${year}${month}${day}T${hour}${minute}${second}${micro}`,
    iso8601_basic_short: `${year}${month}${day}T${hour}${minute}${second}`,
    tz,
    tz_dst: summer || tz,
    tz_offset: offset,
  };
}
