import { asBool, asString, iterate } from '../arguments.ts';
import { attributeGetter, comparable } from '../attribute-path.ts';
import { compareValues, equals } from '../comparison.ts';
import { applyNamed } from '../compile-call.ts';
import { truthy } from '../convert.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { getAttribute } from '../methods.ts';
import type { CallContext, Operation } from '../scope.ts';
import { GroupTuple, Undefined, type Value } from '../value.ts';

const map: Operation = ([value = null, ...args], named, context) => {
  if (!truthy(value)) return [];
  const [name, ...rest] = args;
  if (name === undefined) {
    if (!named.has('attribute')) throw new ExpressionError('map requires a filter argument');
    const extra = [...named.keys()].find((key) => key !== 'attribute' && key !== 'default');
    if (extra !== undefined) throw new ExpressionError(`Unexpected keyword argument '${extra}'`);
    return iterate(value).map(attributeGetter(named.get('attribute'), named.get('default') ?? undefined));
  }
  const filter = asString(name);
  return iterate(value).map((item) => applyNamed('filter', filter, [item, ...rest], named, context));
};

function select(wanted: boolean, byAttribute: boolean): Operation {
  return ([value = null, ...args], named, context) => {
    if (!truthy(value)) return [];
    const [first, ...rest] = args;
    if (byAttribute && first === undefined) throw new ExpressionError('Missing parameter for attribute name');
    const get = byAttribute ? attributeGetter(first) : (item: Value): Value => item;
    const [name, ...given] = byAttribute ? rest : args;
    const holds = (item: Value): boolean => truthy(name === undefined ? item : test(asString(name), item, given, named, context));
    return iterate(value).filter((item) => holds(get(item)) === wanted);
  };
}

function test(name: string, item: Value, given: readonly Value[], named: ReadonlyMap<string, Value>, context: CallContext): Value {
  return applyNamed('test', name, [item, ...given], named, context);
}

function groupBy(value: Value, attribute: Value | undefined, fallback: Value | undefined, caseSensitive: boolean): Value {
  const get = attributeGetter(attribute, fallback === null ? undefined : fallback);
  const keyed = iterate(value).map((item) => ({ item, key: comparable(get(item), caseSensitive) }));
  const groups: { key: Value; items: Value[] }[] = [];
  for (const { item, key } of keyed.toSorted((a, b) => compareValues(a.key, b.key))) {
    const last = groups.at(-1);
    if (last && equals(last.key, key)) last.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups.map(({ items }) => GroupTuple.from<Value>([get(items[0] ?? null), items]));
}

/** Filters that apply another filter or test to each item. */
export const SELECTING_FILTERS: readonly Entry[] = [
  ['map', map],
  ['select', select(true, false)],
  ['reject', select(false, false)],
  ['selectattr', select(true, true)],
  ['rejectattr', select(false, true)],
  ...define('groupby', 'attribute default? case_sensitive?', (value, [attribute, fallback, sensitive]) => groupBy(value, attribute, fallback, asBool(sensitive))),
  ...define('attr', 'name', (value, [name]) => {
    // Unlike `.name`, this never reads an item of a dict.
    const found = getAttribute(value, asString(name));
    return value instanceof Map && value.get(asString(name)) === found ? new Undefined(`'dict object' has no attribute '${asString(name)}'`) : found;
  }),
];
