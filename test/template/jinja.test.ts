import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { standardEnvironment } from '../../runner/expr/environment.ts';
import { ExpressionError } from '../../runner/expr/errors.ts';
import { InputError } from '../../runner/source/diagnostic.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import { spanLabel } from '../../runner/source/span.ts';
import { renderJinja } from '../../runner/template/jinja.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { plainScope, scopeOf } from '../expr/case-file.ts';

/** Templates with what ansible-core's template module makes of them. */
interface Cases {
  readonly context: JsonObject;
  readonly files: Readonly<Record<string, string>>;
  readonly cases: readonly { readonly text: string; readonly ok?: string; readonly err?: string }[];
}

const { context, files, cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'jinja-cases.json'), 'utf8')) as Cases;
const environment = standardEnvironment();
const scope = scopeOf(context);

function render(text: string, from = scope): string {
  return renderJinja(text, 't.j2', from, environment, (name) => (files[name] === undefined ? undefined : { path: name, text: files[name] }));
}

test.each(cases.map((each) => [each.text, each] as const))('%j', (text, { ok, err }) => {
  let got: { ok: string } | { err: string };
  try {
    got = { ok: render(text) };
  } catch (error) {
    if (!(error instanceof InputError) && !(error instanceof ExpressionError)) throw error;
    got = { err: error.message };
  }
  if (err === undefined) expect(got).toEqual({ ok });
  else expect(got).toHaveProperty('err');
});

test('a value is data, whatever braces are in it', () => {
  const evil = plainScope({ x: '{{ secret }}{% if %}', secret: 's' });
  expect(render('{{ x }} {{ [x] | map("upper") | first }} {% for c in [x] %}{{ c }}{% endfor %}', evil)).toBe('{{ secret }}{% if %} {{ SECRET }}{% IF %} {{ secret }}{% if %}');
});

test.each([
  ['one\n{% if x %}\n{{ x | uper }}\n{% endif %}\n', "error[unknown-filter]: there is no filter 'uper'\n  --> t.j2:3:8\n  3 | {{ x | uper }}\n    |        ^^^^\n  fix: did you mean 'upper'?"],
  ['a\n  {% fro x in y %}\n', "error[template-syntax]: there is no tag 'fro'\n  --> t.j2:2:3\n  2 |   {% fro x in y %}\n    |   ^^^^^^^^^^^^^^^^\n  fix: did you mean 'for'?"],
  ['{% if x %}\n{% for a in b %}\n{% endif %}', "error[template-syntax]: this 'endif' does not close 'for'\n  --> t.j2:3:1\n  3 | {% endif %}\n    | ^^^^^^^^^^^\n  fix: write {% endfor %} first"],
  ['{{ x', 'error[template-syntax]: this {{ has no closing }}\n  --> t.j2:1:1\n  1 | {{ x\n    | ^^\n  fix: write }} where it ends'],
  ['#jinja2: nope: True\nx', "error[template-header]: 'nope: True' is no setting of a '#jinja2:' line\n  --> t.j2:1:1\n  1 | #jinja2: nope: True\n    | ^^^^^^^^^^^^^^^^^^^"],
])('what is wrong with %j is said with its place', (text, expected) => {
  try {
    render(text);
    throw new Error('not refused');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(formatDiagnostic(error.diagnostics[0]!)).toBe(expected);
  }
});

test('several unknown names are reported together', () => {
  try {
    render('{{ x | nope1 }}\n{% if x is nope2 %}{% endif %}{{ lookup("nope3") }}');
    throw new Error('not refused');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.diagnostics.map((each) => each.code)).toEqual(['unknown-filter', 'unknown-test', 'unknown-lookup']);
  }
});

test.each([
  ['a\n{{ nope }}', "'nope' is undefined", 't.j2:2:4'],
  ['{% for i in d.nope %}{% endfor %}', "'dict object' has no attribute 'nope'", 't.j2:1:13'],
  ['a\n{{ 1 + x }}', "unsupported operand type(s) for +: 'int' and 'str'", 't.j2:2:4'],
  ["{% include 'gone.j2' %}", "there is no template 'gone.j2'", 't.j2:1:12'],
])('a failure while rendering %j has its place', (text, message, place) => {
  try {
    render(text);
    throw new Error('did not fail');
  } catch (error) {
    if (!(error instanceof ExpressionError) || !error.span) throw error;
    expect([error.message, spanLabel(error.span)]).toEqual([message, place]);
  }
});

test('changing a list in a template leaves the variable alone', () => {
  const list = [1, 2];
  const own = { lookup: (name: string) => (name === 'list' ? list : undefined) };
  expect(render('{% set _ = list.append(3) %}{{ list }}', own)).toBe('[1, 2, 3]');
  expect(list).toEqual([1, 2]);
});

test('templates that include each other end', () => {
  const text = "{% include 'a' %}";
  expect(() => renderJinja(text, 'a', scope, environment, () => ({ path: 'a', text }))).toThrow('endlessly');
});
