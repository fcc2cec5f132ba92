import { Float } from '../expr/value.ts';
import { InputError, problem } from '../source/diagnostic.ts';
import type { YamlNode, YamlScalar } from '../source/yaml-node.ts';
import type { Json } from '../util/json.ts';
import { TemplateText, VaultText, type Tree } from './tree.ts';

/** Whether a text from a file on the controller is a template. */
export function hasTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** A YAML document as data with templates in it; `!unsafe` strings are data whatever they hold, `!vault` ones are opened when used. */
export function treeFromYaml(node: YamlNode): Tree {
  switch (node.kind) {
    case 'scalar': return scalarTree(node);
    case 'sequence': return node.items.map(treeFromYaml);
    case 'mapping': return new Map(node.entries.map(({ key, value }) => [keyOf(key), treeFromYaml(value)]));
  }
}

function scalarTree({ value, tag, origin }: YamlScalar): Tree {
  if (typeof value === 'object' && value !== null) return new Float(value.float);
  if (typeof value !== 'string' || tag === '!unsafe') return value;
  if (tag === '!vault') return new VaultText(value, origin);
  return hasTemplate(value) ? new TemplateText(value, origin) : value;
}

function keyOf({ value }: YamlScalar): string | number | boolean | null | bigint {
  return typeof value === 'object' && value !== null ? value.float : value;
}

/** A `when` entry: a boolean or an expression without braces. @throws InputError for lists and dicts */
export function conditionFromYaml(node: YamlNode): boolean | TemplateText {
  if (node.kind !== 'scalar') throw new InputError([problem('condition-type', 'a condition is an expression, not a list or dict', node.span)]);
  const { value, origin } = node;
  if (typeof value === 'boolean') return value;
  if (value === null) return true;
  return new TemplateText(typeof value === 'object' ? String(value.float) : String(value), origin);
}

/** A tree as JSON, or undefined when there is a template or a secret anywhere inside. */
export function literalTree(tree: Tree): Json | undefined {
  if (tree === null || typeof tree === 'string' || typeof tree === 'boolean' || typeof tree === 'number') return tree;
  if (typeof tree === 'bigint') return String(tree);
  if (tree instanceof Float) return tree.value;
  if (tree instanceof TemplateText || tree instanceof VaultText) return undefined;
  if (tree instanceof Map) {
    const entries: [string, Json][] = [];
    for (const [key, inner] of tree as ReadonlyMap<unknown, Tree>) {
      const json = literalTree(inner);
      if (json === undefined) return undefined;
      entries.push([String(key), json]);
    }
    return Object.fromEntries(entries);
  }
  const items: Json[] = [];
  for (const each of tree as readonly Tree[]) {
    const json = literalTree(each);
    if (json === undefined) return undefined;
    items.push(json);
  }
  return items;
}
