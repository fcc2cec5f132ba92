import { asBool, asText } from '../arguments.ts';
import { compareValues } from '../comparison.ts';
import type { Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { dictKey } from '../operators.ts';
import { repr, typeName } from '../text.ts';
import { isList, isMapping, type Value } from '../value.ts';
import { combine } from './dicts.ts';

/** The lists among arguments: an argument that holds nothing but lists stands for those, an empty one for none. */
export function listsOf(terms: readonly Value[], filter: string): (readonly Value[])[] {
  return terms.flatMap((term) => {
    if (!isList(term)) throw new ExpressionError(`All arguments of ${filter} must be lists. ${repr(term)} is ${typeName(term)}`);
    if (term.length === 0) return [];
    return term.every(isList) ? term : [term];
  });
}

type Combine = (low: Value, high: Value) => Value;

/** Dicts of both lists with the same value under `index` made into one, in the order of that value. */
function mergeBy(low: readonly Value[], high: readonly Value[], index: string, join: Combine): Value[] {
  const merged = new Map<Value, Value>();
  for (const item of [...low, ...high]) {
    if (!isMapping(item)) throw new ExpressionError(`Elements of list arguments for lists_mergeby must be dictionaries. ${repr(item)} is ${typeName(item)}`);
    const value = item.get(index);
    if (value === undefined) continue;
    const key = dictKey(value);
    const known = merged.get(key);
    merged.set(key, known === undefined ? item : join(known, item));
  }
  const place = (item: Value): Value => (isMapping(item) ? (item.get(index) ?? null) : null);
  return [...merged.values()].sort((a, b) => compareValues(place(a), place(b)));
}

/** The filter of community.general that merges lists of dicts. */
export const MERGED_LIST_FILTERS: readonly Entry[] = [
  ['lists_mergeby', (terms, named) => {
    for (const key of named.keys()) if (key !== 'recursive' && key !== 'list_merge') throw new ExpressionError("'recursive' and 'list_merge' are the only valid keyword arguments.");
    const index = terms.at(-1);
    if (terms.length < 2 || index === undefined) throw new ExpressionError('At least one list and index are needed.');
    const lists = listsOf(terms.slice(0, -1), 'lists_mergeby');
    if (lists.length < 2) return lists[0] ?? [];
    if (typeof index !== 'string') throw new ExpressionError(`First argument after the lists for lists_mergeby must be string. ${repr(index)} is ${typeName(index)}`);
    const join: Combine = (low, high) => combine([low, high], asBool(named.get('recursive')), asText(named.get('list_merge'), 'replace'));
    return lists.reduceRight((high, low) => mergeBy(low, high, index, join));
  }],
];
