import { asBool, asInt, asString, bind, iterate, type Named } from './arguments.ts';
import { ExpressionError } from './errors.ts';
import { characters, typeName } from './text.ts';
import { Tuple, type Value } from './value.ts';

type StringMethod = (text: string, args: readonly Value[], named: Named) => Value;

const upper = (text: string): string => text.toUpperCase();
const lower = (text: string): string => text.toLowerCase();

/** First letter of each run of letters upper, the others lower. */
function titleCase(text: string): string {
  return text.replace(/\p{L}+/gu, (word) => capitalize(word));
}

/** First character upper, the others lower. */
export function capitalize(text: string): string {
  const [first = ''] = text;
  return upper(first) + lower(text.slice(first.length));
}

/** `str.split`: by runs of white space without a separator, `max` splits at most when not negative. */
export function splitText(text: string, separator: string | null, max: number): string[] {
  if (separator === '') throw new ExpressionError('empty separator');
  if (separator === null) {
    const rest = text.trimStart();
    if (max < 0) return rest.trimEnd() === '' ? [] : rest.trimEnd().split(/\s+/);
    const parts: string[] = [];
    let left = rest;
    while (left !== '' && parts.length < max) {
      const [word = ''] = /^\S+/.exec(left) ?? [];
      parts.push(word);
      left = left.slice(word.length).trimStart();
    }
    return left === '' ? parts : [...parts, left];
  }
  const parts = text.split(separator);
  return max < 0 || parts.length <= max + 1 ? parts : [...parts.slice(0, max), parts.slice(max).join(separator)];
}

function splitRight(text: string, separator: string | null, max: number): string[] {
  if (max < 0) return splitText(text, separator, max);
  if (separator === null) {
    const parts: string[] = [];
    let left = text.trimEnd();
    while (left !== '' && parts.length < max) {
      const [word = ''] = /\S+$/.exec(left) ?? [];
      parts.unshift(word);
      left = left.slice(0, left.length - word.length).trimEnd();
    }
    return left === '' ? parts : [left, ...parts];
  }
  const parts = splitText(text, separator, -1);
  return parts.length <= max + 1 ? parts : [parts.slice(0, parts.length - max).join(separator), ...parts.slice(parts.length - max)];
}

/** `str.splitlines`. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines = text.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g) ?? [];
  const kept = lines.filter((line) => line !== '');
  return keepEnds ? kept : kept.map((line) => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ''));
}

/** `str.strip` and its two halves: white space, or any of the given characters. */
export function strip(text: string, given: Value | undefined, sides: 'both' | 'left' | 'right' = 'both'): string {
  const set = given === undefined || given === null ? undefined : new Set(asString(given));
  const drops = (character: string): boolean => (set ? set.has(character) : /\s|[\x1c-\x1f\x85]/.test(character));
  const all = Array.from(text);
  let [from, to] = [0, all.length];
  if (sides !== 'right') while (from < to && drops(all[from] ?? '')) from++;
  if (sides !== 'left') while (to > from && drops(all[to - 1] ?? '')) to--;
  return all.slice(from, to).join('');
}

function pad(text: string, args: readonly Value[], side: 'left' | 'right' | 'both'): string {
  const [width, fill] = bind('pad', ['width', 'fillchar'], args, new Map(), 1);
  const character = asString(fill, ' ');
  if (Array.from(character).length !== 1) throw new ExpressionError('The fill character must be exactly one character long');
  const missing = asInt(width, 0) - characters(text).length;
  if (missing <= 0) return text;
  // CPython's rule for the odd one.
  const left = side === 'left' ? missing : side === 'right' ? 0 : Math.floor(missing / 2) + (missing & asInt(width, 0) & 1);
  return character.repeat(left) + text + character.repeat(missing - left);
}

/** Part of a text by Python's optional start and end, and where it begins. */
function range(text: string, from: Value | undefined, to: Value | undefined): [string, number] {
  const { length } = text;
  const clamp = (at: number): number => Math.min(Math.max(at < 0 ? at + length : at, 0), length);
  const start = clamp(asInt(from ?? undefined, 0));
  return [text.slice(start, Math.max(start, clamp(asInt(to ?? undefined, length)))), start];
}

function find(text: string, [needle, from, to]: readonly Value[], last: boolean): number {
  const [part, offset] = range(text, from, to);
  const wanted = asString(needle);
  const at = last ? part.lastIndexOf(wanted) : part.indexOf(wanted);
  return at === -1 ? -1 : characters(text.slice(0, at + offset)).length;
}

function found(at: number): number {
  if (at === -1) throw new ExpressionError('substring not found');
  return at;
}

function affix(text: string, [wanted = '', from, to]: readonly Value[], name: 'startsWith' | 'endsWith'): boolean {
  const [part] = range(text, from, to);
  if (wanted instanceof Tuple) return wanted.some((each) => part[name](asString(each)));
  if (typeof wanted !== 'string') throw new ExpressionError(`${name.toLowerCase()} first arg must be str or a tuple of str, not ${typeName(wanted)}`);
  return part[name](wanted);
}

/** `str.replace`, `count` times at most when not negative. */
export function replaceText(text: string, from: string, to: string, count: number): string {
  // An empty text stands before every character and at the end.
  const pieces = from === '' ? ['', ...Array.from(text), ''] : text.split(from);
  if (count < 0) return pieces.join(to);
  return pieces.length <= count + 1 ? pieces.join(to) : pieces.slice(0, count + 1).join(to) + from + pieces.slice(count + 1).join(from);
}

function partition(text: string, [separator]: readonly Value[], last: boolean): Tuple {
  const wanted = asString(separator);
  if (wanted === '') throw new ExpressionError('empty separator');
  const at = last ? text.lastIndexOf(wanted) : text.indexOf(wanted);
  if (at === -1) return Tuple.from(last ? ['', '', text] : [text, '', '']) as Tuple;
  return Tuple.from([text.slice(0, at), wanted, text.slice(at + wanted.length)]) as Tuple;
}

const is = (pattern: RegExp): StringMethod => (text) => pattern.test(text);
const separator = (value: Value | undefined): string | null => (value === undefined || value === null ? null : asString(value));
const split = (name: string, how: typeof splitText): StringMethod => (text, args, named) => {
  const [by, max] = bind(name, ['sep', 'maxsplit'], args, named);
  return how(text, separator(by), asInt(max, -1));
};

/** Python's methods of a string, all but `format` and `format_map`, which reach into other values. */
export const stringMethods: ReadonlyMap<string, StringMethod> = new Map<string, StringMethod>([
  ['capitalize', capitalize],
  ['casefold', (text) => lower(text).replaceAll('ß', 'ss')],
  ['center', (text, args) => pad(text, args, 'both')],
  ['count', (text, [needle, from, to]) => {
    const [part] = range(text, from, to);
    const wanted = asString(needle);
    return wanted === '' ? characters(part).length + 1 : part.split(wanted).length - 1;
  }],
  ['encode', (text) => text],
  ['endswith', (text, args) => affix(text, args, 'endsWith')],
  ['expandtabs', (text, [size]) => text.replace(/([^\t\n]*)\t/g, (_, before: string) => before + ' '.repeat(asInt(size, 8) - (before.length % asInt(size, 8))))],
  ['find', (text, args) => find(text, args, false)],
  ['index', (text, args) => found(find(text, args, false))],
  ['isalnum', is(/^[\p{L}\p{N}]+$/u)],
  ['isalpha', is(/^\p{L}+$/u)],
  ['isascii', is(/^[\0-\x7f]*$/)],
  ['isdecimal', is(/^\p{Nd}+$/u)],
  ['isdigit', is(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]+$/u)],
  ['isidentifier', is(/^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u)],
  ['islower', (text) => text === lower(text) && text !== upper(text)],
  ['isnumeric', is(/^\p{N}+$/u)],
  ['isprintable', is(/^[^\p{C}\p{Zl}\p{Zp}]*$/u)],
  ['isspace', is(/^\s+$/)],
  ['istitle', (text) => /\p{L}/u.test(text) && titleCase(text) === text],
  ['isupper', (text) => text === upper(text) && text !== lower(text)],
  ['join', (text, [items = []]) => iterate(items).map((item, at) => {
    if (typeof item !== 'string') throw new ExpressionError(`sequence item ${at}: expected str instance, ${typeName(item)} found`);
    return item;
  }).join(text)],
  ['ljust', (text, args) => pad(text, args, 'right')],
  ['lower', lower],
  ['lstrip', (text, [set]) => strip(text, set, 'left')],
  ['partition', (text, args) => partition(text, args, false)],
  ['removeprefix', (text, [prefix]) => (text.startsWith(asString(prefix)) ? text.slice(asString(prefix).length) : text)],
  ['removesuffix', (text, [suffix]) => (text.endsWith(asString(suffix)) ? text.slice(0, text.length - asString(suffix).length) : text)],
  ['replace', (text, args) => {
    const [from, to, count] = bind('replace', ['old', 'new', 'count'], args, new Map(), 2);
    return replaceText(text, asString(from), asString(to), asInt(count, -1));
  }],
  ['rfind', (text, args) => find(text, args, true)],
  ['rindex', (text, args) => found(find(text, args, true))],
  ['rjust', (text, args) => pad(text, args, 'left')],
  ['rpartition', (text, args) => partition(text, args, true)],
  ['rsplit', split('rsplit', splitRight)],
  ['rstrip', (text, [set]) => strip(text, set, 'right')],
  ['split', split('split', splitText)],
  ['splitlines', (text, args, named) => splitLines(text, asBool(bind('splitlines', ['keepends'], args, named)[0]))],
  ['startswith', (text, args) => affix(text, args, 'startsWith')],
  ['strip', (text, [set]) => strip(text, set)],
  ['swapcase', (text) => text.replace(/\p{L}/gu, (letter) => (letter === upper(letter) ? lower(letter) : upper(letter)))],
  ['title', titleCase],
  ['upper', upper],
  ['zfill', (text, [width]) => {
    const sign = /^[+-]/.exec(text)?.[0] ?? '';
    return sign + text.slice(sign.length).padStart(asInt(width, 0) - sign.length, '0');
  }],
]);
