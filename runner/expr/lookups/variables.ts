import { asString } from '../arguments.ts';
import { ExpressionError, UndefinedError } from '../errors.ts';
import { compileRegex } from '../regex.ts';
import type { Lookup } from '../scope.ts';
import { typeName } from '../text.ts';
import { isMapping, Undefined, type Value } from '../value.ts';

const vars: Lookup = (terms, options, { scope }) => terms.map((term): Value => {
  if (typeof term !== 'string') throw new ExpressionError(`Invalid setting identifier, "${typeName(term)}" is not a string`);
  const own = scope.lookup(term);
  const value = own === undefined ? ofThisHost(term, scope.lookup('hostvars'), scope.lookup('inventory_hostname')) : own;
  if (value !== undefined && !(value instanceof Undefined)) return value;
  const fallback = options.get('default');
  if (fallback !== undefined) return fallback;
  throw new UndefinedError(`No variable found with this name: ${term}`);
});

function ofThisHost(name: string, hostvars: Value | undefined, host: Value | undefined): Value | undefined {
  const own = hostvars !== undefined && isMapping(hostvars) && host !== undefined ? hostvars.get(host) : undefined;
  return own !== undefined && isMapping(own) ? own.get(name) : undefined;
}

const varnames: Lookup = (terms, _options, { scope }) => {
  if (!scope.names) throw new ExpressionError('No variables available to search');
  const names = [...scope.names()];
  return terms.flatMap((term) => {
    const pattern = compileRegex(asString(term));
    return names.filter((name) => pattern.test(name));
  });
};

/** Lookups of variables by name. */
export const VARIABLE_LOOKUPS: readonly (readonly [string, Lookup])[] = [['vars', vars], ['varnames', varnames]];
