import { randomInt } from 'node:crypto';
import picomatch from 'picomatch';
import { NO_NAMED } from '../arguments.ts';
import { applyNamed } from '../compile-call.ts';
import { truthy } from '../convert.ts';
import { items } from '../dict-methods.ts';
import { ExpressionError } from '../errors.ts';
import { product } from '../filters/lists.ts';
import type { Lookup } from '../scope.ts';
import { toText } from '../text.ts';
import { isList, isMapping, Tuple, type Value } from '../value.ts';

/** Lists inside are opened, one level. */
function flattenOnce(terms: readonly Value[]): Value[] {
  return terms.flatMap((term): readonly Value[] => (isList(term) ? term : [term]));
}

function flattenAll(terms: readonly Value[]): Value[] {
  return terms.flatMap((term): Value[] => (isList(term) ? flattenAll(term) : term === null || term === 'None' || term === 'null' ? [] : [term]));
}

const listed = (term: Value): readonly Value[] => (isList(term) ? term : [term]);

const dict: Lookup = (terms) => terms.flatMap((term) => {
  if (!isMapping(term)) throw new ExpressionError('with_dict expects a dict');
  return items(term).map(([key = null, value = null]) => new Map<Value, Value>([['key', key], ['value', value]]));
});

const nested: Lookup = (terms) => {
  if (terms.length === 0) throw new ExpressionError('with_nested requires at least one element in the nested list');
  return product(terms.map(listed)).map(flattenOnce);
};

const together: Lookup = (terms) => {
  if (terms.length === 0) throw new ExpressionError('with_together requires at least one element in each list');
  const lists = terms.map(listed);
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => flattenOnce(lists.map((list) => list[at] ?? null)));
};

/** A result of a task that did not run has nothing to loop over. */
function notSkipped(value: Value): boolean {
  return !isMapping(value) || !truthy(value.get('skipped') ?? false);
}

function without(value: Value, [name = '', ...deeper]: readonly string[]): Value {
  if (!isMapping(value)) return value;
  const inner = value.get(name);
  const rest = [...value.keys()].filter((key) => deeper.length > 0 || key !== name);
  return new Map(rest.map((key) => [key, key === name && inner !== undefined ? without(inner, deeper) : (value.get(key) ?? null)]));
}

const subelements: Lookup = ([list, key, flags], options, context) => {
  if (list === undefined || typeof key !== 'string') {
    throw new ExpressionError('subelements lookup expects a list of two or three items, first a dict or a list, second a string pointing to the subkey');
  }
  const skip = flags !== undefined && isMapping(flags) ? truthy(flags.get('skip_missing') ?? false) : truthy(options.get('skip_missing') ?? false);
  if (!notSkipped(list)) return [];
  const elements = (isMapping(list) ? items(list).map((pair) => pair[1] ?? null) : listed(list)).filter(notSkipped);
  const wrong = elements.find((each) => !isMapping(each));
  if (wrong !== undefined) throw new ExpressionError(`subelements lookup expects a dictionary, got '${toText(wrong)}'`);
  const found = applyNamed('filter', 'subelements', [elements, key, skip], NO_NAMED, context);
  // What is looped over is taken out of the dict that goes with it.
  return isList(found) ? found.map((pair) => (isList(pair) ? Tuple.of<Value>(without(pair[0] ?? null, key.split('.')), pair[1] ?? null) : pair)) : [];
};

/** Lookups that only rearrange what they are given. */
export const LIST_LOOKUPS: readonly (readonly [string, Lookup])[] = [
  ['items', flattenOnce],
  ['list', (terms) => terms],
  ['flattened', flattenAll],
  ['indexed_items', (terms) => flattenOnce(terms).map((item, index) => Tuple.of<Value>(index, item))],
  ['dict', dict],
  ['nested', nested],
  ['cartesian', nested],
  ['together', together],
  ['subelements', subelements],
  ['random_choice', (terms) => (terms.length === 0 ? [] : [terms[randomInt(terms.length)] ?? null])],
  ['inventory_hostnames', (terms, _options, { scope }) => hostNames(terms, scope.lookup('groups'))],
];

/** Hosts of groups and names: `a:b` joins, `!c` takes away, `&d` keeps only what is in both. */
function hostNames(terms: readonly Value[], groups: Value | undefined): Value[] {
  if (groups === undefined || !isMapping(groups)) throw new ExpressionError("inventory_hostnames needs the variable 'groups'");
  const members = (group: Value): readonly Value[] => listed(groups.get(group) ?? []);
  const known = members('all');
  const hostsOf = (word: string): readonly Value[] => {
    const matches = picomatch(word, { nobrace: true, noextglob: true, dot: true });
    const inGroups = new Set([...groups.keys()].filter((group) => matches(toText(group))).flatMap(members));
    return known.filter((host) => inGroups.has(host) || matches(toText(host)));
  };
  const words = flattenOnce(terms).flatMap((term) => toText(term).split(/[:,]/)).map((word) => word.trim()).filter((word) => word !== '');
  const plain = words.filter((word) => !/^[!&]/.test(word));
  const chosen = plain.length === 0 && words.length > 0 ? [...known] : [...new Set(plain.flatMap(hostsOf))];
  return words.filter((word) => /^[!&]/.test(word)).reduce<Value[]>((left, word) => {
    const others = new Set(hostsOf(word.slice(1)));
    return left.filter((host) => others.has(host) === word.startsWith('&'));
  }, chosen);
}
