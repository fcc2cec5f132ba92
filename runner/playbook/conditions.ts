import { problem } from '../source/diagnostic.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import { checkCondition } from '../template/render.ts';
import { TemplateText } from '../template/tree.ts';
import type { Loading } from './load-context.ts';
import type { Condition } from './model.ts';
import { keyText, isNothing, kindOf, type Field } from './yaml-fields.ts';

/** The conditions of `when`, `until`, `changed_when` …: one, or a list of which all must hold. */
export function conditionsOf(field: Field | undefined, loading: Loading): Condition[] {
  if (!field || isNothing(field.value)) return [];
  const nodes = field.value.kind === 'sequence' ? field.value.items : [field.value];
  return nodes.flatMap((node) => conditionOf(node, keyText(field.key), loading));
}

function conditionOf(node: YamlNode, word: string, loading: Loading): Condition[] {
  if (node.kind !== 'scalar') {
    loading.report(problem('wrong-type', `a condition of '${word}' must be an expression, not ${kindOf(node)}`, node.span, 'quote the whole expression'));
    return [];
  }
  if (typeof node.value === 'boolean') return [node.value];
  const text = node.value === null ? '' : typeof node.value === 'object' ? String(node.value.float) : String(node.value);
  if (text.trim() === '') return [];
  const condition = new TemplateText(text, node.origin);
  for (const each of checkCondition(condition, loading.environment)) loading.report(each);
  return [condition];
}
