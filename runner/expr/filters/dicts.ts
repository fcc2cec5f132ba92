import { asBool, asText } from '../arguments.ts';
import { comparable } from '../attribute-path.ts';
import { compareValues } from '../comparison.ts';
import { refuseUndefined } from '../convert.ts';
import { define, type Entry } from '../define.ts';
import { items, toMap } from '../dict-methods.ts';
import { ExpressionError } from '../errors.ts';
import { getItem } from '../methods.ts';
import { contains, dictKey } from '../operators.ts';
import { repr, toText, typeName } from '../text.ts';
import { isList, isMapping, Tuple, type Mapping, type Value } from '../value.ts';

const MERGES = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'];

function mergeLists(low: readonly Value[], high: readonly Value[], how: string): readonly Value[] {
  switch (how) {
    case 'append': return [...low, ...high];
    case 'prepend': return [...high, ...low];
    case 'append_rp': return [...low.filter((item) => !contains(high, item)), ...high];
    case 'prepend_rp': return [...high, ...low.filter((item) => !contains(high, item))];
    case 'keep': return low;
    default: return high;
  }
}

/** Merges `high` over `low`; neither is changed. */
function merge(low: Mapping, high: Mapping, recursive: boolean, lists: string): Map<Value, Value> {
  const result = toMap(low);
  for (const [key = null, value = null] of items(high)) {
    const present = result.get(key);
    if (present !== undefined && isMapping(present) && isMapping(value)) result.set(key, recursive ? merge(present, value, recursive, lists) : value);
    else if (present !== undefined && plainList(present) && plainList(value)) result.set(key, mergeLists(present, value, lists));
    else result.set(key, value);
  }
  return result;
}

function plainList(value: Value): value is readonly Value[] {
  return isList(value) && !(value instanceof Tuple);
}

/** Merges dicts, the later over the earlier; none is changed. @throws ExpressionError for anything else */
export function combine(terms: readonly Value[], recursive: boolean, lists: string): Value {
  if (!MERGES.includes(lists)) {
    throw new ExpressionError(`merge_hash: 'list_merge' argument can only be equal to ${MERGES.slice(0, -1).map(repr).join(', ')} or ${repr(MERGES.at(-1) ?? '')}`);
  }
  const dicts = terms.flatMap((term): readonly Value[] => (isList(term) ? term : [term])).filter((term) => term !== null);
  refuseUndefined(dicts);
  const [first = new Map<Value, Value>(), ...rest] = dicts;
  return rest.reduce((low, high) => {
    if (isMapping(low) && isMapping(high)) return merge(low, high, recursive, lists);
    throw new ExpressionError(`failed to combine variables, expected dicts but got a '${typeName(low)}' and a '${typeName(high)}'`);
  }, first);
}

function dictOf(value: Value, filter: string): Mapping {
  if (isMapping(value)) return value;
  throw new ExpressionError(`${filter} requires a dictionary, got ${typeName(value)} instead.`);
}

function subelements(value: Value, path: Value | undefined, skipMissing: boolean): Value {
  if (!isMapping(value) && !plainList(value)) throw new ExpressionError('obj must be a list of dicts or a nested dict');
  const parts = path !== undefined && isList(path) ? path.map((part) => toText(part)) : asText(path).split('.');
  const elements = isMapping(value) ? items(value).map((pair) => pair[1] ?? null) : value;
  return elements.flatMap((element) => {
    let inner: Value | undefined = element;
    for (const part of parts) {
      if (!isMapping(inner)) throw new ExpressionError(`the key ${part} should point to a dictionary, got '${toText(inner)}'`);
      const next: Value | undefined = inner.get(part);
      if (next === undefined) {
        if (skipMissing) return [];
        throw new ExpressionError(`could not find ${repr(part)} key in iterated item ${repr(inner)}`);
      }
      inner = next;
    }
    if (!isList(inner)) throw new ExpressionError(`the key ${repr(parts.at(-1) ?? '')} should point to a list, got ${repr(inner)}`);
    return inner.map((each) => Tuple.of<Value>(element, each));
  });
}

function rekey(value: Value, key: Value, duplicates: string): Value {
  if (duplicates !== 'error' && duplicates !== 'overwrite') throw new ExpressionError(`duplicates parameter to rekey_on_member has unknown value: ${duplicates}`);
  if (!isMapping(value) && !isList(value)) throw new ExpressionError('Type is not a valid list, set, or dict');
  const result = new Map<Value, Value>();
  for (const item of isMapping(value) ? items(value).map((pair) => pair[1] ?? null) : value) {
    if (!isMapping(item)) throw new ExpressionError('List item is not a valid dict');
    const member = item.get(key);
    if (member === undefined) throw new ExpressionError(`Key ${toText(key)} was not found`);
    const name = dictKey(member);
    if (result.has(name) && duplicates === 'error') throw new ExpressionError(`Key ${toText(name)} is not unique, cannot correctly turn into dict`);
    result.set(name, item);
  }
  return result;
}

/** Filters that work on dicts. */
export const DICT_FILTERS: readonly Entry[] = [
  ['combine', (terms, named) => {
    for (const key of named.keys()) if (key !== 'recursive' && key !== 'list_merge') throw new ExpressionError("'recursive' and 'list_merge' are the only valid keyword arguments");
    return combine(terms, asBool(named.get('recursive')), asText(named.get('list_merge'), 'replace'));
  }],
  ...define('items', '', (value) => {
    if (!isMapping(value)) throw new ExpressionError('Can only get item pairs from a mapping.');
    return items(value);
  }),
  ...define('dictsort', 'case_sensitive? by? reverse?', (value, [sensitive, by, reverse]) => {
    const position = ['key', 'value'].indexOf(asText(by, 'key'));
    if (position === -1) throw new ExpressionError('You can only sort by either "key" or "value"');
    if (!isMapping(value)) throw new ExpressionError(`'${typeName(value)}' object has no attribute 'items'`);
    const key = (pair: Tuple): Value => comparable(pair[position] ?? null, asBool(sensitive));
    return items(value).sort((a, b) => (asBool(reverse) ? compareValues(key(b), key(a)) : compareValues(key(a), key(b))));
  }),
  ...define('dict2items', 'key_name? value_name?', (value, [keyName, valueName]) =>
    items(dictOf(value, 'dict2items')).map(([key = null, inner = null]) => new Map<Value, Value>([[asText(keyName, 'key'), key], [asText(valueName, 'value'), inner]]))),
  ...define('items2dict', 'key_name? value_name?', (value, [keyName, valueName]) => {
    const [key, inner] = [asText(keyName, 'key'), asText(valueName, 'value')];
    if (!isList(value)) throw new ExpressionError(`items2dict requires a list, got ${typeName(value)} instead.`);
    return new Map(value.map((item): [Value, Value] => {
      if (!isMapping(item)) throw new ExpressionError(`items2dict requires a list of dictionaries, got ${toText(value)} instead.`);
      const [name, content] = [item.get(key), item.get(inner)];
      if (name !== undefined && content !== undefined) return [dictKey(name), content];
      throw new ExpressionError(`items2dict requires each dictionary in the list to contain the keys '${key}' and '${inner}', got ${toText(value)} instead.`);
    }));
  }),
  ...define('extract', 'container morekeys?', (value, [container = null, more = null]) => {
    const keys = [value, ...(more === null ? [] : isList(more) ? more : [more])];
    return keys.reduce<Value>((inner, key) => getItem(inner, key), container);
  }),
  ...define('subelements', 'subelements skip_missing?', (value, [path, skip]) => subelements(value, path, asBool(skip))),
  ...define('rekey_on_member', 'key duplicates?', (value, [key = null, duplicates]) => rekey(value, key, asText(duplicates, 'error'))),
];
