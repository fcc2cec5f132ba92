import type { Environment } from '../expr/scope.ts';
import { Float } from '../expr/value.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { Origin } from '../source/span.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import { TemplateText, VaultText, type Tree } from '../template/tree.ts';

/** x */
export function treeFromYaml(node: YamlNode): Tree {
  if (node.kind === 'sequence') return node.items.map(treeFromYaml);
  if (node.kind === 'mapping') return new Map(node.entries.map(({ key, value }) => [typeof key.value === 'object' && key.value !== null ? key.value.float : key.value, treeFromYaml(value)]));
  const { value, tag, origin } = node;
  if (tag === '!vault' && typeof value === 'string') return new VaultText(value, origin);
  if (typeof value === 'string') return tag === '!unsafe' ? value : textTree(value, origin);
  return typeof value === 'object' && value !== null ? new Float(value.float) : value;
}

/** x */
export function textTree(text: string, origin: Origin): Tree {
  return /\{[{%#]/.test(text) ? new TemplateText(text, origin) : text;
}

/** x */
export function checkTree(_tree: Tree, _environment: Environment): Diagnostic[] {
  return [];
}

/** x */
export function checkCondition(_condition: TemplateText, _environment: Environment): Diagnostic[] {
  return [];
}
