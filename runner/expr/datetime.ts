import { ExpressionError } from './errors.ts';
import { makeFloat } from './numbers.ts';
import { strftime } from './strftime.ts';
import { asString } from './arguments.ts';
import { Callable, Opaque, type Value } from './value.ts';
import { own } from '../util/own.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** A Python `datetime` without a zone: its fields, held as if they were UTC. */
export class DateTime extends Opaque {
  override readonly typeName = 'datetime.datetime';
  /** Microseconds since 1970 of these fields. */
  readonly micros: number;

  constructor(micros: number) {
    super();
    this.micros = micros;
  }

  /** The current time, in UTC or in the controller's zone. */
  static now(utc: boolean): DateTime {
    const time = Date.now();
    return new DateTime((utc ? time : time - new Date(time).getTimezoneOffset() * 60_000) * 1000);
  }

  get date(): Date {
    return new Date(Math.floor(this.micros / 1000));
  }

  get microsecond(): number {
    return ((this.micros % 1_000_000) + 1_000_000) % 1_000_000;
  }

  /** `strftime` of these fields. */
  format(format: string): string {
    return strftime(format, this.date, this.microsecond);
  }

  override attribute(name: string): Value | undefined {
    const { date } = this;
    switch (name) {
      case 'year': return date.getUTCFullYear();
      case 'month': return date.getUTCMonth() + 1;
      case 'day': return date.getUTCDate();
      case 'hour': return date.getUTCHours();
      case 'minute': return date.getUTCMinutes();
      case 'second': return date.getUTCSeconds();
      case 'microsecond': return this.microsecond;
      case 'strftime': return new Callable(name, ([format]) => this.format(asString(format)));
      case 'isoformat': return new Callable(name, ([separator]) => this.iso(asString(separator, 'T')));
      case 'timestamp': return new Callable(name, () => makeFloat(new Date(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()).getTime() / 1000 + this.microsecond / 1e6));
      case 'weekday': return new Callable(name, () => (date.getUTCDay() + 6) % 7);
      case 'isoweekday': return new Callable(name, () => ((date.getUTCDay() + 6) % 7) + 1);
      case 'date': return new Callable(name, () => new DateTime(Math.floor(this.micros / 86_400e6) * 86_400e6));
      default: return undefined;
    }
  }

  iso(separator: string): string {
    const { date } = this;
    const day = `${String(date.getUTCFullYear()).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
    const fraction = this.microsecond === 0 ? '' : `.${String(this.microsecond).padStart(6, '0')}`;
    return `${day}${separator}${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}${fraction}`;
  }

  override text(): string {
    return this.iso(' ');
  }

  override minus(other: Value): Value | undefined {
    if (other instanceof DateTime) return new Duration(this.micros - other.micros);
    return other instanceof Duration ? new DateTime(this.micros - other.micros) : undefined;
  }

  override plus(other: Value): Value | undefined {
    return other instanceof Duration ? new DateTime(this.micros + other.micros) : undefined;
  }

  override order(other: Value): number | undefined {
    return other instanceof DateTime ? this.micros - other.micros : undefined;
  }
}

/** A Python `timedelta`. */
class Duration extends Opaque {
  override readonly typeName = 'datetime.timedelta';
  readonly micros: number;

  constructor(micros: number) {
    super();
    this.micros = micros;
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'days': return this.#days();
      case 'seconds': return Math.floor((this.micros - this.#days() * 86_400e6) / 1e6);
      case 'microseconds': return (((this.micros % 1e6) + 1e6) % 1e6);
      case 'total_seconds': return new Callable(name, () => makeFloat(this.micros / 1e6));
      default: return undefined;
    }
  }

  #days(): number {
    return Math.floor(this.micros / 86_400e6);
  }

  override text(): string {
    const days = this.#days();
    const rest = this.micros - days * 86_400e6;
    const seconds = Math.floor(rest / 1e6);
    const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    const fraction = rest % 1e6 === 0 ? '' : `.${String(rest % 1e6).padStart(6, '0')}`;
    return `${days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `}${clock}${fraction}`;
  }

  override plus(other: Value): Value | undefined {
    if (other instanceof Duration) return new Duration(this.micros + other.micros);
    return other instanceof DateTime ? other.plus(this) : undefined;
  }

  override minus(other: Value): Value | undefined {
    return other instanceof Duration ? new Duration(this.micros - other.micros) : undefined;
  }

  override order(other: Value): number | undefined {
    return other instanceof Duration ? this.micros - other.micros : undefined;
  }
}

const NAMES = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const FIELDS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})', m: '(?<m>1[0-2]|0?[1-9])', d: '(?<d>3[01]|[12]\\d|0?[1-9])', H: '(?<H>2[0-3]|[01]?\\d)', I: '(?<I>1[0-2]|0?[1-9])',
  M: '(?<M>[0-5]?\\d)', S: '(?<S>6[01]|[0-5]?\\d)', f: '(?<f>\\d{1,6})', y: '(?<y>\\d\\d)', p: '(?<p>am|pm)', j: '(?<j>\\d{1,3})', Z: '(?<Z>utc|gmt|)',
  z: '(?<z>[+-]\\d\\d:?\\d\\d|Z)', a: '(?:mon|tue|wed|thu|fri|sat|sun)', A: '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)',
  b: `(?<b>${NAMES.map((name) => name.slice(0, 3)).join('|')})`, B: `(?<B>${NAMES.join('|')})`, '%': '%',
};
const COMPOSED: Readonly<Record<string, string>> = { T: '%H:%M:%S', D: '%m/%d/%y', F: '%Y-%m-%d', R: '%H:%M' };

/** Python's `datetime.strptime`. */
export function parseDateTime(text: string, format: string): DateTime {
  const full = format.replace(/%([TDFR])/g, (_, letter: string) => own(COMPOSED, letter) ?? '');
  const source = full.replace(/%(.)|\s+|[.*+?^${}()|[\]\\/-]/gs, (found, letter?: string) => {
    if (letter === undefined) return /\s/.test(found) ? '\\s+' : `\\${found}`;
    const field = own(FIELDS, letter);
    if (field === undefined) throw new ExpressionError(`'${letter}' is a bad directive in format '${format}'`);
    return field;
  });
  const match = new RegExp(`^${source}$`, 'i').exec(text);
  if (!match) throw new ExpressionError(`time data '${text}' does not match format '${format}'`);
  const found = match.groups ?? {};
  const number = (name: string, fallback: number): number => (found[name] === undefined ? fallback : Number(found[name]));
  const shortYear = number('y', 0);
  const year = number('Y', found['y'] === undefined ? 1900 : shortYear + (shortYear < 69 ? 2000 : 1900));
  const named = (found['b'] ?? found['B'])?.slice(0, 3).toLowerCase();
  const month = named === undefined ? number('m', 1) : NAMES.findIndex((name) => name.toLowerCase().startsWith(named)) + 1;
  const hour = found['I'] === undefined ? number('H', 0) : (number('I', 12) % 12) + (found['p']?.toLowerCase() === 'pm' ? 12 : 0);
  const day = found['j'] === undefined ? number('d', 1) : number('j', 1);
  const time = Date.UTC(year, found['j'] === undefined ? month - 1 : 0, day, hour, number('M', 0), number('S', 0));
  if (found['j'] === undefined && new Date(time).getUTCDate() !== day) throw new ExpressionError('day is out of range for month');
  return new DateTime(time * 1000 + Number((found['f'] ?? '').padEnd(6, '0')));
}
