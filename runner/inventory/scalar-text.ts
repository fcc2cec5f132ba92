import { toText } from '../expr/text.ts';
import type { YamlScalar } from '../source/yaml-node.ts';

/** The text of a scalar where only a text makes sense (names of groups, hosts, variables, options): `yes` is `True`, as in Python. */
export function scalarText({ value }: YamlScalar): string {
  if (typeof value === 'object' && value !== null) return toText(value.float);
  return toText(value);
}
