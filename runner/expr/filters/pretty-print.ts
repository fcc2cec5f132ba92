import { compareText } from '../comparison.ts';
import { items } from '../dict-methods.ts';
import { repr } from '../text.ts';
import { isList, isMapping, Tuple, type Value } from '../value.ts';

const WIDTH = 80;

/** Python's `pprint.pformat`: one line where it fits in 80 columns, else an item a line; dict keys sorted. */
export function prettyPrint(value: Value): string {
  return layout(value, 0, 0);
}

function layout(value: Value, indent: number, after: number): string {
  const flat = repr(sorted(value));
  if (indent + flat.length + after <= WIDTH) return flat;
  if (isMapping(value)) {
    const pairs = items(sortedDict(value));
    return `{${lines(pairs, indent, after, ([key = null, inner = null], tail) => {
      const name = `${repr(key)}: `;
      return name + layout(inner, indent + 1 + name.length, tail);
    })}}`;
  }
  if (isList(value)) {
    const [open, close] = value instanceof Tuple ? ['(', value.length === 1 ? ',)' : ')'] : ['[', ']'];
    return `${open}${lines(value, indent, after + close.length - 1, (item, tail) => layout(item, indent + 1, tail))}${close}`;
  }
  return typeof value === 'string' ? brokenString(value, indent, after) : flat;
}

function lines<T>(parts: readonly T[], indent: number, after: number, show: (part: T, tail: number) => string): string {
  return parts.map((part, index) => show(part, index === parts.length - 1 ? after + 1 : 1)).join(`,\n${' '.repeat(indent + 1)}`);
}

/** A long text is cut at line breaks and spaces, as adjoining literals. */
function brokenString(text: string, indent: number, after: number): string {
  const rows: string[] = [];
  const all = text.split(/(?<=\n)/);
  for (const [index, row] of all.entries()) {
    const last = index === all.length - 1;
    if (repr(row).length <= WIDTH - indent - (last ? after : 0)) {
      rows.push(repr(row));
      continue;
    }
    let current = '';
    for (const word of row.match(/\S*\s*/g) ?? []) {
      if (current !== '' && repr(current + word).length > WIDTH - indent) {
        rows.push(repr(current));
        current = '';
      }
      current += word;
    }
    if (current !== '') rows.push(repr(current));
  }
  if (rows.length === 1) return rows[0] ?? "''";
  const shown = rows.join(`\n${' '.repeat(indent + (indent === 0 ? 1 : 0))}`);
  return indent === 0 ? `(${shown})` : shown;
}

function sortedDict(value: Value): Map<Value, Value> {
  const pairs = isMapping(value) ? items(value) : [];
  return new Map(pairs.map(([key = null, inner = null]) => [key, inner] as const).toSorted(([a], [b]) => compareText(keyText(a), keyText(b))));
}

function keyText(key: Value): string {
  return typeof key === 'string' ? key : repr(key);
}

function sorted(value: Value): Value {
  if (isMapping(value)) return new Map([...sortedDict(value)].map(([key, inner]) => [key, sorted(inner)]));
  if (value instanceof Tuple) return Tuple.from(value.map(sorted));
  return isList(value) ? value.map(sorted) : value;
}
