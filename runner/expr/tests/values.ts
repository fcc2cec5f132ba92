import { asBool, asString, iterate } from '../arguments.ts';
import { truthy } from '../convert.ts';
import { define, type Entry } from '../define.ts';
import { find } from '../compile-call.ts';
import { toBoolean } from '../filters/values.ts';
import { ExpressionError } from '../errors.ts';
import { isFloat, isInteger, numeric } from '../numbers.ts';
import { calculate, compare, contains } from '../operators.ts';
import { stringMethods } from '../string-methods.ts';
import { toText, typeName } from '../text.ts';
import { Callable, isList, isMapping, Opaque, Undefined, type Value } from '../value.ts';
import type { Comparison } from '../ast.ts';
import { equals } from '../comparison.ts';

function remainder(value: Value, by: Value): Value {
  return calculate('%', value, by);
}

const comparison = (names: string, operator: Comparison): Entry[] => define(names, 'other', (value, [other = null]) => compare(operator, value, other));

function isSame(a: Value, b: Value): boolean {
  if (typeof a === 'object' && a !== null) return a === b;
  return typeof a === typeof b && a === b;
}

/** `truthy` and `falsy` with their wish to read `"no"` as false. */
function truth(value: Value, convert: boolean): boolean {
  if (convert && typeof value === 'string' && /^(?:y|yes|on|1|true|t|n|no|off|0|false|f)$/i.test(value.trim())) return /^(?:y|yes|on|1|true|t)$/i.test(value.trim());
  if (convert && numeric(value) && toBoolean(value) === true) return true;
  return truthy(value);
}

/** Items that Python would put into a set. */
function setOf(value: Value): readonly Value[] {
  const all = iterate(value);
  const inner = all.find((item) => isList(item) || isMapping(item));
  if (inner !== undefined) throw new ExpressionError(`unhashable type: '${typeName(inner)}'`);
  return all;
}

/** Tests that ask what a value is, and how it compares. */
export const VALUE_TESTS: readonly Entry[] = [
  ...define('defined', '', (value) => !(value instanceof Undefined)),
  ...define('undefined', '', (value) => value instanceof Undefined),
  ...define('none', '', (value) => value === null),
  ...define('boolean', '', (value) => typeof value === 'boolean'),
  ...define('true', '', (value) => value === true),
  ...define('false', '', (value) => value === false),
  ...define('integer', '', (value) => isInteger(value)),
  ...define('float', '', (value) => isFloat(value)),
  ...define('number', '', (value) => numeric(value) !== undefined),
  ...define('string', '', (value) => typeof value === 'string'),
  ...define('mapping', '', (value) => isMapping(value)),
  ...define('sequence', '', (value) => typeof value === 'string' || isList(value) || isMapping(value)),
  ...define('iterable', '', (value) => typeof value === 'string' || isList(value) || isMapping(value)),
  ...define('callable', '', (value) => value instanceof Callable || (value instanceof Opaque && value.typeName === 'Joiner')),
  ...define('escaped', '', () => false),
  ...define('odd', '', (value) => equals(remainder(value, 2), 1)),
  ...define('even', '', (value) => equals(remainder(value, 2), 0)),
  ...define('divisibleby', 'num', (value, [by = 1]) => equals(remainder(value, by), 0)),
  ...define('lower', '', (value) => stringMethods.get('islower')?.(toText(value), [], new Map()) ?? false),
  ...define('upper', '', (value) => stringMethods.get('isupper')?.(toText(value), [], new Map()) ?? false),
  ...define('sameas', 'other', (value, [other = null]) => isSame(value, other)),
  ...define('in', 'seq', (value, [container = null]) => contains(container, value)),
  ...define('contains', 'value', (value, [item = null]) => contains(value, item)),
  ...define('filter', '', (value, _args, { environment }) => find(environment.filters, asString(value)) !== undefined),
  ...define('test', '', (value, _args, { environment }) => find(environment.tests, asString(value)) !== undefined),
  ...comparison('== eq equalto', '=='),
  ...comparison('!= ne', '!='),
  ...comparison('> gt greaterthan', '>'),
  ...comparison('>= ge', '>='),
  ...comparison('< lt lessthan', '<'),
  ...comparison('<= le', '<='),
  ...define('truthy', 'convert_bool?', (value, [convert]) => truth(value, asBool(convert))),
  ...define('falsy', 'convert_bool?', (value, [convert]) => !truth(value, asBool(convert))),
  ...define('any', '', (value) => iterate(value).some(truthy)),
  ...define('all', '', (value) => iterate(value).every(truthy)),
  ...define('subset issubset', 'b', (value, [other = null]) => setOf(value).every((item) => contains(iterate(other), item))),
  ...define('superset issuperset', 'b', (value, [other = null]) => setOf(other).every((item) => contains(setOf(value), item))),
  ...define('nan isnan', '', (value) => {
    const number = numeric(value);
    return number !== undefined && 'float' in number && Number.isNaN(number.float);
  }),
  ...define('vault_encrypted vaulted_file', '', (value) => typeof value === 'string' && value.startsWith('$ANSIBLE_VAULT;')),
];
