import { problem, type Diagnostic } from '../source/diagnostic.ts';
import type { YamlMapping, YamlNode, YamlScalar } from '../source/yaml-node.ts';
import { yesOrNo } from '../util/yes-no.ts';

/** One `key: value` of a mapping. */
export interface Field {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

/** The fields of a mapping by name; keys that are no words are reported and left out. */
export function fieldsByName(mapping: YamlMapping, report: (diagnostic: Diagnostic) => void): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  for (const { key, value } of mapping.entries) {
    if (typeof key.value === 'string') fields.set(key.value, { key, value });
    else report(problem('wrong-type', 'this key is read as something else than a word', key.span, 'quote it if it is meant as a word'));
  }
  return fields;
}

/** The text of a string or number scalar; undefined for everything else. */
export function scalarText(node: YamlNode | undefined): string | undefined {
  if (node?.kind !== 'scalar') return undefined;
  return typeof node.value === 'string' || typeof node.value === 'number' || typeof node.value === 'bigint' ? String(node.value) : undefined;
}

/** True for a missing or empty value. */
export function isNothing(node: YamlNode | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

/** What a node is, for people. */
export function kindOf(node: YamlNode): string {
  if (node.kind === 'sequence') return 'a list';
  if (node.kind === 'mapping') return 'a mapping';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'string') return 'a text';
  return typeof node.value === 'boolean' ? 'yes or no' : 'a number';
}

/** A key as text. */
export function keyText({ value }: YamlScalar): string {
  return typeof value === 'object' && value !== null ? String(value.float) : String(value);
}

/** A yes or no that is written out; undefined for nothing at all. */
export function isYes(node: YamlNode | undefined): boolean | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return node.value === true || yesOrNo(scalarText(node) ?? '') === true;
}
