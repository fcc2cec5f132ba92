import { ExpressionError } from '../errors.ts';
import { makeFloat, makeInt } from '../numbers.ts';
import type { Value } from '../value.ts';
import { own } from '../../util/own.ts';

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const STRING = /"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*)"/y;
const WORD = /null|true|false|NaN|-?Infinity/y;
const WORDS: Readonly<Record<string, Value>> = { null: null, true: true, false: false, NaN: Number.NaN, Infinity, '-Infinity': -Infinity };
const MAX_DEPTH = 500;

/** Reads JSON as Python's `json.loads` does: `1.0` is a float, `1` an integer of any size. @throws ExpressionError */
export function readJson(text: string): Value {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const fail = (message: string): never => {
    const before = text.slice(0, at);
    const line = before.split('\n').length;
    throw new ExpressionError(`${message}: line ${line} column ${at - before.lastIndexOf('\n')} (char ${at})`);
  };
  const space = (): void => void take(SPACE);
  const read = (depth: number): Value => {
    if (depth > MAX_DEPTH) fail('nested too deeply');
    space();
    const character = text[at];
    if (character === '"') return string();
    if (character === '[') return list(depth);
    if (character === '{') return dict(depth);
    const word = take(WORD);
    if (word) return own(WORDS, word[0]) ?? null;
    const number = take(NUMBER);
    if (!number) return fail('Expecting value');
    return number[1] === undefined && number[2] === undefined ? makeInt(BigInt(number[0])) : makeFloat(Number(number[0]));
  };
  const string = (): string => {
    const found = take(STRING);
    if (!found) return fail('Unterminated string starting at');
    return JSON.parse(found[0]) as string;
  };
  const list = (depth: number): Value => {
    const items: Value[] = [];
    at++;
    space();
    if (text[at] === ']') at++;
    else do items.push(read(depth + 1)); while (another(']'));
    return items;
  };
  const dict = (depth: number): Value => {
    const result = new Map<Value, Value>();
    at++;
    space();
    if (text[at] === '}') at++;
    else {
      do {
        space();
        if (text[at] !== '"') fail('Expecting property name enclosed in double quotes');
        const key = string();
        space();
        if (text[at] !== ':') fail("Expecting ':' delimiter");
        at++;
        result.set(key, read(depth + 1));
      } while (another('}'));
    }
    return result;
  };
  const another = (close: string): boolean => {
    space();
    if (text[at] === close) {
      at++;
      return false;
    }
    if (text[at] !== ',') fail("Expecting ',' delimiter");
    at++;
    return true;
  };
  const value = read(0);
  space();
  return at < text.length ? fail('Extra data') : value;
}
