import { asBool, iterate } from '../arguments.ts';
import { attributeGetter, comparable } from '../attribute-path.ts';
import { calculate, contains } from '../operators.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import type { Value } from '../value.ts';
import { listsOf } from './merged-lists.ts';

/** The first of each run of equal items; strings and numbers by a set, everything else by comparison. */
function unique(items: readonly Value[], key: (item: Value) => Value = (item) => item): Value[] {
  const seenTexts = new Set<string>();
  const seen: Value[] = [];
  return items.filter((item) => {
    const wanted = key(item);
    if (typeof wanted === 'string') {
      if (seenTexts.has(wanted)) return false;
      seenTexts.add(wanted);
      return true;
    }
    if (contains(seen, wanted)) return false;
    seen.push(wanted);
    return true;
  });
}

/** A quick `in` for one list and many questions. */
function membership(list: readonly Value[]): (item: Value) => boolean {
  const texts = new Set(list.filter((item) => typeof item === 'string'));
  const others = list.filter((item) => typeof item !== 'string');
  return (item) => (typeof item === 'string' ? texts.has(item) || contains(others, item) : contains(others, item));
}

function intersect(a: readonly Value[], b: readonly Value[]): Value[] {
  return unique(a.filter(membership(b)));
}

function without(a: readonly Value[], b: readonly Value[]): Value[] {
  const inOther = membership(b);
  return unique(a.filter((item) => !inOther(item)));
}

function symmetric(a: readonly Value[], b: readonly Value[]): Value[] {
  return without(unique([...a, ...b]), intersect(a, b));
}

/** A filter of community.general over any number of lists; with `flatten`, over the lists in its arguments. */
function ofLists(name: string, fold: (a: readonly Value[], b: readonly Value[]) => Value[]): Entry {
  return [name, (terms, named) => {
    for (const key of named.keys()) if (key !== 'flatten') throw new ExpressionError(`${name}: 'flatten' is the only valid keyword argument`);
    const [first, ...others] = asBool(named.get('flatten')) ? listsOf(terms, name) : terms.map(iterate);
    if (!first) return [];
    return others.length === 0 ? first : others.reduce(fold, unique(first));
  }];
}

/** Filters that take lists for sets. */
export const SET_FILTERS: readonly Entry[] = [
  ...define('unique', 'case_sensitive? attribute?', (value, [sensitive, attribute]) => {
    const get = attributeGetter(attribute);
    return unique(iterate(value), (item) => comparable(get(item), asBool(sensitive)));
  }),
  ...define('union', 'b', (value, [other = []]) => unique(iterate(calculate('+', value, other)))),
  ...define('intersect', 'b', (value, [other = []]) => intersect(iterate(value), iterate(other))),
  ...define('difference', 'b', (value, [other = []]) => without(iterate(value), iterate(other))),
  ...define('symmetric_difference', 'b', (value, [other = []]) => without(unique(iterate(calculate('+', value, other))), intersect(iterate(value), iterate(other)))),
  ofLists('lists_union', (a, b) => unique([...a, ...b])),
  ofLists('lists_intersect', intersect),
  ofLists('lists_difference', without),
  ofLists('lists_symmetric_difference', symmetric),
];
