import { SourceFile } from '../../source/file.ts';
import type { YamlNode, YamlScalar } from '../../source/yaml-node.ts';
import { parseYaml } from '../../source/yaml.ts';
import { ExpressionError } from '../errors.ts';
import { makeFloat } from '../numbers.ts';
import type { Value } from '../value.ts';

/** Reads YAML text into values: one document, or a list of all. What stands in it is data, never a template. */
export function readYaml(text: string, all: boolean): Value {
  const { documents, diagnostics } = parseYaml(new SourceFile('<from_yaml>', text));
  const wrong = diagnostics.find((each) => each.severity === 'error');
  if (wrong) throw new ExpressionError(wrong.span ? `${wrong.message} (line ${wrong.span.file.position(wrong.span.start).line})` : wrong.message);
  if (all) return documents.map(valueOf);
  const [first] = documents;
  if (documents.length > 1) throw new ExpressionError('expected a single document in the stream, but found another document');
  return first ? valueOf(first) : null;
}

function valueOf(node: YamlNode): Value {
  switch (node.kind) {
    case 'scalar': return scalarOf(node);
    case 'sequence': return node.items.map(valueOf);
    case 'mapping': return new Map(node.entries.map(({ key, value }) => [scalarOf(key), valueOf(value)]));
  }
}

function scalarOf({ value }: YamlScalar): Value {
  return typeof value === 'object' && value !== null ? makeFloat(value.float) : value;
}
