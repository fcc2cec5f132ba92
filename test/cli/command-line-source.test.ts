import * as fc from 'fast-check';
import { execSource } from '../../runner/cli/load/command-line-source.ts';
import { parseYaml } from '../../runner/source/yaml.ts';
import type { YamlNode } from '../../runner/source/yaml-node.ts';
import { runs } from '../runs.ts';

/** The value of a key, wherever it stands. */
function valueOf(node: YamlNode | undefined, wanted: string): YamlNode | undefined {
  if (node?.kind === 'sequence') return node.items.map((each) => valueOf(each, wanted)).find(Boolean);
  if (node?.kind !== 'mapping') return undefined;
  return node.entries.find(({ key }) => key.value === wanted)?.value ?? node.entries.map(({ value }) => valueOf(value, wanted)).find(Boolean);
}

const text = fc.string({ unit: fc.oneof(fc.constantFrom('"', "'", '\\', '{', '}', '\n', '\t', 'ä', '\u{1F600}', '\u2028', '\0'), fc.string({ minLength: 1, maxLength: 1 })), maxLength: 30 });

test('every character of -a is found where it stands in the command line', () => {
  fc.assert(fc.property(text.filter((each) => each !== '' && !/^\s*\{[^]*\}\s*$/.test(each)), fc.boolean(), (args, afterDashes) => {
    const source = execSource({ pattern: 'we"b', module: 'debug', args, afterDashes }, { async: 5 });
    const { documents, diagnostics } = parseYaml(source);
    const node = valueOf(documents[0], 'debug');
    if (node?.kind !== 'scalar') throw new Error(JSON.stringify(diagnostics.map((each) => each.message)));
    expect(node.value).toBe(args);
    for (let index = 0; index < args.length; index++) {
      const { line, column } = source.position(node.origin.at(index));
      // What ends a line is no letter of it.
      if (args[index] !== '\n' && args[index] !== '\r') expect(source.line(line)[column - 1]).toBe(args[index]);
    }
  }), { ...runs(500), examples: [[' "', false]] });
});

test('parameters as JSON stand as they were written', () => {
  const args = '{"msg":\t"a\\/b \\u00e4",\n "var": "x"}';
  const source = execSource({ pattern: 'web', module: 'debug', args, afterDashes: false }, {});
  const node = valueOf(parseYaml(source).documents[0], 'var');
  expect(valueOf(parseYaml(source).documents[0], 'msg')).toMatchObject({ value: 'a/b ä' });
  expect(source.line(1).slice(source.position(node?.span.start ?? 0).column)).toMatch(/^x"\}/);
});

test('pattern and module are pointed at too', () => {
  const source = execSource({ pattern: 'web', module: 'debug', args: '', afterDashes: false }, {});
  const hosts = valueOf(parseYaml(source).documents[0], 'hosts')?.span;
  expect(source.line(1)).toBe('rollcall exec web -m debug');
  expect([source.position(hosts?.start ?? 0), source.position((hosts?.end ?? 0) - 1)]).toEqual([{ line: 1, column: 15 }, { line: 1, column: 17 }]);
});
