import { asInt, bind, iterate, NO_NAMED, type Named } from './arguments.ts';
import { compareValues, equals } from './comparison.ts';
import { dictMethods } from './dict-methods.ts';
import { truthy } from './convert.ts';
import { ExpressionError } from './errors.ts';
import { formatBraces } from './format-braces.ts';
import { isFloat, isInteger, numeric } from './numbers.ts';
import { dictKey, slice, use } from './operators.ts';
import { stringMethods } from './string-methods.ts';
import { characters, repr, toText, typeName } from './text.ts';
import { Callable, GroupTuple, isList, isMapping, Opaque, Tuple, Undefined, Unknown, type Value } from './value.ts';
import type { Span } from '../source/span.ts';

/** `target.name`: a method or attribute first, then an item of a dict. Missing ones give Undefined, which chains. */
export function getAttribute(target: Value, name: string, at?: () => Span): Value {
  if (target instanceof Undefined || target instanceof Unknown) return target;
  const found = methodOf(target, name) ?? (isMapping(target) ? target.get(name) : undefined);
  return found === undefined ? new Undefined(`'${objectName(target)}' has no attribute '${name}'`, at?.()) : found;
}

/** `target[index]`: an item first, then a method or attribute. */
export function getItem(target: Value, index: Value, at?: () => Span): Value {
  if (target instanceof Undefined || target instanceof Unknown) return target;
  use(index);
  const item = itemOf(target, index);
  const found = item === undefined && typeof index === 'string' ? methodOf(target, index) : item;
  if (found !== undefined) return found;
  const hint = typeof index === 'string' ? `'${objectName(target)}' has no attribute '${index}'` : `${objectName(target)} has no element ${repr(index)}`;
  return new Undefined(hint, at?.());
}

function itemOf(target: Value, index: Value): Value | undefined {
  if (isMapping(target)) {
    if (isList(index) && !(index instanceof Tuple)) return undefined;
    return isMapping(index) ? undefined : target.get(dictKey(index));
  }
  if (!isList(target) && typeof target !== 'string') return undefined;
  const number = numeric(index);
  if (!number || 'float' in number) return undefined;
  const items = typeof target === 'string' ? characters(target) : target;
  const position = Number(number.int);
  return items[position < 0 ? position + items.length : position];
}

function objectName(value: Value): string {
  return value === null ? 'None' : `${typeName(value)} object`;
}

type Method = (args: readonly Value[], named: Named) => Value;

function methodOf(target: Value, name: string): Value | undefined {
  if (target instanceof Opaque) return target.attribute(name);
  if (target instanceof GroupTuple && (name === 'grouper' || name === 'list')) return target[name === 'grouper' ? 0 : 1];
  const method = findMethod(target, name);
  if (method) return new Callable(name, method);
  if (name === 'real' && numeric(target)) return target;
  return undefined;
}

function findMethod(target: Value, name: string): Method | undefined {
  if (typeof target === 'string') {
    if (name === 'format') return (args, named) => formatBraces(target, args, named, ACCESS);
    if (name === 'format_map') return ([dict = null]) => formatBraces(target, [], namedOf(dict), ACCESS);
    const method = stringMethods.get(name);
    return method && ((args, named) => {
      if (method.length === 1 && args.length > 0) throw new ExpressionError(`str.${name}() takes no arguments (${args.length} given)`);
      return method(target, args, named);
    });
  }
  if (isMapping(target)) {
    const method = dictMethods.get(name);
    return method && ((args, named) => method(target, args, named));
  }
  if (isList(target)) {
    const method = (target instanceof Tuple ? tupleMethods : listMethods).get(name);
    return method && ((args, named) => method(target, args, named));
  }
  if (isInteger(target) && name === 'bit_length') return () => (target == 0 ? 0 : BigInt(target < 0 ? -target : target).toString(2).length);
  if (isFloat(target) && name === 'is_integer') return () => typeof target !== 'number';
  return undefined;
}

const ACCESS = { attribute: getAttribute, item: getItem };

function namedOf(dict: Value): Named {
  return new Map(isMapping(dict) ? [...dict.keys()].map((key) => [toText(key), dict.get(key) ?? null]) : []);
}

type ListMethod = (list: readonly Value[], args: readonly Value[], named: Named) => Value;

const tupleMethods = new Map<string, ListMethod>([
  ['count', (list, [item = null]) => list.filter((each) => equals(each, item)).length],
  ['index', (list, [item = null, from]) => {
    const at = list.findIndex((each, position) => position >= asInt(from, 0) && equals(each, item));
    if (at === -1) throw new ExpressionError(`${repr(item)} is not in list`);
    return at;
  }],
]);

/** Lists are values here; the methods that change one in place do so because templates build lists with them. */
const listMethods = new Map<string, ListMethod>([
  ...tupleMethods,
  ['copy', (list) => [...list]],
  ['append', (list, args) => {
    const [item = null] = bind('append', ['object'], args, NO_NAMED, 1);
    own(list).push(item);
    return null;
  }],
  ['extend', (list, [items = []]) => {
    own(list).push(...iterate(items));
    return null;
  }],
  ['insert', (list, [at = 0, item = null]) => {
    own(list).splice(asInt(at, 0), 0, item);
    return null;
  }],
  ['pop', (list, [at]) => {
    const position = asInt(at, -1);
    const [gone] = own(list).splice(position, 1);
    if (gone === undefined) throw new ExpressionError(list.length === 0 ? 'pop from empty list' : 'pop index out of range');
    return gone;
  }],
  ['remove', (list, [item = null]) => {
    const at = list.findIndex((each) => equals(each, item));
    if (at === -1) throw new ExpressionError('list.remove(x): x not in list');
    own(list).splice(at, 1);
    return null;
  }],
  ['clear', (list) => {
    own(list).length = 0;
    return null;
  }],
  ['reverse', (list) => {
    own(list).reverse();
    return null;
  }],
  ['sort', (list, _args, named) => {
    own(list).sort((a, b) => compareValues(a, b));
    if (named.has('reverse') && truthy(named.get('reverse') ?? false)) own(list).reverse();
    return null;
  }],
]);

function own(list: readonly Value[]): Value[] {
  return list as Value[];
}

/** Names of methods that change their object; expressions that use one work on copies of variables. */
export const MUTATING: ReadonlySet<string> = new Set([
  'append', 'extend', 'insert', 'pop', 'remove', 'clear', 'reverse', 'sort', 'update', 'setdefault', 'popitem', '__setitem__', '__delitem__',
]);

/** `target[a:b:c]`, chaining Undefined and Unknown. */
export function getSlice(target: Value, from: Value, to: Value, step: Value): Value {
  return target instanceof Undefined || target instanceof Unknown ? target : slice(target, from, to, step);
}
