import { asBool, asInt, asText, iterate } from '../arguments.ts';
import { attributeGetter, attributesGetter, comparable } from '../attribute-path.ts';
import { compareValues } from '../comparison.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { calculate, use } from '../operators.ts';
import { characters, toText, typeName } from '../text.ts';
import { isList, isMapping, orElse, Tuple, Undefined, type Value } from '../value.ts';

/** Python's `len()`. */
function length(value: Value): number {
  use(value);
  if (typeof value === 'string') return characters(value).length;
  if (isList(value)) return value.length;
  if (isMapping(value)) return value.size;
  throw new ExpressionError(`object of type '${typeName(value)}' has no len()`);
}

function sort(value: Value, reverse: boolean, caseSensitive: boolean, attribute: Value | undefined): Value[] {
  const get = attributesGetter(attribute);
  const keyed = iterate(value).map((item) => ({ item, key: get(item).map((each) => comparable(each, caseSensitive)) }));
  return keyed.toSorted((a, b) => (reverse ? compareValues(b.key, a.key) : compareValues(a.key, b.key))).map(({ item }) => item);
}

function extreme(value: Value, wanted: 1 | -1, caseSensitive: boolean, attribute: Value | undefined): Value {
  const get = attributeGetter(attribute === null ? undefined : attribute);
  let best: { item: Value; key: Value } | undefined;
  for (const item of iterate(value)) {
    const key = comparable(get(item), caseSensitive);
    use(key);
    if (!best || compareValues(key, best.key, wanted > 0 ? '>' : '<') * wanted > 0) best = { item, key };
  }
  return best ? best.item : new Undefined('No aggregated item, sequence was empty.');
}

function slices(value: Value, count: number, fill: Value): Value {
  if (count <= 0) throw new ExpressionError('integer division or modulo by zero');
  const all = iterate(value);
  const each = Math.floor(all.length / count);
  const extra = all.length % count;
  return Array.from({ length: count }, (_, index) => {
    const start = index * each + Math.min(index, extra);
    const part = all.slice(start, start + each + (index < extra ? 1 : 0));
    return fill !== null && index >= extra ? [...part, fill] : part;
  });
}

function batch(value: Value, size: number, fill: Value): Value {
  const all = iterate(value);
  const rows: Value[][] = [];
  const step = size <= 0 ? Math.max(1, all.length) : size;
  for (let at = 0; at < all.length; at += step) rows.push(all.slice(at, at + step));
  const last = rows.at(-1);
  if (last && fill !== null) while (last.length < size) last.push(fill);
  return rows;
}

function flatten(value: Value, levels: number | undefined, skipNulls: boolean): Value[] {
  return iterate(value).flatMap((item): Value[] => {
    if (skipNulls && (item === null || item === 'None' || item === 'null')) return [];
    return isList(item) && (levels === undefined || levels >= 1) ? flatten(item, levels === undefined ? undefined : levels - 1, skipNulls) : [item];
  });
}

function zip(lists: readonly (readonly Value[])[], count: number, fill: Value): Value {
  return Array.from({ length: count }, (_, at) => Tuple.from(lists.map((list) => (at < list.length ? (list[at] ?? null) : fill))));
}

/** More combinations than this are a mistake that would exhaust the memory. */
const MAX_RESULTS = 1_000_000;

function limited(count: number): void {
  if (count > MAX_RESULTS) throw new ExpressionError(`this gives ${count} combinations, which is too many`);
}

/** Every way to take one item of each list, the last one moving fastest. */
export function product(lists: readonly (readonly Value[])[]): Value[][] {
  limited(lists.reduce((count, list) => count * list.length, 1));
  return lists.reduce<Value[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);
}

function choose(all: readonly Value[], size: number, ordered: boolean): Value {
  const rows: Tuple[] = [];
  const extend = (row: readonly number[]): void => {
    if (row.length === size) {
      limited(rows.length + 1);
      rows.push(Tuple.from(row.map((index) => all[index] ?? null)) as Tuple);
      return;
    }
    for (let index = ordered ? 0 : (row.at(-1) ?? -1) + 1; index < all.length; index++) if (!row.includes(index)) extend([...row, index]);
  };
  if (size <= all.length) extend([]);
  return rows;
}

/** Filters that work on whole lists. */
export const LIST_FILTERS: readonly Entry[] = [
  ...define('length count', '', length),
  ...define('list', '', (value) => [...iterate(value)]),
  ...define('first', '', (value) => orElse<Value>(iterate(value)[0], new Undefined('No first item, sequence was empty.'))),
  ...define('last', '', (value) => orElse<Value>(iterate(value).at(-1), new Undefined('No last item, sequence was empty.'))),
  ...define('sort', 'reverse? case_sensitive? attribute?', (value, [reverse, sensitive, attribute]) => sort(value, asBool(reverse), asBool(sensitive), attribute)),
  ...define('min', 'case_sensitive? attribute?', (value, [sensitive, attribute]) => extreme(value, -1, asBool(sensitive), attribute)),
  ...define('max', 'case_sensitive? attribute?', (value, [sensitive, attribute]) => extreme(value, 1, asBool(sensitive), attribute)),
  ...define('sum', 'attribute? start?', (value, [attribute, start = 0]) => {
    if (typeof start === 'string') throw new ExpressionError("sum() can't sum strings [use ''.join(seq) instead]");
    const get = attributeGetter(attribute);
    return iterate(value).reduce<Value>((total, item) => calculate('+', total, get(item)), start);
  }),
  ...define('join', 'd? attribute?', (value, [separator, attribute]) => {
    const get = attributeGetter(attribute);
    return iterate(value).map((item) => toText(get(item))).join(asText(separator));
  }),
  ...define('reverse', '', (value) => (typeof value === 'string' ? Array.from(value).reverse().join('') : [...iterate(value)].reverse())),
  ...define('slice', 'slices fill_with?', (value, [count, fill = null]) => slices(value, asInt(count, 1), fill)),
  ...define('batch', 'linecount fill_with?', (value, [size, fill = null]) => batch(value, asInt(size, 1), fill)),
  ...define('flatten', 'levels? skip_nulls?', (value, [levels, skip]) => flatten(value, levels === undefined || levels === null ? undefined : asInt(levels, 0), asBool(skip, true))),
  ['zip', (args) => {
    const lists = args.map(iterate);
    return zip(lists, Math.min(...lists.map((list) => list.length)), null);
  }],
  ['zip_longest', (args, named) => {
    const lists = args.map(iterate);
    return zip(lists, Math.max(...lists.map((list) => list.length)), named.get('fillvalue') ?? null);
  }],
  ['product', (args, named) => {
    const lists = args.map(iterate);
    const times = asInt(named.get('repeat'), 1);
    return product(Array.from({ length: times }, () => lists).flat()).map((row) => Tuple.from(row));
  }],
  ...define('permutations', 'r?', (value, [size]) => choose(iterate(value), size === undefined || size === null ? iterate(value).length : asInt(size, 0), true)),
  ...define('combinations', 'r', (value, [size]) => choose(iterate(value), asInt(size, 0), false)),
];
