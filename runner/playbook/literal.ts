import { Float } from '../expr/value.ts';
import { TemplateText, VaultText, type Tree } from '../template/tree.ts';

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
