import { problem } from '../source/diagnostic.ts';
import { spanAt } from '../source/span.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import type { Loading } from './load-context.ts';
import { literalOf } from './literal.ts';
import { kindOf, scalarText } from './yaml-fields.ts';

/** A text that must be known before the run: written out, or with extra variables in it. Undefined after a diagnostic. */
export function staticText(node: YamlNode, what: string, loading: Loading, more: ReadonlyMap<string, string> = new Map()): string | undefined {
  const text = scalarText(node);
  if (text === undefined || node.kind !== 'scalar') {
    loading.report(problem('wrong-type', `${what} must be a text, not ${kindOf(node)}`, node.span));
    return undefined;
  }
  let known = true;
  const rendered = text.replace(/\{\{(.*?)\}\}/gs, (all, expression: string, offset: number) => {
    const name = expression.trim();
    const value = more.get(name) ?? extraVar(name, loading);
    if (value !== undefined) return value;
    known = false;
    const span = spanAt(node.origin, offset, offset + all.length);
    loading.report(problem('static-template', `${what} must be known before the run: only extra variables can be used in it`, span, `give it with -e ${/^\w+$/.test(name) ? name : 'NAME'}=…, or use a dynamic include`));
    return '';
  });
  if (known && /\{%/.test(rendered)) {
    loading.report(problem('static-template', `${what} must be known before the run: statements cannot be used in it`, node.span));
    return undefined;
  }
  return known ? rendered : undefined;
}

function extraVar(name: string, { extraVars }: Loading): string | undefined {
  const tree = extraVars.get(name);
  const literal = tree === undefined ? undefined : literalOf(tree);
  return typeof literal === 'string' || typeof literal === 'number' ? String(literal) : undefined;
}
