import { standardEnvironment } from '../../runner/expr/environment.ts';
import { UndefinedError } from '../../runner/expr/errors.ts';
import { renderHandlebars } from '../../runner/template/handlebars.ts';
import { InputError } from '../../runner/source/diagnostic.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import { spanLabel } from '../../runner/source/span.ts';
import { plainScope } from '../expr/case-file.ts';
import type { JsonObject } from '../../runner/util/json.ts';

const environment = standardEnvironment();

function render(text: string, variables: JsonObject): string {
  return renderHandlebars(text, 't.hbs', { ...plainScope(variables), names: () => Object.keys(variables) }, environment);
}

test.each<[string, JsonObject, string]>([
  ['{{name}} & {{d.x}}', { name: 'a<b', d: { x: 1 } }, 'a<b & 1'],
  ['{{upper name}}', { name: 'ann' }, 'ANN'],
  ['{{join list ","}}', { list: [1, 2] }, '1,2'],
  ['{{join users "," attribute="n"}}', { users: [{ n: 'a' }, { n: 'b' }] }, 'a,b'],
  ['{{default nope "z"}}', {}, 'z'],
  ['{{#if (is-defined nope)}}yes{{else}}no{{/if}}', {}, 'no'],
  ['{{#if (version v "2.0" ">=")}}new{{else}}old{{/if}}', { v: '10.1' }, 'new'],
  ['{{#if (and (eq a 1) (not (gt a 5)))}}ok{{/if}}', { a: 1 }, 'ok'],
  ['{{#each list}}{{@index}}={{this}};{{/each}}', { list: ['a', 'b'] }, '0=a;1=b;'],
  ['{{#each d}}{{@key}}:{{this}} {{/each}}', { d: { x: 1, y: 2 } }, 'x:1 y:2 '],
  ['{{first}} and {{first list}}', { first: 'variable', list: ['filter'] }, 'variable and filter'],
  ['{{#if empty}}full{{else}}empty{{/if}}', { empty: {} }, 'empty'],
  ['{{upper (join list "-")}}', { list: ['a', 'b'] }, 'A-B'],
  ['{{#each users}}{{upper n}} {{@root.title}}{{/each}}', { users: [{ n: 'a' }], title: 'T' }, 'A T'],
])('%s', (text, variables, expected) => {
  expect(render(text, variables)).toBe(expected);
});

test.each([
  ['one\n{{nope}}\n', '2:3'],
  ['one\rtwo\r\n{{nope}}\n', '2:3'],
  ['one\n{{#if nope}}x{{/if}}\n', '2:1'],
  ['a {{upper nope}}', '1:3'],
  ['{{#each nope}}x{{/each}}', '1:1'],
])('a missing variable is an error with its place: %j', (text, place) => {
  expect(() => render(text, {})).toThrow("'nope' is undefined");
  try {
    render(text, {});
  } catch (error) {
    if (!(error instanceof UndefinedError) || !error.span) throw error;
    expect(spanLabel(error.span)).toBe(`t.hbs:${place}`);
  }
});

test('braces in a value are data', () => {
  expect(render('{{x}} {{upper x}}', { x: '{{secret}}', secret: 's' })).toBe('{{secret}} {{SECRET}}');
});

test('nothing of JavaScript shows', () => {
  expect(() => render('{{constructor}}', {})).toThrow('undefined');
  expect(() => render('{{d.constructor.name}}', { d: {} })).toThrow();
  expect(() => render('{{d.__proto__}}', { d: {} })).toThrow();
});

test('an unknown helper is input that can be refused, with a suggestion', () => {
  try {
    render('x\n{{uper name}}', { name: 'a' });
    throw new Error('not refused');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(formatDiagnostic(error.diagnostics[0]!)).toBe("error[template-syntax]: there is no filter or test 'uper'\n  --> t.hbs:2:3\n  2 | {{uper name}}\n    |   ^^^^\n  fix: did you mean 'upper'?");
  }
});

test.each(['{{#if x}}', '{{', '{{> partial}}', '{{#each}}{{/if}}'])('%s is refused with its place', (text) => {
  expect(() => render(text, { x: 1 })).toThrow(InputError);
});

test('only what the template reads is looked up', () => {
  const seen: string[] = [];
  const variables = { names: () => ['a', 'b'], lookup: (name: string) => (seen.push(name), 1) };
  renderHandlebars('{{a}}', 't.hbs', variables, environment);
  expect(seen).toEqual(['a']);
});
