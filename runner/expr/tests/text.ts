import { own } from '../../util/own.ts';
import { asBool, asText } from '../arguments.ts';
import { truthy } from '../convert.ts';
import { define, type Entry, type Run } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { splitUrl } from '../filters/urls.ts';
import { compileRegex } from '../regex.ts';
import { repr, toText } from '../text.ts';
import type { Value } from '../value.ts';
import { compareVersions, VERSION_TYPES } from '../version.ts';

function matches(value: Value, pattern: Value | undefined, ignoreCase: Value | undefined, multiline: Value | undefined, how: string): boolean {
  const flags = (how === 'match' || how === 'fullmatch' ? 'y' : '') + (asBool(ignoreCase) ? 'i' : '') + (asBool(multiline) ? 'm' : '');
  const text = toText(value);
  const found = compileRegex(asText(pattern), flags).exec(text);
  return found !== null && (how !== 'fullmatch' || found[0].length === text.length);
}

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0, lt: (order) => order < 0, le: (order) => order <= 0, gt: (order) => order > 0, ge: (order) => order >= 0, ne: (order) => order !== 0,
};
const NAMES: Readonly<Record<string, string>> = { '==': 'eq', '=': 'eq', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '!=': 'ne', '<>': 'ne' };

const version: Run = (value, [other = null, operator, strict, type]) => {
  const name = asText(operator, 'eq');
  const holds = own(OPERATORS, own(NAMES, name) ?? name);
  const kind = type === undefined || type === null ? undefined : asText(type);
  if (strict !== undefined && strict !== null && kind !== undefined) throw new ExpressionError("Cannot specify both 'strict' and 'version_type'");
  if (!truthy(value)) throw new ExpressionError('Input version value cannot be empty');
  if (!truthy(other)) throw new ExpressionError('Version parameter to compare against cannot be empty');
  const order = VERSION_TYPES.get(strict !== undefined && strict !== null && truthy(strict) ? 'strict' : (kind ?? 'loose'));
  if (!order) throw new ExpressionError(`Invalid version type (${kind}). Must be one of ${[...VERSION_TYPES.keys()].map(repr).join(', ')}`);
  if (!holds) throw new ExpressionError(`Invalid operator type (${name}). Must be one of ${[...Object.keys(NAMES), ...Object.keys(OPERATORS)].map(repr).join(', ')}`);
  return holds(compareVersions(toText(value), toText(other), order));
};

/** Tests of what a text looks like. */
export const TEXT_TESTS: readonly Entry[] = [
  ...define('match', 'pattern? ignorecase? multiline?', (value, [pattern, ignoreCase, multiline]) => matches(value, pattern, ignoreCase, multiline, 'match')),
  ...define('search', 'pattern? ignorecase? multiline?', (value, [pattern, ignoreCase, multiline]) => matches(value, pattern, ignoreCase, multiline, 'search')),
  ...define('regex', 'pattern? ignorecase? multiline? match_type?', (value, [pattern, ignoreCase, multiline, how]) => matches(value, pattern, ignoreCase, multiline, asText(how, 'search'))),
  ...define('version version_compare', 'version operator? strict? version_type?', version),
  ...define('uri', 'schemes?', (value, [schemes]) => isUri(value, listOf(schemes))),
  ...define('url', 'schemes?', (value, [schemes]) => isUri(value, listOf(schemes), ({ scheme, netloc }) => netloc !== '' || scheme === 'file')),
  ...define('urn', '', (value) => isUri(value, ['urn'])),
];

function listOf(value: Value | undefined): readonly string[] | undefined {
  return value === undefined || value === null ? undefined : Array.isArray(value) ? value.map((each: Value) => toText(each)) : [toText(value)];
}

/** As Ansible has it: every text is a URI unless schemes are given, since even `a b` has a path. */
function isUri(value: Value, schemes: readonly string[] | undefined, further: (parts: ReturnType<typeof splitUrl>) => boolean = () => true): boolean {
  if (typeof value !== 'string') return false;
  try {
    const parts = splitUrl(value);
    return (schemes === undefined || schemes.includes(parts.scheme)) && further(parts);
  } catch (error) {
    if (error instanceof ExpressionError) return false;
    throw error;
  }
}
