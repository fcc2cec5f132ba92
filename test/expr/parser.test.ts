import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { join } from 'node:path';
import { compileExpression, parseText } from '../../runner/expr/compile.ts';
import { standardEnvironment } from '../../runner/expr/environment.ts';
import type { Surface } from '../../runner/expr/lexer.ts';
import { InputError } from '../../runner/source/diagnostic.ts';
import { SourceFile } from '../../runner/source/file.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import type { Origin } from '../../runner/source/span.ts';
import { caseFiles } from './case-file.ts';
import { bare, print } from './print.ts';
import { runs } from '../runs.ts';

const environment = standardEnvironment();
const surfaces = constantFrom<Surface>('condition', 'template');

function originOf(text: string): Origin {
  return { file: new SourceFile('e', text), at: (offset) => offset };
}

/** Parses, and lets only refusals of the input through. */
function parsed(text: string, surface: Surface): ReturnType<typeof parseText> | undefined {
  try {
    return parseText(text, originOf(text), surface);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const words = constantFrom('a', 'is', 'not', 'in', 'if', 'else', 'and', 'or', 'true', 'none', '1', '1.5', "'s'", '"t"', '(', ')', '[', ']', '{', '}', '{{', '}}', '|', '.', ',', ':', '=', '==', '<', '+', '-', '*', '**', '~', '%', '//', ' ', 'defined', 'upper', '\\', "'", '\n', 'é', '😀');

test('no text makes the parser do anything but read it or refuse it', () => {
  assert(property(oneof(string({ unit: 'binary' }), array(words, { maxLength: 30 }).map((each) => each.join(''))), surfaces, (text, surface) => {
    parsed(text, surface);
  }), runs(3000));
});

/** As in Jinja, a word of the language can stand where a name is looked for (`a == not % b`): printed, it would be that word again. */
const WORD_AS_NAME = /"name":"(?:not|and|or|in|is|if|else)"/;

function checkStable(text: string): void {
  const first = parsed(text, 'template');
  if (!first || WORD_AS_NAME.test(JSON.stringify(bare(first)))) return;
  // Braces inside a string are looked at in conditions only, backslashes in templates only.
  if (!/\\|\{\{|\}\}/.test(print(first))) expect(bare(parsed(print(first), 'condition'))).toEqual(bare(first));
}

test('printing and parsing again gives the same expression', () => {
  assert(property(array(words, { maxLength: 20 }).map((each) => each.join(' ')), checkStable), runs(3000));
  for (const [, { cases }] of caseFiles(join(import.meta.dirname, 'cases'))) for (const { expr } of cases) checkStable(expr);
});

test.each(['('.repeat(10_000), '['.repeat(5000), 'not '.repeat(20_000) + 'a', '-'.repeat(20_000) + '1', `1${' + 1'.repeat(20_000)}`, `a${'.b'.repeat(20_000)}`, `a${' | upper'.repeat(5000)}`, `${'a if b else '.repeat(5000)}c`, '{'.repeat(5000)])(
  'depth is refused, not crashed on', (text) => {
    expect(() => compileExpression(text, originOf(text), environment, 'condition')).toThrow(InputError);
  });

test('an expression as long as allowed can be evaluated', () => {
  const text = `1${' + 1'.repeat(990)}`;
  expect(compileExpression(text, originOf(text), environment, 'condition').evaluate({ lookup: () => undefined })).toBe(991);
});

test.each<[string, Surface, string]>([
  ['a | uper', 'condition', "error[unknown-filter]: there is no filter 'uper'\n  --> e:1:5\n  1 | a | uper\n    |     ^^^^\n  fix: did you mean 'upper'?"],
  ['a is defind', 'condition', "error[unknown-test]: there is no test 'defind'\n  --> e:1:6\n  1 | a is defind\n    |      ^^^^^^\n  fix: did you mean 'defined'?"],
  ['a | community.general.jc(b)', 'condition', "error[unknown-filter]: there is no filter 'community.general.jc'\n  --> e:1:5\n  1 | a | community.general.jc(b)\n    |     ^^^^^^^^^^^^^^^^^^^^\n  fix: take what the program said apart with regex_findall or split"],
  ['a | ansible.utils.ipadr', 'condition', "error[unknown-filter]: there is no filter 'ansible.utils.ipadr'\n  --> e:1:5\n  1 | a | ansible.utils.ipadr\n    |     ^^^^^^^^^^^^^^^^^^^\n  fix: did you mean 'ansible.utils.ipaddr'?"],
  ['a is ansible.builtin.matsh', 'condition', "error[unknown-test]: there is no test 'ansible.builtin.matsh'\n  --> e:1:6\n  1 | a is ansible.builtin.matsh\n    |      ^^^^^^^^^^^^^^^^^^^^^\n  fix: did you mean 'ansible.builtin.match'?"],
  ["lookup('fil', 'x')", 'condition', "error[unknown-lookup]: there is no lookup 'fil'\n  --> e:1:8\n  1 | lookup('fil', 'x')\n    |        ^^^^^\n  fix: did you mean 'file'?"],
  ["a | map('uper')", 'condition', "error[unknown-filter]: there is no filter 'uper'\n  --> e:1:9\n  1 | a | map('uper')\n    |         ^^^^^^\n  fix: did you mean 'upper'?"],
  ["a == 'x", 'condition', "error[expression-syntax]: this string has no closing '\n  --> e:1:6\n  1 | a == 'x\n    |      ^\n  fix: write ' at its end; put a text that has ' in it into \""],
  ["'it\\'s'", 'template', "error[expression-syntax]: a backslash does not escape a quote between {{ }} in YAML\n  --> e:1:1\n  1 | 'it\\'s'\n    | ^^^^^^^\n  fix: use the other kind of quote around the string"],
  ['a b', 'condition', "error[expression-syntax]: an operator is missing between 'a' and 'b'\n  --> e:1:3\n  1 | a b\n    |   ^\n  fix: ~ joins texts, 'and' and 'or' join conditions"],
  ['a &&', 'condition', "error[expression-syntax]: '&' has no meaning in an expression\n  --> e:1:3\n  1 | a &&\n    |   ^\n  fix: write 'and'"],
])('%s is refused with place and fix', (text, surface, expected) => {
  try {
    compileExpression(text, originOf(text), environment, surface);
    throw new Error('not refused');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(formatDiagnostic(error.diagnostics[0]!)).toBe(expected);
  }
});

test.each<[string, readonly string[]]>([
  ['a + b.c[d] | default(e)', ['a', 'b', 'd', 'e']],
  ['range(n) | map(attribute=x)', ['n', 'x']],
  ["lookup('file', path) ~ omit", ['path']],
  ['groups[g] if x is defined else y', ['groups', 'g', 'x', 'y']],
])('free names of %s', (text, names) => {
  expect([...compileExpression(text, originOf(text), environment, 'condition').names].sort()).toEqual([...names].sort());
});

test('between {{ }} in YAML a backslash is itself, elsewhere it escapes', () => {
  const text = String.raw`'a\n\1'`;
  const value = (surface: Surface): unknown => compileExpression(text, originOf(text), environment, surface).evaluate({ lookup: () => undefined });
  expect(value('template')).toBe(String.raw`a\n\1`);
  expect(value('condition')).toBe('a\n\x01');
});
