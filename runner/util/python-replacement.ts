import { RegexError } from './python-regex-error.ts';
import { own } from './own.ts';

const CONTROL: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07', b: '\b', '\\': '\\' };

/**
 * Reads a Python replacement text (`\1`, `\g<1>`, `\g<name>`, `\n`) into a function of a match; a group that took no part gives ''.
 * @throws RegexError for an unknown escape or group, as Python does.
 */
export function parseReplacement(template: string): (match: RegExpMatchArray) => string {
  const parts: (string | { readonly group: string; readonly at: number })[] = [];
  const token = /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[0-3][0-7]{2})|([1-9]\d?)|([\s\S])|$)|[^\\]+/g;
  for (const found of template.matchAll(token)) {
    const [whole, named, octal, numbered, escaped] = found;
    if (!whole.startsWith('\\')) parts.push(whole);
    else if (named !== undefined || numbered !== undefined) parts.push({ group: named ?? numbered ?? '', at: found.index });
    else if (octal !== undefined) parts.push(String.fromCharCode(Number.parseInt(octal, 8)));
    else if (escaped === undefined) throw new RegexError('bad escape (end of pattern)', found.index);
    else if (Object.hasOwn(CONTROL, escaped)) parts.push(own(CONTROL, escaped) ?? '');
    else if (/[A-Za-z]/.test(escaped)) throw new RegexError(`bad escape \\${escaped}`, found.index);
    else parts.push(whole);
  }
  return (match) => parts.map((part) => (typeof part === 'string' ? part : groupOf(match, part.group, part.at))).join('');
}

function groupOf(match: RegExpMatchArray, name: string, at: number): string {
  if (/^\d+$/.test(name)) {
    if (Number(name) >= match.length) throw new RegexError(`invalid group reference ${name}`, at);
    return match[Number(name)] ?? '';
  }
  if (!match.groups || !Object.hasOwn(match.groups, name)) throw new RegexError(`unknown group name '${name}'`, at);
  return match.groups[name] ?? '';
}
