import { isArray, type Json } from '../util/json.ts';
import { byCodePoint } from '../util/code-point-order.ts';

/** JSON as Python's json.dumps writes it with sorted keys and ensure_ascii off: `, ` and `: ` between, or one item a line. */
export function pythonJson(value: Json, indent?: number, depth = 0): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const [open, close] = isArray(value) ? '[]' : '{}';
  const items = isArray(value)
    ? value.map((each) => pythonJson(each, indent, depth + 1))
    : Object.keys(value).sort(byCodePoint).map((key) => `${JSON.stringify(key)}: ${pythonJson(value[key] ?? null, indent, depth + 1)}`);
  if (items.length === 0) return `${open}${close}`;
  if (indent === undefined) return `${open}${items.join(', ')}${close}`;
  const inner = `\n${' '.repeat(indent * (depth + 1))}`;
  return `${open}${inner}${items.join(`,${inner}`)}\n${' '.repeat(indent * depth)}${close}`;
}
