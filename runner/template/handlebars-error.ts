import { problem, type Diagnostic } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/file.ts';

/** What is wrong with a stretch of the text. */
type Found = readonly [start: number, end: number, message: string, help: string];

/** Tags with what stands in them; a `{{` alone is one that is never closed. Comments and escaped braces are passed over. */
const TAGS = /\{\{!--[^]*?--\}\}|\{\{![^]*?\}\}|\\\{\{|\{\{(\{?)([^{}]*)\}\}(\}?)|\{\{/g;

/**
 * Says what the mistake in a Handlebars template is. The parser names the tokens it would have taken, which tells people nothing:
 * so a template that it refuses is looked through for the mistakes that are made. Undefined when it is none of them.
 */
export function explainHandlebars(file: SourceFile): Diagnostic | undefined {
  const found = firstMistake(file.text);
  if (!found) return undefined;
  const [start, end, message, help] = found;
  return problem('template-syntax', message, { file, start, end }, help);
}

function firstMistake(text: string): Found | undefined {
  const blocks: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  for (const match of text.matchAll(TAGS)) {
    const [tag, third, inner] = match;
    const start = match.index;
    const end = start + tag.length;
    if (tag === '{{') return [start, end, 'this {{ has no closing }}', 'write }} where it ends'];
    if (inner === undefined) continue;
    if (third !== '' && match[3] === '') return [start, end, 'this {{{ has no closing }}}', 'write {{ and }}: nothing is escaped here either way'];
    const [, sign = '', name = ''] = /^[~\s]*([#^/&>]?)\s*([^\s~()]*)/.exec(inner) ?? [];
    const within = mistakeInTag(inner, start + 2 + (third ?? '').length);
    if (within) return within;
    if (sign === '#' || (sign === '^' && name !== '')) blocks.push({ name, start, end });
    else if (name === 'else' && blocks.length === 0) return [start, end, 'this {{else}} belongs to no block', 'write {{#if …}} before it, or take it away'];
    else if (sign === '/') {
      const open = blocks.pop();
      if (!open) return [start, end, `this {{/${name}}} closes nothing`, 'take it away'];
      if (open.name !== name) return [start, end, `this {{/${name}}} does not close {{#${open.name}}}`, `write {{/${open.name}}} first`];
    }
  }
  const [open] = blocks;
  return open && [open.start, open.end, `this {{#${open.name}}} has no {{/${open.name}}}`, `write {{/${open.name}}} where it ends`];
}

/** Ways of writing that belong to Jinja or to other languages, and brackets and quotes that do not pair up. */
function mistakeInTag(inner: string, from: number): Found | undefined {
  const at = (index: number, length: number, message: string, help: string): Found => [from + index, from + index + length, message, help];
  if (inner.replace(/~/g, '').trim() === '') return at(-2, inner.length + 4, 'there is nothing between these braces', 'write the name of a variable, or take them away');
  // Texts in quotes are blanked, so that what stands in them is not taken for syntax.
  const bare = inner.replace(/"[^"]*"|'[^']*'/g, (text) => ' '.repeat(text.length));
  const quote = bare.search(/["']/);
  if (quote !== -1) return at(quote, 1, `this string has no closing ${bare[quote]}`, `write ${bare[quote]} where it ends`);
  const pipe = /\|/.exec(bare.replace(/\bas\s*\|[^|]*\|/, (text) => ' '.repeat(text.length)));
  if (pipe) return at(pipe.index, 1, "'|' has no meaning in Handlebars", 'write the filter first: {{upper name}}, {{default name "x"}}');
  const comparison = /[!=<>]=|(?<![=\w\s.-])\s*[<>](?!=)/.exec(bare.replace(/^>/, ' '));
  if (comparison) return at(comparison.index, comparison[0].length, `'${comparison[0].trim()}' has no meaning in Handlebars`, 'write a comparison as a call: (eq a b), (gt a 1), (version a "2.0" ">=")');
  const call = /[\w.-](\()/.exec(bare);
  if (call) return at(call.index + 1, 1, "a '(' behind a name has no meaning in Handlebars", 'arguments stand behind the name with blanks between them: {{default name "x"}}');
  const open: number[] = [];
  for (const { 0: mark, index } of bare.matchAll(/[()]/g)) {
    if (mark === '(') open.push(index);
    else if (open.pop() === undefined) return at(index, 1, "this ')' closes nothing", 'take it away');
  }
  const [bracket] = open;
  return bracket === undefined ? undefined : at(bracket, 1, "'(' is never closed", "write ')' before '}}'");
}
