import { readFileSync } from 'node:fs';
import { parseReplacement } from '../../runner/util/python-replacement.ts';
import { escapeRegex, translateRegex } from '../../runner/util/python-regex.ts';

/** What CPython 3.11's `re.finditer` answers: spans and groups, by index of the text. */
interface Recorded {
  readonly texts: readonly string[];
  readonly cases: readonly { readonly pattern: string; readonly error?: string; readonly found?: Readonly<Record<string, unknown>> }[];
}
const recorded = JSON.parse(readFileSync(new URL('python-regex.json', import.meta.url), 'utf8')) as Recorded;

/** Valid in Python, refused by us with a reason. */
const REFUSED = new Set(['a++', '(?>a)', '(a)(?(1)b)']);

test.each(recorded.cases.filter(({ pattern }) => !REFUSED.has(pattern)))('$pattern', ({ pattern, found }) => {
  if (!found) {
    expect(() => translateRegex(pattern)).toThrow();
    return;
  }
  const answers: Record<string, unknown> = {};
  const regex = translateRegex(pattern, 'g');
  recorded.texts.forEach((text, index) => {
    const matches = [...text.matchAll(regex)].map((match) => [[match.index, match.index + match[0].length], match.slice(1).map((group) => (group as string | undefined) ?? null)]);
    if (matches.length > 0) answers[index] = matches;
  });
  expect(answers).toEqual(found);
});

test.each([...REFUSED])('%s is refused with a reason and a place', (pattern) => {
  expect(() => translateRegex(pattern)).toThrow(/no counterpart.* at position \d/);
});

test('flags are added to those in the pattern', () => {
  expect(translateRegex('^a.b$', 'ms').exec('x\na\nb\ny')?.[0]).toBe('a\nb');
  expect(translateRegex('(?i)a', 'g').flags).toBe('gi');
});

test('replacement texts', () => {
  const match = translateRegex('(?P<k>a)(b)?').exec('ac')!;
  expect(parseReplacement('\\1-\\g<k>-\\g<0>0\\2\\n\\\\ \\.')(match)).toBe('a-a-a0\n\\ \\.');
  expect(() => parseReplacement('\\g<x>')(match)).toThrow("unknown group name 'x'");
  expect(() => parseReplacement('\\3')(match)).toThrow('invalid group reference 3');
  expect(() => parseReplacement('\\q')).toThrow('bad escape \\q');
});

test('escaped texts match themselves', () => {
  const text = 'a.b*c+?^${}()|[]\\/- é';
  expect(translateRegex(`^${escapeRegex(text)}$`).test(text)).toBe(true);
});
