import { floatText } from '../expr/text.ts';
import { Float } from '../expr/value.ts';
import { InputError, problem } from '../source/diagnostic.ts';
import { VaultText } from '../template/tree.ts';
import type { Plain, PlainKey } from './plain.ts';
import { own } from '../util/own.ts';

type PlainMap = ReadonlyMap<PlainKey, Plain>;
type Tables = readonly (readonly [path: string, table: PlainMap])[];

/**
 * TOML as the Python package `toml` writes it: tables of one depth together, outer ones first; nulls are left out. Dicts in
 * arrays of arrays, which that package gets wrong, become inline tables. @throws InputError for what TOML cannot hold
 */
export function dumpToml(value: PlainMap): string {
  const top = section(value, '');
  let text = top.text;
  for (let tables = top.tables; tables.length > 0; ) {
    const deeper: (readonly [string, PlainMap])[] = [];
    for (const [path, table] of tables) {
      const own = section(table, path);
      if (own.text !== '' || own.tables.length === 0) {
        if (text !== '' && !text.endsWith('\n\n')) text += '\n';
        text += `[${path}]\n${own.text}`;
      }
      deeper.push(...own.tables.map(([name, each]) => [`${path}.${name}`, each] as const));
    }
    tables = deeper;
  }
  return text;
}

/** The lines of one table, arrays of tables behind the others, and the tables in it. */
function section(table: PlainMap, path: string): { text: string; tables: Tables } {
  const tables: (readonly [string, PlainMap])[] = [];
  let [plain, arrays] = ['', ''];
  for (const [key, value] of table) {
    const name = keyText(key);
    if (value instanceof Map) tables.push([name, value as PlainMap]);
    else if (isTables(value)) arrays += value.map((each) => arrayTable(each, path === '' ? name : `${path}.${name}`)).join('');
    else if (value !== null) plain += `${name} = ${valueText(value)}\n`;
  }
  return { text: plain + arrays, tables };
}

function arrayTable(table: PlainMap, path: string): string {
  const own = section(table, path);
  let nested = '\n';
  for (let tables = own.tables; tables.length > 0; ) {
    const deeper: (readonly [string, PlainMap])[] = [];
    for (const [name, each] of tables) {
      const inner = section(each, `${path}.${name}`);
      if (inner.text !== '') nested += `[${path}.${name}]\n${inner.text}`;
      deeper.push(...inner.tables.map(([below, one]) => [`${name}.${below}`, one] as const));
    }
    tables = deeper;
  }
  return `[[${path}]]\n${own.text}${nested}`;
}

function isTables(value: Plain): value is readonly PlainMap[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => each instanceof Map);
}

function keyText(key: PlainKey): string {
  if (typeof key === 'string') return /^[A-Za-z0-9_-]+$/.test(key) ? key : text(key);
  throw new InputError([problem('toml-key', `the inventory has a key that is no text (${String(key)}), which TOML cannot hold`, undefined, 'put it in quotes in the inventory, or use --yaml')]);
}

function valueText(value: Plain): string {
  if (typeof value === 'string') return text(value);
  if (value instanceof VaultText) return text(value.text);
  if (value instanceof Float) return floatText(value.value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : floatText(value);
  if (Array.isArray(value)) return `[${(value as readonly Plain[]).map((each) => ` ${valueText(each)},`).join('')}]`;
  if (value instanceof Map) return `{ ${[...(value as PlainMap)].filter(([, each]) => each !== null).map(([key, each]) => `${keyText(key)} = ${valueText(each)}`).join(', ')} }`;
  return value === null ? '"None"' : String(value as boolean | bigint);
}

/** A basic string: escapes as Python's `repr` has them, where TOML knows them. */
function text(value: string): string {
  const escaped = value.replace(/["\\\p{Cc}\u00a0\u00ad]/gu, (char) => own(ESCAPES, char) ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${escaped}"`;
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
