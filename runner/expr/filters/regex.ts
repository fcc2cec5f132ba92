import { asBool, asText } from '../arguments.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { compileRegex, replacement } from '../regex.ts';
import { toText } from '../text.ts';
import { Tuple, type Value } from '../value.ts';

function flags(ignoreCase: Value | undefined, multiline: Value | undefined, extra = ''): string {
  return extra + (asBool(ignoreCase) ? 'i' : '') + (asBool(multiline) ? 'm' : '');
}

function search(text: string, regex: RegExp, wanted: readonly Value[]): Value {
  const groups = wanted.map((each) => {
    const [, name, digits] = /^\\(?:g<(\S+)>|(\d+))/.exec(toText(each)) ?? [];
    if (name === undefined && digits === undefined) throw new ExpressionError('Unknown argument');
    return name ?? digits ?? '';
  });
  const match = regex.exec(text);
  if (!match) return null;
  if (groups.length === 0) return match[0];
  return groups.map((group) => {
    const known = /^\d+$/.test(group) ? Number(group) < match.length : match.groups !== undefined && Object.hasOwn(match.groups, group);
    if (!known) throw new ExpressionError('no such group');
    return (/^\d+$/.test(group) ? match[Number(group)] : match.groups?.[group]) ?? null;
  });
}

function findAll(text: string, regex: RegExp): Value {
  return [...text.matchAll(regex)].map((match): Value => {
    if (match.length === 1) return match[0];
    return match.length === 2 ? (match[1] ?? '') : Tuple.from(match.slice(1).map((group) => group ?? ''));
  });
}

/** Filters with regular expressions, Python's. */
export const REGEX_FILTERS: readonly Entry[] = [
  ...define('regex_replace', 'pattern? replacement? ignorecase? multiline?', (value, [pattern, to, ignoreCase, multiline]) => {
    const replace = replacement(asText(to));
    return toText(value).replace(compileRegex(asText(pattern), flags(ignoreCase, multiline, 'g')), (...found) => replace(found));
  }),
  ...define('regex_findall', 'regex multiline? ignorecase?', (value, [pattern, multiline, ignoreCase]) =>
    findAll(toText(value), compileRegex(asText(pattern), flags(ignoreCase, multiline, 'g')))),
  ['regex_search', ([value = '', pattern = '', ...groups], named) =>
    search(toText(value), compileRegex(toText(named.get('regex') ?? pattern), flags(named.get('ignorecase'), named.get('multiline'))), groups)],
  ...define('regex_escape', 're_type?', (value, [type]) => {
    const [text, kind] = [toText(value), asText(type, 'python')];
    if (kind === 'python') return text.replace(/[\s()[\]{}?*+\-|^$\\.&~#]/g, '\\$&');
    if (kind === 'posix_basic') return text.replace(/[\].[^$*\\]/g, '\\$&');
    throw new ExpressionError(kind === 'posix_extended' ? 'Regex type (posix_extended) not yet implemented' : `Invalid regex type (${kind})`);
  }),
];
