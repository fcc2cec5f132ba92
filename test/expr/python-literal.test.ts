import { readFileSync } from 'node:fs';
import { array, assert, constantFrom, property, string } from 'fast-check';
import { repr } from '../../runner/expr/text.ts';
import type { Value } from '../../runner/expr/value.ts';
import { pythonLiteral } from '../../runner/expr/python-literal.ts';
import { runs } from '../runs.ts';

/** Texts and Python's `repr` of what `ast.literal_eval` makes of them (of the text itself where it refuses). */
const cases = JSON.parse(readFileSync(new URL('python-literals.json', import.meta.url), 'utf8')) as [string, string][];

test.each(cases)('%j is %s', (text, expected) => {
  expect(repr(pythonLiteral(text) as Value)).toBe(expected);
});

test('sets are lists, complex numbers and the ellipsis stay texts', () => {
  expect(['{1, 2, 1}', '1j', '...'].map(pythonLiteral)).toEqual([[1, 2], '1j', '...']);
});

test('no text is too hostile', () => {
  expect(pythonLiteral('['.repeat(100_000))).toBe('['.repeat(100_000));
  assert(property(string({ unit: 'binary' }), (text) => void pythonLiteral(text)), runs());
  const marks = constantFrom(...'[](){},:-+ \'"\\0x1.e_Tru#'.split(''));
  assert(property(array(marks).map((each) => each.join('')), (text) => void pythonLiteral(text)), runs(1000));
});
