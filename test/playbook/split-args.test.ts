import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { parsePairs } from '../../runner/playbook/split-args.ts';
import { runs } from '../runs.ts';

type Parsed = [pairs: [string, string][], rest: string] | null;
// [text, what ansible-core 2.14 makes of it, the same for command-like modules]; null where it refuses.
const cases = JSON.parse(readFileSync(new URL('split-args.cases.json', import.meta.url), 'utf8')) as [string, Parsed, Parsed][];
const OPTIONS = new Set(['creates', 'removes', 'chdir', 'executable', 'warn', 'stdin', 'stdin_add_newline', 'strip_empty_ends']);

function read(text: string, only?: ReadonlySet<string>): Parsed {
  const parsed = parsePairs(text, only);
  return parsed ? [[...new Map(parsed.pairs.map(({ key, value }) => [key, value]))].sort(([a], [b]) => (a < b ? -1 : 1)), parsed.rest] : null;
}

test.each(cases)('%j', (text, plain, command) => {
  expect(read(text)).toEqual(plain);
  expect(read(text, OPTIONS)).toEqual(command);
});

test('places of keys and values', () => {
  const text = 'name="a b"  dest={{ x }} free';
  const parsed = parsePairs(text);
  expect(parsed?.pairs.map(({ keyStart, valueStart, value }) => [text.slice(keyStart, keyStart + 4), text.slice(valueStart, valueStart + value.length)])).toEqual([['name', 'a b'], ['dest', '{{ x }}']]);
  expect(text.slice(parsed?.restStart)).toBe('free');
});

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', '=', ' ', '\n', '"', "'", '{{', '}}', '{%', '%}', '\\', '\\U0011ffff', '\\x4') }), (text) => void parsePairs(text)), runs(2000));
});
