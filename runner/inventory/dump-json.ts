import { floatText } from '../expr/text.ts';
import { Float } from '../expr/value.ts';
import { VaultText } from '../template/tree.ts';
import { areComparable, sortedKeys, type Plain, type PlainKey } from './plain.ts';

/** JSON as Python writes it: indented by four, keys sorted, no escapes for letters beyond ASCII. */
export function dumpJson(value: Plain): string {
  const sort = canSort(value);
  return write(value, '', sort);
}

/** Python sorts all dicts or, when one of them cannot be sorted, none. */
function canSort(value: Plain): boolean {
  if (Array.isArray(value)) return value.every(canSort);
  return !(value instanceof Map) || (areComparable([...value.keys()]) && [...value.values()].every(canSort));
}

function write(value: Plain, indent: string, sort: boolean): string {
  const inner = `${indent}    `;
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof VaultText) return write(new Map([['__ansible_vault', value.text]]), indent, sort);
  if (value instanceof Float) return float(value.value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : float(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof Map) {
    const map = value as ReadonlyMap<PlainKey, Plain>;
    if (map.size === 0) return '{}';
    const keys = sort ? sortedKeys(map) : [...map.keys()];
    return `{\n${keys.map((key) => `${inner}${JSON.stringify(String(key))}: ${write(map.get(key) ?? null, inner, sort)}`).join(',\n')}\n${indent}}`;
  }
  const items = value as readonly Plain[];
  if (items.length === 0) return '[]';
  return `[\n${items.map((each) => inner + write(each, inner, sort)).join(',\n')}\n${indent}]`;
}

function float(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return floatText(value);
}
