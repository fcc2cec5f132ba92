import { asBool, asText } from '../arguments.ts';
import { truthy } from '../convert.ts';
import { define, type Entry, type Run } from '../define.ts';
import { ExpressionError } from '../errors.ts';
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
  const holds = OPERATORS[NAMES[name] ?? name];
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
  ...define('uri', 'schemes?', (value, [schemes]) => isUri(toText(value), listOf(schemes))),
  ...define('url', 'schemes?', (value, [schemes]) => isUri(toText(value), listOf(schemes)) && /^[^:/?#]+:\/\/[^/?#]/.test(toText(value))),
  ...define('urn', '', (value) => /^urn:[^:/?#]+:./i.test(toText(value))),
];

function listOf(value: Value | undefined): readonly string[] | undefined {
  return value === undefined || value === null ? undefined : Array.isArray(value) ? value.map((each: Value) => toText(each)) : [toText(value)];
}

function isUri(text: string, schemes: readonly string[] | undefined): boolean {
  const [, scheme, rest = ''] = /^([a-zA-Z][a-zA-Z\d+.-]*):(\S*)$/.exec(text) ?? [];
  return scheme !== undefined && rest !== '' && (schemes === undefined || schemes.includes(scheme));
}
