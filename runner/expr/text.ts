import { UndefinedError, UnknownValueError } from './errors.ts';
import { Callable, Float, isList, isMapping, Omit, Opaque, Tuple, Nothing, Undefined, Unknown, type Value } from './value.ts';
import { own } from '../util/own.ts';

/** Python's `str()` of a value. @throws UndefinedError, UnknownValueError */
export function toText(value: Value): string {
  return typeof value === 'string' ? value : repr(value);
}

/** Python's `repr()` of a value: strings in quotes. @throws UndefinedError, UnknownValueError */
export function repr(value: Value): string {
  if (typeof value === 'string') return reprString(value);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? bigDigits(value) : floatText(value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Tuple) return value.length === 1 ? `(${repr(value[0] ?? null)},)` : `(${value.map(repr).join(', ')})`;
  if (isList(value)) return `[${value.map(repr).join(', ')}]`;
  if (isMapping(value)) return `{${[...value.keys()].map((key) => `${repr(key)}: ${repr(value.get(key) ?? null)}`).join(', ')}}`;
  if (value instanceof Nothing) return '';
  if (value instanceof Undefined) throw new UndefinedError(value.hint, value.at);
  if (value instanceof Unknown) throw new UnknownValueError(value);
  if (value instanceof Opaque) return value.text();
  if (value instanceof Callable) return `<function ${value.name}>`;
  return value instanceof Omit ? '__omit_place_holder__' : '';
}

function bigDigits(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(BigInt(value));
}

/** Python's form of a float: shortest digits that read back, an exponent below 1e-4 and from 1e16. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  if (value === 0) return '0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= 16 || exponent < -4) return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  // Numbers from 1e-6 to 1e21 print without an exponent in JavaScript, which covers what is left here.
  return Number.isInteger(value) ? `${String(value)}.0` : String(value);
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };
const UNPRINTABLE = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(UNPRINTABLE, (character) => own(NAMED_ESCAPES, character) ?? codeEscape(character.codePointAt(0) ?? 0));
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function codeEscape(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

/** A string as the sequence of characters that Python sees: code points. Indexing and length work on the result. */
export function characters(text: string): string | readonly string[] {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
}

/** Python's name of a value's type, for messages. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (value instanceof Float) return 'float';
  if (value instanceof Tuple) return 'tuple';
  if (isList(value)) return 'list';
  if (isMapping(value)) return 'dict';
  if (value instanceof Opaque) return value.typeName;
  if (value instanceof Callable) return 'function';
  return value instanceof Undefined ? 'AnsibleUndefined' : 'Unknown';
}
