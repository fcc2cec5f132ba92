import { floatText } from '../expr/text.ts';
import { Float } from '../expr/value.ts';
import { TemplateText, type Tree } from '../template/tree.ts';

/** A tree as text for people without rendering it: templates show as they were written. Undefined when there is no text. */
export function literalText(tree: Tree | undefined): string | undefined {
  if (tree === undefined || tree === null) return undefined;
  if (tree instanceof TemplateText) return tree.text;
  if (tree instanceof Float) return floatText(tree.value);
  return typeof tree === 'object' ? undefined : String(tree);
}
