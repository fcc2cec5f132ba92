import { argumentErrors } from '../../tasks/parse/argument-spec.ts';
import { distributionFacts } from '../../tasks/parse/facts-distribution.ts';
import { own, put } from '../../runner/util/own.ts';

const WORDS = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];

test.each(WORDS)('the word %s is in a table only when it was put there', (word) => {
  const table: Record<string, number> = {};
  expect(own(table, word)).toBeUndefined();
  put(table, word, 1);
  expect([own(table, word), Object.keys(table), Object.getPrototypeOf(table)]).toEqual([1, [word], Object.prototype]);
});

test.each(WORDS)('a host whose distribution is called %s has that name', (word) => {
  expect(distributionFacts(new Map([['/etc/os-release', `ID=${word}\nNAME=Odd\nVERSION_ID=1\n`]]))).toMatchObject({ distribution: 'Odd' });
});

test.each(WORDS)('an argument %s that is required and not given is missed', (word) => {
  const spec = Object.fromEntries([[word, { required: true }]]);
  expect(argumentErrors(spec, {})).toEqual([`missing required arguments: ${word}`]);
});
