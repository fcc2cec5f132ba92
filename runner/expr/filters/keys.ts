import { asText, iterate } from '../arguments.ts';
import { truthy } from '../convert.ts';
import { define, type Entry, type Run } from '../define.ts';
import { items, toMap } from '../dict-methods.ts';
import { ExpressionError } from '../errors.ts';
import { getItem } from '../methods.ts';
import { compileRegex } from '../regex.ts';
import { repr, toText } from '../text.ts';
import { isList, isMapping, type Value } from '../value.ts';

/** Whether a key is meant by one target. */
type Matches = (key: Value, target: string) => boolean;

const MATCHING: ReadonlyMap<string, Matches> = new Map<string, Matches>([
  ['equality', (key, target) => key === target],
  ['starts_with', (key, target) => toText(key).startsWith(target)],
  ['ends_with', (key, target) => toText(key).endsWith(target)],
  ['regex', (key, target) => compileRegex(target).exec(toText(key))?.index === 0],
]);

function keep(value: Value, wanted: (key: Value) => boolean): Value {
  if (isList(value)) return value.map((item) => keep(item, wanted));
  if (!isMapping(value)) return value;
  const kept = new Map<Value, Value>();
  for (const [key = null, inner = null] of items(value)) {
    if (!isList(inner) && !isMapping(inner)) {
      if (wanted(key)) kept.set(key, inner);
      continue;
    }
    const rest = keep(inner, wanted);
    const left = isList(rest) ? rest.filter((item) => !isEmpty(item)) : rest;
    // Lists of words have no keys that could be wanted.
    if (!isEmpty(left) && !(isList(left) && left.every((item) => typeof item === 'string'))) kept.set(key, left);
  }
  return kept;
}

function isEmpty(value: Value): boolean {
  return (isList(value) && value.length === 0) || (isMapping(value) && value.size === 0);
}

function remove(value: Value, unwanted: (key: Value) => boolean): Value {
  if (isList(value)) return value.map((item) => remove(item, unwanted));
  if (!isMapping(value)) return value;
  return new Map(items(value).filter(([key = null]) => !unwanted(key)).map(([key = null, inner = null]): [Value, Value] => [key, remove(inner, unwanted)]));
}

/** Lists without what is empty or false in them, as `remove_keys` leaves them. */
function tidy(value: Value): Value {
  if (isList(value)) return value.filter(truthy).map(tidy);
  return isMapping(value) ? new Map(items(value).map(([key = null, inner = null]): [Value, Value] => [key, tidy(inner)])) : value;
}

function rename(value: Value, names: readonly (readonly [before: string, after: Value])[], matches: Matches): Value {
  if (isList(value)) return value.map((item) => rename(item, names, matches));
  if (!isMapping(value)) return value;
  const renamed = toMap(value);
  for (const [before, after] of names) {
    for (const [key, inner] of [...renamed].filter(([each]) => matches(each, before))) {
      renamed.delete(key);
      renamed.set(after, inner);
    }
  }
  return new Map([...renamed].map(([key, inner]): [Value, Value] => [key, rename(inner, names, matches)]));
}

function onKeys(name: string, act: (value: Value, targets: readonly Value[], matches: Matches) => Value): Entry[] {
  const run: Run = (value, [targets = null, how]) => {
    if (!isList(value) && !isMapping(value)) throw new ExpressionError(`${name}: a list or a dict is needed, got ${repr(value)}`);
    const matches = MATCHING.get(asText(how, 'equality'));
    if (!matches) throw new ExpressionError(`${name}: value of matching_parameter must be one of: ${[...MATCHING.keys()].join(', ')}, got: ${asText(how)}`);
    return act(value, typeof targets === 'string' ? [targets] : iterate(targets), matches);
  };
  return define(name, 'target matching_parameter?', run);
}

/** Filters of `community.general` with the names of those, for the keys of dicts in a list: nothing below them is touched. */
function onTopKeys(name: string, act: (dict: ReadonlyMap<Value, Value>, targets: readonly Value[], matches: Matches) => Value): Entry[] {
  const run: Run = (value, [targets = null, how]) => {
    if (!isList(value) || !value.every(isMapping)) throw new ExpressionError(`${name}: a list of dicts is needed, got ${repr(value)}`);
    const word = asText(how, 'equal');
    const matches = word === 'equality' ? undefined : MATCHING.get(word === 'equal' ? 'equality' : word);
    if (!matches) throw new ExpressionError(`The matching_parameter must be one of ['equal', 'starts_with', 'ends_with', 'regex']. matching_parameter=${word}`);
    return value.map((dict) => act(toMap(dict), typeof targets === 'string' ? [targets] : iterate(targets), matches));
  };
  return define(`community.general.${name}`, 'target matching_parameter?', run);
}

/** Filters that choose among the keys of dicts: of `ansible.utils`, which look into nested ones, and of `community.general`. */
export const KEY_FILTERS: readonly Entry[] = [
  ...onKeys('keep_keys', (value, targets, matches) => keep(value, (key) => targets.some((target) => matches(key, toText(target))))),
  ...onKeys('remove_keys', (value, targets, matches) => tidy(remove(value, (key) => targets.some((target) => matches(key, toText(target)))))),
  ...onKeys('replace_keys', (value, targets, matches) => rename(value, targets.map((target) => [toText(getItem(target, 'before')), getItem(target, 'after')] as const), matches)),
  ...onTopKeys('keep_keys', (dict, targets, matches) => new Map([...dict].filter(([key]) => targets.some((target) => matches(key, toText(target)))))),
  ...onTopKeys('remove_keys', (dict, targets, matches) => new Map([...dict].filter(([key]) => !targets.some((target) => matches(key, toText(target)))))),
  ...onTopKeys('replace_keys', (dict, targets, matches) => new Map([...dict].map(([key, inner]): [Value, Value] => {
    const found = targets.find((target) => matches(key, toText(getItem(target, 'before'))));
    return [found === undefined ? key : getItem(found, 'after'), inner];
  }))),
];
