import { standardEnvironment } from '../../runner/expr/environment.ts';
import { ExpressionError, UndefinedError } from '../../runner/expr/errors.ts';
import { Float, OMIT, Unknown, type Value } from '../../runner/expr/value.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import { SourceFile } from '../../runner/source/file.ts';
import { spanLabel } from '../../runner/source/span.ts';
import { parseYaml } from '../../runner/source/yaml.ts';
import { conditionFromYaml, literalTree, treeFromYaml } from '../../runner/template/from-yaml.ts';
import { checkCondition, checkTree, evaluateCondition, freeNames, renderTree } from '../../runner/template/render.ts';
import { TemplateText, VaultText, type Tree } from '../../runner/template/tree.ts';

const environment = standardEnvironment();
const unknown = new Unknown('a task that did not run');
const values = new Map<string, Value>([
  ['a', 5], ['s', 'text'], ['n', null], ['list', [1, 2]], ['evil', '{{ a }}'], ['u', unknown], ['omit', OMIT], ['yes_text', 'yes'], ['true_text', 'True'], ['var_name', 'a'], ['f', new Float(2)],
]);
const scope = { lookup: (name: string) => values.get(name) };

function tree(yaml: string): Tree {
  const { documents } = parseYaml(new SourceFile('site.yml', yaml));
  return treeFromYaml(documents[0]!);
}

function rendered(yaml: string): Value {
  return renderTree(tree(yaml), scope, environment);
}

test.each<[string, unknown]>([
  ["'{{ a }}'", 5],
  ["' {{ a }}'", ' 5'],
  ["'{{ list }}'", [1, 2]],
  ["'{{ list }}x'", '[1, 2]x'],
  ["'{{ n }}'", null],
  ["'a{{ n }}b'", 'ab'],
  ["'{{ f }}-{{ f }}'", '2.0-2.0'],
  ["'{{ a == 5 }}'", true],
  ['plain', 'plain'],
  ["'{{ evil }}'", '{{ a }}'],
  ["'x {{ evil }}'", 'x {{ a }}'],
  ['|\n  {{ list }}\n', [1, 2]],
  ['|\n  {{ s }}\n', 'text\n'],
  ['>-\n  {{ list +\n     [3] }}', [1, 2, 3]],
  ["'{% if a > 3 %}{{ list }}{% else %}{{ [] }}{% endif %}'", [1, 2]],
  ["'{% for i in list %}{{ i }},{% endfor %}'", '1,2,'],
  ["'{% set x = [] %}{% for i in list %}{{ x.append(i * 2) }}{% endfor %}{{ x }}'", [2, 4]],
  ["'{# note #}'", ''],
  ['!unsafe "{{ a }}"', '{{ a }}'],
  [String.raw`"{{ 'a1' | regex_replace('(a)(\\d)', '\\2\\1') }}"`, '1a'],
  [String.raw`'{{ "a\tb" }}'`, String.raw`a\tb`],
  ["'{{ u }}'", unknown],
  ["'x{{ u }}y'", unknown],
  ["'{% if u %}x{% endif %}'", unknown],
  ["'{% for i in u %}x{% endfor %}'", unknown],
])('%s', (yaml, expected) => {
  expect(rendered(yaml)).toEqual(expected);
});

test('omit takes its key away, at any depth', () => {
  expect(rendered("{a: '{{ omit }}', b: {c: '{{ omit }}', d: 1}, e: '{{ n }}'}")).toEqual(new Map<string, unknown>([['b', new Map([['d', 1]])], ['e', null]]));
});

test('a missing variable raises with the place in the YAML file', () => {
  try {
    rendered('x:\n  - "abc {{ nope.deep }}"\n');
    throw new Error('did not fail');
  } catch (error) {
    if (!(error instanceof UndefinedError) || !error.span) throw error;
    expect([error.message, spanLabel(error.span)]).toEqual(["'nope' is undefined", 'site.yml:2:13']);
  }
  expect(() => rendered("'{{ [nope] }}'")).toThrow(UndefinedError);
  expect(() => rendered("'{{ {1: nope} }}'")).toThrow(UndefinedError);
});

test('an error inside an expression has its place', () => {
  try {
    rendered('a: "{{ s + 1 }}"');
    throw new Error('did not fail');
  } catch (error) {
    if (!(error instanceof ExpressionError) || !error.span) throw error;
    expect(spanLabel(error.span)).toBe('site.yml:1:8');
  }
});

test('a vaulted value is opened when used, and only with a password', () => {
  const secret = tree('x: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6131\n') as ReadonlyMap<string, Tree>;
  expect(secret.get('x')).toBeInstanceOf(VaultText);
  expect(() => renderTree(secret, scope, environment)).toThrow('no vault password');
  expect(renderTree(secret, scope, { ...environment, vault: (text) => `open:${text.length > 10}` })).toEqual(new Map([['x', 'open:true']]));
});

test('checking finds everything that is wrong without evaluating', () => {
  const found = checkTree(tree("a: '{{ x | nofilter }}'\nb: ['{{ 1 + }}', '{% if %}', '{{ ok }}']\n"), environment);
  expect(found.map((each) => [each.code, each.span && spanLabel(each.span)])).toEqual([['unknown-filter', 'site.yml:1:12'], ['expression-syntax', 'site.yml:2:13'], ['expression-syntax', 'site.yml:2:25']]);
});

test('free names of a tree', () => {
  const names = freeNames(tree("a: '{{ x.y }} {{ z | default(w) }}'\nb: '{% for i in xs %}{{ i }}{{ loop.index }}{{ k }}{% endfor %}{% set q = q2 %}{{ q }}'"), environment);
  expect([...names].sort()).toEqual(['k', 'q2', 'w', 'x', 'xs', 'z']);
});

test('a tree without templates is JSON, one with templates is not', () => {
  expect(literalTree(tree('{a: [1, 1.0, null], b: {c: x}}'))).toEqual({ a: [1, 1, null], b: { c: 'x' } });
  expect(literalTree(tree("{a: [1, '{{ x }}']}"))).toBeUndefined();
});

function condition(text: string): boolean | Unknown {
  return evaluateCondition(new TemplateText(text, { file: new SourceFile('c', text), at: (offset) => offset }), scope, environment);
}

test.each<[string, unknown]>([
  ['a == 5', true], ['a', true], ['n', false], ['', true], ['not a', false], ['u', unknown], ['u and false', false], ['u or true', true], ['nope is defined', false],
  ['{{ a }} == 5', true], ['{{ a == 5 }}', true], ["'{{ s }}' == 'text'", true], ["'x-{{ s }}' in ['x-text']", true], ["s == '{{ s }}'", true], ['{{ true_text }}', true],
  // Text that names a variable is text: it is not looked up again.
  ['var_name', true], ['{{ var_name }} == "a"', true], ['yes_text', true], ['true_text', true], ["'False'", false], ["'{{ evil }}' == '{' ~ '{ a }}'", true],
])('condition %s', (text, expected) => {
  expect(condition(text)).toBe(expected);
});

test('a condition can be true or false itself, and says where it fails', () => {
  expect(evaluateCondition(false, scope, environment)).toBe(false);
  expect(() => condition('nope')).toThrow("'nope' is undefined");
  expect(() => condition('a > s')).toThrow("'>' not supported between instances of 'int' and 'str'");
});

function check(text: string): string[] {
  return checkCondition(new TemplateText(text, { file: new SourceFile('c', text), at: (offset) => offset }), environment).map(formatDiagnostic);
}

test('braces in a condition are worth a warning, statements an error', () => {
  expect(check('{{ a }} == 1')).toEqual(["warning[condition-braces]: a condition is an expression already and needs no braces\n  --> c:1:1\n  1 | {{ a }} == 1\n    | ^^\n  fix: leave out {{ and }}"]);
  expect(check('{% if a %}x{% endif %}')[0]).toContain('error[condition-statement]');
  expect(check('a |')[0]).toContain('error[expression-syntax]');
  expect(check('a == 1')).toEqual([]);
});

function readCondition(yaml: string): unknown {
  return conditionFromYaml(parseYaml(new SourceFile('c', yaml)).documents[0]!);
}

test('a condition from YAML', () => {
  expect(readCondition('yes')).toBe(true);
  expect(readCondition('a == 1')).toBeInstanceOf(TemplateText);
  expect(() => readCondition('[a]')).toThrow('not a list');
});
