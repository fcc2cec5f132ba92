import { compareText } from '../comparison.ts';
import { jsonKey } from '../convert.ts';
import { items } from '../dict-methods.ts';
import { ExpressionError, UndefinedError, UnknownValueError } from '../errors.ts';
import { isFloat, numeric } from '../numbers.ts';
import { floatText, typeName } from '../text.ts';
import { isList, isMapping, Opaque, Undefined, Unknown, type Value } from '../value.ts';
import { own } from '../../util/own.ts';

/** How Python's `json.dumps` writes. */
export interface JsonStyle {
  /** What one level is indented by; null for one line. */
  readonly indent: string | null;
  readonly sortKeys: boolean;
  readonly itemSeparator: string;
  readonly keySeparator: string;
  /** Everything outside ASCII as `\uXXXX`. */
  readonly ascii: boolean;
}

/** `json.dumps` without arguments. */
export const PLAIN_JSON: JsonStyle = { indent: null, sortKeys: false, itemSeparator: ', ', keySeparator: ': ', ascii: true };

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' };

/** Writes a value as Python's `json.dumps` does, byte for byte. */
export function writeJson(value: Value, style: JsonStyle, level = 0): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quote(value, style.ascii);
  const number = numeric(value);
  if (number) return isFloat(value) && 'float' in number ? floatJson(number.float) : String('int' in number ? number.int : number.float);
  if (isList(value)) return enclose('[', ']', value.map((each) => writeJson(each, style, level + 1)), style, level);
  if (isMapping(value)) {
    const pairs = items(value).map(([key = null, inner = null]) => [keyOf(key), inner] as const);
    if (style.sortKeys) pairs.sort(([a], [b]) => compareText(a, b));
    return enclose('{', '}', pairs.map(([key, inner]) => quote(key, style.ascii) + style.keySeparator + writeJson(inner, style, level + 1)), style, level);
  }
  if (value instanceof Undefined) throw new UndefinedError(value.hint, value.at);
  if (value instanceof Unknown) throw new UnknownValueError(value);
  if (value instanceof Opaque) return quote(value.text().replace(' ', 'T'), style.ascii);
  throw new ExpressionError(`Object of type ${typeName(value)} is not JSON serializable`);
}

function keyOf(key: Value): string {
  if (isList(key)) throw new ExpressionError('keys must be str, int, float, bool or None, not tuple');
  return jsonKey(key);
}

function enclose(open: string, close: string, parts: readonly string[], { indent, itemSeparator }: JsonStyle, level: number): string {
  if (parts.length === 0) return open + close;
  if (indent === null) return open + parts.join(itemSeparator) + close;
  const inner = `\n${indent.repeat(level + 1)}`;
  return open + inner + parts.join(itemSeparator + inner) + `\n${indent.repeat(level)}${close}`;
}

function floatJson(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity';
}

function quote(text: string, ascii: boolean): string {
  const escaped = text.replace(ascii ? /["\\\x00-\x1f]|[^\x00-\x7e]/g : /["\\\x00-\x1f]/g, (character) =>
    own(ESCAPES, character) ?? (character === '\x7f' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
  return `"${escaped}"`;
}
