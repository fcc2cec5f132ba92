import type { Origin } from '../source/span.ts';
import { hasTemplate } from '../template/from-yaml.ts';
import { TemplateText, type Tree } from '../template/tree.ts';

/** A text that a person wrote, as a template when it has braces. */
export function textTree(text: string, origin: Origin): Tree {
  return hasTemplate(text) ? new TemplateText(text, origin) : text;
}
