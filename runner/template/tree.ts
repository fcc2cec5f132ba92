import type { Origin } from '../source/span.ts';
import type { Float } from '../expr/value.ts';

/**
 * A value as it was written: data from a file on the controller in which some strings are templates.
 * Only such trees are ever rendered; what comes from a host is a `Value` and never becomes one (law 7).
 */
export type Tree = null | boolean | number | bigint | string | Float | TemplateText | VaultText | readonly Tree[] | ReadonlyMap<string | number | boolean | null | bigint, Tree>;

/** A string with `{{ }}`, `{% %}` or `{# #}` in it, with the place where it stands. Compiled once, on first use. */
export class TemplateText {
  readonly text: string;
  readonly origin: Origin;
  constructor(text: string, origin: Origin) {
    this.text = text;
    this.origin = origin;
  }
}

/** An inline `!vault` scalar: decrypted on first use. */
export class VaultText {
  readonly text: string;
  readonly origin: Origin;
  constructor(text: string, origin: Origin) {
    this.text = text;
    this.origin = origin;
  }
}

/** Every text in a tree, templates as they were written: what has to be masked when the tree was encrypted. */
export function textsIn(tree: Tree): string[] {
  if (typeof tree === 'string') return [tree];
  if (tree instanceof TemplateText) return [tree.text];
  if (Array.isArray(tree)) return tree.flatMap((each: Tree) => textsIn(each));
  return tree instanceof Map ? [...(tree as ReadonlyMap<unknown, Tree>).values()].flatMap(textsIn) : [];
}
