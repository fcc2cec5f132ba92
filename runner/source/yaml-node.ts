import type { Origin, Span } from './span.ts';

/** A parsed YAML document with the place of every node: YAML 1.1 as PyYAML reads it, aliases resolved, merge keys merged. */
export type YamlNode = YamlScalar | YamlSequence | YamlMapping;

/** A leaf. `value` is the resolved value; a date or timestamp stays a string. Whole floats (`1.0`) are `{float: n}` so that they stay floats. */
export interface YamlScalar {
  readonly kind: 'scalar';
  readonly value: null | boolean | number | bigint | string | { readonly float: number };
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** `!vault` and `!unsafe` are kept for the reader of the tree; other tags are diagnostics. */
  readonly tag?: '!vault' | '!unsafe';
  readonly span: Span;
  /** Maps offsets of a string value to the file. */
  readonly origin: Origin;
}

/** A list. */
export interface YamlSequence {
  readonly kind: 'sequence';
  readonly items: readonly YamlNode[];
  readonly span: Span;
}

/** A dict, in file order, with one entry a key (of duplicates the last one counts, and a warning is reported). */
export interface YamlMapping {
  readonly kind: 'mapping';
  readonly entries: readonly { readonly key: YamlScalar; readonly value: YamlNode }[];
  readonly span: Span;
}
