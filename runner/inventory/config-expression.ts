import { compileExpression, type Compiled } from '../expr/compile.ts';
import type { Environment } from '../expr/scope.ts';
import { InputError } from '../source/diagnostic.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import { scalarText } from './scalar-text.ts';
import { refuse, type Reading } from './source.ts';

/** Compiles an expression that stands in YAML without braces; what is wrong with it is reported. */
export function compileScalar(reading: Reading, node: YamlNode, environment: Environment, surface: 'condition' | 'template'): Compiled | undefined {
  if (node.kind !== 'scalar') {
    refuse(reading, 'inventory-plugin', 'this must be an expression', node.span);
    return undefined;
  }
  try {
    return compileExpression(scalarText(node), node.origin, environment, surface);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    reading.diagnostics.push(...error.diagnostics);
    return undefined;
  }
}
