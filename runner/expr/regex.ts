import { RegexError } from '../util/python-regex-error.ts';
import { translateRegex } from '../util/python-regex.ts';
import { parseReplacement } from '../util/python-replacement.ts';
import { ExpressionError } from './errors.ts';

/** A Python pattern; `lastIndex` is 0. @throws ExpressionError */
export function compileRegex(pattern: string, flags = ''): RegExp {
  return translated(() => translateRegex(pattern, flags));
}

/** A Python replacement text as a function of what `String.replace` hands to its callback. */
export function replacement(text: string): (found: readonly unknown[]) => string {
  const expand = translated(() => parseReplacement(text));
  return (found) => {
    const last = found.at(-1);
    const groups = typeof last === 'object' && last !== null ? (last as Record<string, string>) : undefined;
    const match = found.slice(0, groups ? -3 : -2) as unknown as RegExpMatchArray;
    return translated(() => expand(groups ? Object.assign(match, { groups }) : match));
  };
}

function translated<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof RegexError) throw new ExpressionError(error.message);
    throw error;
  }
}
