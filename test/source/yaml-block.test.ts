import * as fc from 'fast-check';
import { SourceFile } from '../../runner/source/file.ts';
import { readBlockMapping } from '../../runner/source/yaml-block.ts';
import { parseAnyYaml, parseYaml } from '../../runner/source/yaml.ts';
import { runs } from '../runs.ts';

/** What both readers make of a text: the same nodes at the same places, or nothing said by the fast one. */
function agree(text: string): boolean {
  const file = new SourceFile('hosts.yml', text);
  const fast = readBlockMapping(file);
  if (!fast) return false;
  expect({ documents: [fast], diagnostics: [] }).toEqual(parseAnyYaml(file));
  return true;
}

const key = fc.constantFrom('all', 'hosts', 'children', 'web1.example.org', 'h-1', '10', '0x1f', 'yes', 'null', 'a/b', '1.5', '2026-11-24', '_x');
const value = fc.constantFrom('', ' 10.0.0.1', ' yes', ' null', ' 010', ' 1.5', ' 1e3', ' a b', ' a  b', ' x:y', ' x: y', ' a #b', ' a#b', ' -1', ' ~', ' "q"', ' "a: b #c"', ' "\\n"', " 'it''s'", " 'x \\ \"y\"'", ' ""', ' "a" b', ' [a]', ' |', ' 12:30:45', ' 2026-11-24', ' /srv/x', ' fe80::1', ' a ', ' &a', ' *a', ' !x', ' é', '\t');
const line = fc.tuple(fc.constantFrom(0, 0, 1, 2, 2, 4, 4, 6), fc.oneof({ weight: 8, arbitrary: fc.tuple(key, value).map(([name, text]) => `${name}:${text}`) }, { weight: 1, arbitrary: fc.constantFrom('', '# note', '- item', 'word', '---', '...', '<<: x', 'a') })).map(([indent, text]) => ' '.repeat(indent) + text);
const simple = fc.tuple(fc.constantFrom(0, 2, 4), fc.nat(1000), fc.constantFrom('', '', ' 1', ' x y')).map(([indent, name, text]) => `${' '.repeat(indent)}k${name}:${text}`);

test('whatever it takes for mappings is what the whole parser reads there', () => {
  let taken = 0;
  const text = fc.tuple(fc.array(fc.oneof(line, simple), { maxLength: 8 }), fc.constantFrom('', '\n', '\n\n', '\n# end\n'), fc.constantFrom('', '---\n')).map(([lines, end, start]) => start + lines.join('\n') + end);
  fc.assert(fc.property(text, (each) => { taken += agree(each) ? 1 : 0; }), runs(4000));
  expect(taken).toBeGreaterThan(100);
});

test.each([
  ['nesting, numbers and nothing', 'all:\n  children:\n    web:\n      hosts:\n        w1:\n          ansible_host: 10.0.0.1\n          ansible_port: 2222\n        w2:\n      vars:\n        note: two words\n', true],
  ['blank lines and comments', '---\n# hosts\nall:\n\n  hosts:\n# one\n    a:\n      x: 1\n\n    b:\n  vars:\n    y: yes\n# end\n', true],
  ['no newline at the end', 'all:\n  hosts:\n    a:', true],
  ['a key twice', 'a: 1\na: 2\n', false],
  ['a value below a value', 'a: 1\n  b: 2\n', false],
  ['another indentation', 'a:\n    b: 1\n  c: 2\n', false],
  ['a list', 'a:\n  - 1\n', false],
  ['quotes', 'a: "10.0.0.1"\nb: \'{{ a }}\'\n', true],
  ['escapes in quotes', 'a: "\\t"\n', false],
  ['nothing at all', '\n', false],
])('%s', (_what, text, taken) => {
  expect(agree(text)).toBe(taken);
});

test('a large file goes this way, and one with a single word of more goes the other', () => {
  const lines = Array.from({ length: 6000 }, (_none, index) => `    host${index}:\n      rack: r${index}\n`).join('');
  for (const more of ['', '    last: { rack: x }\n']) {
    const file = new SourceFile('hosts.yml', `all:\n  hosts:\n${lines}${more}`);
    expect(readBlockMapping(file) === undefined).toBe(more !== '');
    expect(parseYaml(file)).toEqual(parseAnyYaml(file));
  }
});
