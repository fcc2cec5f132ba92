import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { quoteWord } from '../../../runner/task/command.ts';
import { globRegex } from '../../../tasks/parse/shell-glob.ts';
import { splitShellWords } from '../../../tasks/parse/shell-words.ts';
import { runs } from '../../runs.ts';

const word = fc.string({ unit: fc.constantFrom('a', ' ', "'", '"', '\\', '$', '\n', '*', 'é', ';') });

test('words that were quoted come back', () => {
  fc.assert(fc.property(fc.array(word), (words) => {
    expect(splitShellWords(words.map(quoteWord).join('  '))).toEqual(words);
  }), runs());
});

test('words are split where the shell splits them', () => {
  const text = `a "b c"'d'e \\f "g\\"h\\$" '' "" x\\ y`;
  const bySh = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${text.replace('\\$', '\\\\$')}`], { encoding: 'utf8' }).trimEnd().split('\n');
  expect(splitShellWords(text)).toEqual(bySh);
  expect(() => splitShellWords('a "b')).toThrow('no closing quotation');
  expect(() => splitShellWords('a\\')).toThrow('no escaped character');
});

test.each([
  ['*.log', ['a.log', '.log'], ['a.logs', 'log']],
  ['[a-c]?[!x]', ['abc', 'c.y'], ['dbc', 'abx', 'ab']],
  ['a.b', ['a.b'], ['axb']],
  ['[]x]', [']', 'x'], ['a']],
])('the pattern %s', (pattern, hits, misses) => {
  expect(hits.filter((name) => !globRegex(pattern).test(name))).toEqual([]);
  expect(misses.filter((name) => globRegex(pattern).test(name))).toEqual([]);
});
