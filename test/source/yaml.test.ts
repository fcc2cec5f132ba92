import * as fc from 'fast-check';
import { SourceFile } from '../../runner/source/file.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import { parseYaml } from '../../runner/source/yaml.ts';
import { Lexer } from 'yaml';
import { shallowly } from '../../runner/source/yaml-shallow.ts';
import type { YamlNode, YamlScalar } from '../../runner/source/yaml-node.ts';
import { runs } from '../runs.ts';

const read = (text: string) => parseYaml(new SourceFile('f.yml', text));

function plain(node: YamlNode | undefined): unknown {
  if (!node) return undefined;
  if (node.kind === 'scalar') return node.tag ? { [node.tag]: node.value } : node.value;
  if (node.kind === 'sequence') return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [typeof key.value === 'object' ? 'null' : String(key.value), plain(value)]));
}

function scalars(node: YamlNode): YamlScalar[] {
  if (node.kind === 'scalar') return [node];
  if (node.kind === 'sequence') return node.items.flatMap(scalars);
  return node.entries.flatMap(({ key, value }) => [key, ...scalars(value)]);
}

test.each<[string, string, unknown]>([
  ['nothing', '', undefined],
  ['comments only', '# x\n', undefined],
  ['an empty document', '---\n', null],
  ['values by YAML 1.1', 'a: yes\nb: 0644\nc: "0644"\nd: 1.0\n', { a: true, b: 420, c: '0644', d: { float: 1 } }],
  ['an empty value is null', 'a:\nb: ""\n', { a: null, b: '' }],
  ['aliases', 'a: &x [1]\nb: *x\n', { a: [1], b: [1] }],
  ['merged keys come first and lose', 'a: &a {x: 1, y: 2}\nb: {z: 1, <<: *a, x: 9}\n', { a: { x: 1, y: 2 }, b: { x: 9, y: 2, z: 1 } }],
  ['of several merged, the earlier win', 'c: {<<: [{q: 1}, {q: 2, r: 3}]}\n', { c: { q: 1, r: 3 } }],
  ['a quoted << is a key', '"<<": 1\n', { '<<': 1 }],
  ['vault and unsafe', 'a: !vault |\n  x\nb: !unsafe "{{ y }}"\nc: !unsafe [1, "{{ z }}"]\n', { a: { '!vault': 'x\n' }, b: { '!unsafe': '{{ y }}' }, c: [{ '!unsafe': 1 }, { '!unsafe': '{{ z }}' }] }],
  ['core tags', 'a: !!str 5\nb: !!int "5"\nc: ! 7\n', { a: '5', b: 5, c: '7' }],
  ['a byte order mark', '\uFEFFa: 1\n', { a: 1 }],
  ['quotes that go on below the key', 'a: "{{\n  x\n}}"\nb:\n  - \'c\nd\n\n  e\'\n', { a: '{{ x }}', b: ['c d\ne'] }],
  ['brackets closed below the key', 'a: [\n  1,\n]\nb:\n  c: {\nd: "x\ny",  # no }\n e: it\'s\n\n  so }\n  f: 1\n', { a: [1], b: { c: { d: 'x y', e: "it's\nso" }, f: 1 } }],
  ['pairs in flow lists', '[a: 1, b]\n', [{ a: 1 }, 'b']],
])('reads %s', (_, text, expected) => {
  const { documents, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  expect(plain(documents[0])).toEqual(expected);
});

test('a quote that is never closed is named, though a later one closes it', () => {
  const text = 'a: "x\nb: "y"\nc: 1\n';
  const [first] = read(text).diagnostics;
  expect(first).toMatchObject({ code: 'yaml-quote', message: 'this quote is never closed', span: { start: 3 } });
});

test('what is put on one line keeps its length and all that is no line break', () => {
  const piece = fc.constantFrom('a', ': ', '"', "'", '[', ']', '{', '}', '\n', '  ', '# ', ',', '- ', '|', '\\', '---');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const shallow = shallowly(text, (each) => new Lexer().lex(each)).text;
      expect(shallow.length).toBe(text.length);
      for (let at = 0; at < text.length; at += 1) if (shallow[at] !== ' ') expect(shallow[at]).toBe(text[at]);
      read(text);
    }),
    runs(300),
  );
});

test('several documents', () => {
  expect(read('a: 1\n---\nb\n').documents.map(plain)).toEqual([{ a: 1 }, 'b']);
});

test('a document after a broken one is still read', () => {
  const { documents, diagnostics } = read('a: [1\n---\nb: 2\n');
  expect(documents.map(plain)).toEqual([{ b: 2 }]);
  expect(diagnostics).toHaveLength(1);
});

test('a template without quotes is read on as if it had them', () => {
  const { documents, diagnostics } = read('- a: {{ x }}\n  b: {{ y }}\n');
  expect(plain(documents[0])).toEqual([{ a: '{{ x }}', b: '{{ y }}' }]);
  expect(diagnostics.map((each) => each.code)).toEqual(['unquoted-template', 'unquoted-template']);
});

// Each mistake and what is said about it: code, the text under the caret, and a word of the message or fix.
test.each<[string, string, string, RegExp]>([
  ['- hosts: all\n\ttasks: x\n', 'yaml-tab', '\t', /tabs/],
  ['a: {{ x }}\n', 'unquoted-template', '{{ x }}', /"\{\{ x \}\}"/],
  ['a: {{ x }}/foo\n', 'unquoted-template', '{{ x }}/foo', /"\{\{ x \}\}\/foo"/],
  ['- when: {{ y }} == 1\n', 'unquoted-template', '{{ y }} == 1', /quote the whole/],
  ['{{ x }}: 1\n', 'unquoted-template', '{{ x }}', /quote/],
  ['msg: error: not found\nb: 1\n', 'yaml-colon', ':', /quote the value/],
  ['x: 1\nname:foo\n', 'yaml-space', ':', /name: …/],
  ['a: "x" y\n', 'yaml-quote', 'y', /after the closing quote/],
  ['a: "x\nb: 1\n', 'yaml-quote', '"', /never closed/],
  ["a: 'it''s\n", 'yaml-quote', "'", /never closed/],
  ['a: [1, 2\nb: 3\n', 'yaml-syntax', '[', /bracket/],
  ['- a: 1\n b: 2\n', 'yaml-syntax', 'b', /list/],
  ['a: *x\n', 'yaml-alias', '*x', /no anchor/],
  ['a: &x [*x]\n', 'yaml-alias', '*x', /inside/],
  ['a: !foo x\n', 'yaml-tag', '!foo', /not known/],
  ['a: !!int x\n', 'yaml-tag', '!!int', /does not fit/],
  ['a: @x\n', 'yaml-syntax', '@', /quote/],
  ['a: "\\d"\n', 'yaml-syntax', '\\', /double the backslash/],
  ['? [a]\n: 1\n', 'yaml-key', '[a]', /key/],
  ['a: {<<: 1}\n', 'yaml-merge', '1', /merges/],
  ['a: 1\nb: 2\na: 3\n', 'duplicate-key', 'a', /twice/],
])('explains %j', (text, code, marked, words) => {
  const { diagnostics } = read(text);
  expect(diagnostics.map((each) => each.code)).toEqual([code]);
  const [found] = diagnostics;
  expect(formatDiagnostic(found!)).toMatch(words);
  expect(text.slice(found!.span!.start, found!.span!.end)).toMatch(new RegExp(`^${marked.replace(/[^\w\s]/g, '\\$&')}`));
});

test('a merged key that is written out again is no duplicate', () => {
  expect(read('a: &a {x: 1}\nb: {<<: *a, x: 2}\n').diagnostics).toEqual([]);
});

test('an alias bomb is refused, quickly', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 12; level++) lines.push(`a${level}: &a${level} [${Array(10).fill(`*a${level - 1}`).join(', ')}]`);
  expect(read(lines.join('\n')).diagnostics.map((each) => each.code)).toEqual(['yaml-alias-limit']);
});

test.each(['[', '- ', '{a: ', '? ', '"', '! ', ':', ']', '- |\n', ',[', '%\n', '---\n'])('twenty thousand %j end in time', (piece) => {
  const started = performance.now();
  read(piece.repeat(20_000));
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('deep nesting is refused with its place, also on a stack that is nearly full', () => {
  const codes = (depth: number): string => (depth === 0 ? read('- '.repeat(20_000)).diagnostics.map((each) => each.code).join() : codes(depth - 1));
  for (const depth of [0, 2000, 4000]) expect(codes(depth)).toBe('yaml-depth');
});

test('every letter of a scalar is found in the file, folded and escaped ones included', () => {
  const text = [
    'plain: one two',
    "single: 'it''s {{ x }}'",
    'double: "tab\\t{{ x }} \\u00e9 {{ y }}"',
    'multi: first {{ a }}',
    '  second {{ b }}',
    'literal: |',
    '  line {{ c }}',
    '    deeper {{ d }}',
    '',
    '  last {{ e }}',
    'folded: >-',
    '  line {{ f }}',
    '  more {{ g }}',
    '',
    '  end {{ h }}',
    "wrapped: 'left {{ i }}  ",
    "   right {{ j }}'",
    '',
  ].join('\n');
  const [document] = read(text).documents;
  let checked = 0;
  for (const { value, origin } of scalars(document!)) {
    if (typeof value !== 'string') continue;
    for (const { 0: braces, index } of value.matchAll(/\w+|\{\{ \w \}\}/g)) {
      if (/é|^t$/.test(braces)) continue;
      expect(text.slice(origin.at(index), origin.at(index) + braces.length)).toBe(braces);
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(30);
});

const fragments = fc.constantFrom('a', ': ', ':', '- ', '\n', '  ', '\t', '"', "'", '{', '}', '{{ x }}', '[', ']', ',', '|', '>', '&a ', '*a', '!vault ', '!x ', '#', ' #', '? ', '<<: ', '---\n', '...\n', '%YAML 1.1\n', '\\', '\u0000', '\uFEFF', '\uD800', '~', '0x', '1:30', '\r\n', '!!int ', '!unsafe ');

test('no text makes it throw, and every span lies in the file', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fragments, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const { documents, diagnostics } = read(text);
      for (const { span } of diagnostics) expect(span!.start >= 0 && span!.start <= text.length && span!.end <= text.length + 1).toBe(true);
      diagnostics.forEach(formatDiagnostic);
      for (const { span, value, origin } of documents.flatMap(scalars)) {
        expect(span.start >= 0 && span.end <= text.length).toBe(true);
        if (typeof value === 'string') expect(origin.at(value.length)).toBeLessThanOrEqual(text.length + 1);
      }
    }),
    runs(1500),
  );
});
