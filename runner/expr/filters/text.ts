import { asBool, asInt, asString, asText, iterate } from '../arguments.ts';
import { define, type Entry } from '../define.ts';
import { items } from '../dict-methods.ts';
import { ExpressionError } from '../errors.ts';
import { formatPercent } from '../format-percent.ts';
import { exactFixed } from '../numbers.ts';
import { capitalize, replaceText, splitLines, splitText, strip, stringMethods } from '../string-methods.ts';
import { characters, toText, typeName } from '../text.ts';
import { isList, isMapping, Tuple, Undefined, type Value } from '../value.ts';
import { escapeHtml } from './escape-html.ts';
import { toFloat } from './numbers.ts';
import { prettyPrint } from './pretty-print.ts';
import { urlize } from './urlize.ts';
import { wrapText } from './wrap.ts';

/** Jinja's idea of a title differs from Python's: only white space and opening brackets begin a word. */
function title(text: string): string {
  return text.split(/([-\s({[<]+)/).map(capitalize).join('');
}

function indent(text: string, width: Value, first: boolean, blank: boolean): string {
  const by = typeof width === 'string' ? width : ' '.repeat(asInt(width, 4));
  const [head = '', ...rest] = splitLines(`${text}\n`);
  const tail = rest.map((line) => `\n${blank || line !== '' ? by + line : line}`);
  return (first ? by : '') + head + tail.join('');
}

function truncate(text: string, length: number, killWords: boolean, end: string, leeway: number): string {
  if (length < end.length) throw new ExpressionError(`expected length >= ${end.length}, got ${length}`);
  const all = characters(text);
  if (all.length <= length + leeway) return text;
  const cut = Array.from(text).slice(0, length - end.length).join('');
  const space = cut.lastIndexOf(' ');
  return (killWords || space === -1 ? cut : cut.slice(0, space)) + end;
}

function fileSize(value: Value, binary: boolean): string {
  const bytes = toFloat(value);
  if (bytes === undefined) throw new ExpressionError(`could not convert ${typeName(value)} to float`);
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const letters = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
  const step = Math.min(letters.length - 1, letters.findIndex((_, index) => bytes < base ** (index + 2)));
  const at = step === -1 ? letters.length - 1 : step;
  const letter = letters[at] ?? '';
  return `${exactFixed((base * bytes) / base ** (at + 2), 1)} ${binary ? `${letter.toUpperCase()}iB` : `${letter}B`}`;
}

/** Python's `urllib.parse.quote`. */
function urlQuote(text: string, keepSlash = true): string {
  const quoted = encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return keepSlash ? quoted.replaceAll('%2F', '/') : quoted;
}

function urlEncode(value: Value): string {
  if (!isMapping(value) && !isList(value)) return urlQuote(toText(value));
  const query = (part: Value = ''): string => urlQuote(toText(part), false).replaceAll('%20', '+');
  const pairs: readonly Value[] = isMapping(value) ? items(value) : value;
  return pairs.map((pair) => {
    const two = iterate(pair);
    if (two.length !== 2) throw new ExpressionError(`a pair was expected, not ${two.length} values`);
    return `${query(two[0])}=${query(two[1])}`;
  }).join('&');
}

function xmlAttributes(value: Value, space: boolean): string {
  if (!isMapping(value)) throw new ExpressionError(`'${typeName(value)}' object has no attribute 'items'`);
  const parts = items(value).filter((pair) => pair[1] !== null && !(pair[1] instanceof Undefined)).map(([key = '', inner = '']) => {
    const name = toText(key);
    if (/[\s/>=]/.test(name)) throw new ExpressionError(`Invalid character in attribute name: '${name}'`);
    return `${escapeHtml(name)}="${escapeHtml(toText(inner))}"`;
  });
  return (space && parts.length > 0 ? ' ' : '') + parts.join(' ');
}

function format(text: Value, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
  if (args.length > 0 && named.size > 0) throw new ExpressionError("can't handle positional and keyword arguments at the same time");
  return formatPercent(toText(text), named.size > 0 ? new Map(named) : Tuple.from(args));
}

/** Shell quoting, as Python's `shlex.quote` does it. */
function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** Filters that work on text. */
export const TEXT_FILTERS: readonly Entry[] = [
  ['format', ([value = '', ...args], named) => format(value, args, named)],
  ...define('capitalize', '', (value) => capitalize(toText(value))),
  ...define('center', 'width?', (value, [width = 80]) => stringMethods.get('center')?.(toText(value), [width], new Map()) ?? null),
  ...define('escape e forceescape', '', (value) => escapeHtml(toText(value))),
  ...define('safe string', '', (value) => toText(value)),
  ...define('striptags', '', (value) => strip(toText(value).replace(/<!--[^]*?-->|<[^>]*>/g, ''), undefined).split(/\s+/).join(' ').replace(/&(amp|lt|gt|#34|#39|quot);/g,
    (whole, name: string) => ({ amp: '&', lt: '<', gt: '>', '#34': '"', quot: '"', '#39': "'" })[name] ?? whole)),
  ...define('indent', 'width? first? blank?', (value, [width = 4, first, blank]) => {
    if (typeof value !== 'string') throw new ExpressionError(`unsupported operand type(s) for +=: '${typeName(value)}' and 'str'`);
    return indent(value, width, asBool(first), asBool(blank));
  }),
  ...define('lower', '', (value) => toText(value).toLowerCase()),
  ...define('upper', '', (value) => toText(value).toUpperCase()),
  ...define('title', '', (value) => title(toText(value))),
  ...define('trim', 'chars?', (value, [chars]) => strip(toText(value), chars)),
  ...define('truncate', 'length? killwords? end? leeway?', (value, [length, kill, end, leeway]) =>
    isList(value) && value.length <= asInt(length, 255) ? value : truncate(asString(value), asInt(length, 255), asBool(kill), asText(end, '...'), leeway === null ? 5 : asInt(leeway, 5))),
  ...define('replace', 'old new count?', (value, [old = '', to = '', count]) => replaceText(toText(value), toText(old), toText(to), count === null ? -1 : asInt(count, -1))),
  ...define('wordcount', '', (value) => toText(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  ...define('wordwrap', 'width? break_long_words? wrapstring? break_on_hyphens?', (value, [width, long, by, hyphens]) =>
    wrapText(asString(value), asInt(width, 79), asBool(long, true), by === null ? '\n' : asText(by, '\n'), asBool(hyphens, true))),
  ...define('urlencode', '', urlEncode),
  ...define('urldecode', '', (value) => decodeUrl(asString(value))),
  ...define('urlize', 'trim_url_limit? nofollow? target? rel? extra_schemes?', (value, [limit, nofollow, target, rel, schemes]) => {
    const words = [...(asBool(nofollow) ? ['nofollow'] : []), 'noopener', ...(rel === null ? '' : asText(rel)).split(/\s+/)];
    return urlize(toText(value), {
      limit: limit === undefined || limit === null ? undefined : asInt(limit, 0),
      rel: [...new Set(words)].filter((word) => word !== '').sort().join(' '),
      target: target === null ? '' : asText(target),
      schemes: schemes === undefined || schemes === null ? [] : iterate(schemes).map((scheme) => asString(scheme)),
    });
  }),
  ...define('xmlattr', 'autospace?', (value, [space]) => xmlAttributes(value, asBool(space, true))),
  ...define('filesizeformat', 'binary?', (value, [binary]) => fileSize(value, asBool(binary))),
  ...define('pprint ppretty', '', (value) => prettyPrint(value)),
  ...define('quote', '', (value) => shellQuote(value === null ? '' : toText(value))),
  ...define('split', 'sep? maxsplit?', (value, [separator = null, max]) => {
    if (typeof value !== 'string') throw new ExpressionError(`descriptor 'split' for 'str' objects doesn't apply to a '${typeName(value)}' object`);
    return splitText(value, separator === null ? null : toText(separator), asInt(max, -1));
  }),
];

function decodeUrl(text: string): string {
  return text.replaceAll('+', ' ').replace(/(?:%[\da-fA-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'));
}
