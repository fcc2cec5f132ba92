import { Float } from '../expr/value.ts';
import { TemplateText, VaultText, type Tree } from '../template/tree.ts';
import type { Json } from '../util/json.ts';

/** A tree without templates and secrets as plain data; undefined when only a run can know the value. */
export function literalOf(tree: Tree): Json | undefined {
  if (tree === null || typeof tree === 'boolean' || typeof tree === 'number' || typeof tree === 'string') return tree;
  if (tree instanceof Float) return tree.value;
  if (typeof tree === 'bigint' || tree instanceof TemplateText || tree instanceof VaultText) return undefined;
  if (isTreeMap(tree)) return literalObject(tree);
  const items: Json[] = [];
  for (const item of tree as readonly Tree[]) {
    const literal = literalOf(item);
    if (literal === undefined) return undefined;
    items.push(literal);
  }
  return items;
}

/** A tree for people, as it was written; lists are joined with commas. */
export function shownText(tree: Tree): string {
  if (tree instanceof TemplateText || tree instanceof VaultText) return tree.text;
  if (Array.isArray(tree)) return tree.map((each: Tree) => shownText(each)).join(',');
  if (tree instanceof Float) return String(tree.value);
  return typeof tree === 'object' ? '' : String(tree);
}

/** True for a dict of a tree. */
export function isTreeMap(tree: Tree): tree is ReadonlyMap<string | number | boolean | null | bigint, Tree> {
  return tree instanceof Map;
}

function literalObject(tree: ReadonlyMap<unknown, Tree>): Json | undefined {
  const entries: [string, Json][] = [];
  for (const [key, value] of tree) {
    const literal = literalOf(value);
    if (literal === undefined) return undefined;
    entries.push([String(key), literal]);
  }
  return Object.fromEntries(entries);
}
