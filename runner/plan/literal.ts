import { TemplateText, type Tree } from '../template/tree.ts';

/** A tree as text for people without rendering it: templates show as they were written. Undefined when there is no text. */
export function literalText(tree: Tree | undefined): string | undefined {
  if (tree === undefined || tree === null) return undefined;
  if (tree instanceof TemplateText) return tree.text;
  return typeof tree === 'string' ? tree : String(tree);
}
