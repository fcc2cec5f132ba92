import type { Named } from './arguments.ts';
import { ExpressionError } from './errors.ts';
import { formatSpec } from './format-spec.ts';
import { use } from './operators.ts';
import { repr, toText } from './text.ts';
import type { Value } from './value.ts';

/** How `{a.b[c]}` reaches into values. */
export interface Access {
  readonly attribute: (target: Value, name: string) => Value;
  readonly item: (target: Value, index: Value) => Value;
}

/** Python's `format.format(*args, **named)`. */
export function formatBraces(format: string, args: readonly Value[], named: Named, access: Access): string {
  let automatic = 0;
  const take = (name: string): Value => {
    const index = name === '' ? automatic++ : /^\d+$/.test(name) ? Number(name) : undefined;
    const value = index === undefined ? named.get(name) : args[index];
    if (value !== undefined) return value;
    throw new ExpressionError(index === undefined ? repr(name) : `Replacement index ${index} out of range for positional args tuple`);
  };
  const field = (text: string): string => {
    const [, path = '', conversion, spec = ''] = /^([^!:]*)(?:!(.))?(?::([^]*))?$/.exec(text) ?? [];
    const [, first = '', rest = ''] = /^([^.[]*)([^]*)$/.exec(path) ?? [];
    let value = take(first);
    for (const [, attribute, index = ''] of rest.matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
      value = attribute === undefined ? access.item(value, /^\d+$/.test(index) ? Number(index) : index) : access.attribute(value, attribute);
    }
    use(value);
    if (conversion !== undefined) value = conversion === 's' ? toText(value) : repr(value);
    return formatSpec(value, expand(spec));
  };
  const expand = (text: string): string => {
    let result = '';
    for (let at = 0; at < text.length; at++) {
      const character = text[at] ?? '';
      if ((character === '{' || character === '}') && text[at + 1] === character) {
        result += character;
        at++;
      } else if (character === '{') {
        const end = closing(text, at);
        result += field(text.slice(at + 1, end));
        at = end;
      } else if (character === '}') {
        throw new ExpressionError("Single '}' encountered in format string");
      } else {
        result += character;
      }
    }
    return result;
  };
  return expand(format);
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  throw new ExpressionError("Single '{' encountered in format string");
}
