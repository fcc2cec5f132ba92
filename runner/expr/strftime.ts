import { own } from '../util/own.ts';
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const COMPOSED: Readonly<Record<string, string>> = { c: '%a %b %e %H:%M:%S %Y', D: '%m/%d/%y', F: '%Y-%m-%d', R: '%H:%M', T: '%H:%M:%S', X: '%H:%M:%S', x: '%m/%d/%y', r: '%I:%M:%S %p', h: '%b' };

/** Offset of a zone from UTC, for `%z`, `%Z` and `%s`. */
export interface Zone {
  readonly name: string;
  /** Seconds east. */
  readonly offset: number;
}

/** C's `strftime` over the UTC fields of a date. Without a zone `%z` and `%Z` are empty, as for Python's naive times. */
export function strftime(format: string, date: Date, microsecond = 0, zone?: Zone): string {
  const field = (letter: string): string | undefined => {
    const [year, day, hour] = [date.getUTCFullYear(), date.getUTCDay(), date.getUTCHours()];
    const ofYear = Math.floor((Date.UTC(year, date.getUTCMonth(), date.getUTCDate()) - Date.UTC(year, 0, 1)) / 86_400_000);
    switch (letter) {
      case 'Y': return String(year);
      case 'C': return text(Math.floor(year / 100), 2);
      case 'y': return text(year % 100, 2);
      case 'm': return text(date.getUTCMonth() + 1, 2);
      case 'd': return text(date.getUTCDate(), 2);
      case 'e': return text(date.getUTCDate(), 2, ' ');
      case 'H': return text(hour, 2);
      case 'k': return text(hour, 2, ' ');
      case 'I': return text(hour % 12 || 12, 2);
      case 'l': return text(hour % 12 || 12, 2, ' ');
      case 'M': return text(date.getUTCMinutes(), 2);
      case 'S': return text(date.getUTCSeconds(), 2);
      case 'f': return text(microsecond, 6);
      case 'p': return hour < 12 ? 'AM' : 'PM';
      case 'P': return hour < 12 ? 'am' : 'pm';
      case 'A': return DAYS[day];
      case 'a': return DAYS[day]?.slice(0, 3);
      case 'B': return MONTHS[date.getUTCMonth()];
      case 'b': return MONTHS[date.getUTCMonth()]?.slice(0, 3);
      case 'j': return text(ofYear + 1, 3);
      case 'u': return String(day || 7);
      case 'w': return String(day);
      case 'U': return text(Math.floor((ofYear + 7 - day) / 7), 2);
      case 'W': return text(Math.floor((ofYear + 7 - ((day + 6) % 7)) / 7), 2);
      case 'V': return text(isoWeek(date).week, 2);
      case 'G': return String(isoWeek(date).year);
      case 'g': return text(isoWeek(date).year % 100, 2);
      case 's': return String(Math.floor(date.getTime() / 1000) - (zone?.offset ?? 0));
      case 'z': return zone ? offsetText(zone.offset) : '';
      case 'Z': return zone?.name ?? '';
      case 'n': return '\n';
      case 't': return '\t';
      case '%': return '%';
      default: return undefined;
    }
  };
  return format.replace(/%-?([a-zA-Z%])/g, (whole, letter: string) => {
    const composed = own(COMPOSED, letter);
    const value = composed === undefined ? field(letter) : strftime(composed, date, microsecond, zone);
    if (value === undefined) return whole;
    return whole[1] === '-' ? value.replace(/^[0 ]+(?=.)/, '') : value;
  });
}

function text(value: number, width: number, fill = '0'): string {
  return String(value).padStart(width, fill);
}

function offsetText(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60);
  return `${offset < 0 ? '-' : '+'}${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`;
}

function isoWeek(date: Date): { week: number; year: number } {
  const thursday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 4 - (date.getUTCDay() || 7)));
  const year = thursday.getUTCFullYear();
  return { year, week: Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7) };
}
