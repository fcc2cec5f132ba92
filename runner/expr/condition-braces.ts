import type { Expression } from './ast.ts';
import { lexExpression, type Token } from './lexer.ts';
import { TokenStream } from './token-stream.ts';

/*
 * Some people write braces in bare conditions: `when: "{{ x }} == 1"`, `when: x == '{{ y }}'`. Ansible pastes the value into the
 * text and evaluates that, so that a value that came from a host is read as an expression. Here `{{ x }}` counts as `(x)`, and
 * inside quotes as a part of the string: the same answers for honest values, and no value is ever code.
 */

/** Whether `{{` opens here, in an expression that may have it. */
export function opensBraces(stream: TokenStream): boolean {
  const following = stream.peek(1);
  return stream.braces !== undefined && stream.is('op', '{') && following.text === '{' && following.start === stream.current.end;
}

/** Reads `{{ x }}` as `(x)`. */
export function parseBraces(stream: TokenStream, read: (stream: TokenStream) => Expression): Expression {
  const { start } = stream.next();
  stream.next();
  const inner = stream.nested(() => read(stream));
  stream.expect('op', '}');
  stream.expect('op', '}');
  return { ...inner, start, end: stream.lastEnd };
}

/** A string with `{{ x }}` in it as what is joined to make it; undefined when there is none. */
export function interpolated(stream: TokenStream, token: Token, read: (stream: TokenStream) => Expression): Expression | undefined {
  const text = stream.braces;
  if (text === undefined || !/\{\{\s*[^\s}]/.test(token.text)) return undefined;
  const parts: Expression[] = [];
  const last = token.end - 1;
  const add = (start: number, end: number): void => {
    if (end > start) parts.push({ kind: 'literal', value: text.slice(start, end), start, end });
  };
  let at = token.start + 1;
  for (;;) {
    const open = text.indexOf('{{', at);
    if (open === -1 || open >= last) break;
    add(at, open);
    const { tokens, end } = lexExpression(text, open + 2, stream.origin, 'condition', '}}');
    const inner = new TokenStream(tokens, stream.origin);
    parts.push(read(inner));
    if (!inner.is('end') || end >= last) inner.fail(`expected '}}', found ${inner.describe()}`);
    at = end + (text[end] === '}' ? 2 : 3);
  }
  add(at, last);
  return parts.length === 0 ? undefined : { kind: 'concat', parts, start: token.start, end: token.end };
}
