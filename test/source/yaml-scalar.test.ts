import { readFileSync } from 'node:fs';
import { resolvePlain, resolveTagged } from '../../runner/source/yaml-scalar.ts';

// What PyYAML 6.0 makes of each (dates apart, which stay strings here).
const cases = JSON.parse(readFileSync(new URL('yaml-scalar.cases.json', import.meta.url), 'utf8')) as [string, unknown][];

test.each(cases)('%s', (text, expected) => {
  const value = resolvePlain(text);
  expect(value === 0 ? 0 : value).toEqual(expected);
});

test('integers beyond 2^53 are exact', () => {
  expect(resolvePlain('12345678901234567890')).toBe(12345678901234567890n);
  expect(resolvePlain('-9007199254740993')).toBe(-9007199254740993n);
});

test('infinities and not-a-number', () => {
  expect([resolvePlain('.inf'), resolvePlain('-.INF')]).toEqual([Infinity, -Infinity]);
  expect(resolvePlain('.nan')).toBeNaN();
});

test('core tags convert, or say that the text does not fit', () => {
  expect([resolveTagged('str', '5'), resolveTagged('int', '0x10'), resolveTagged('float', '5'), resolveTagged('bool', 'yes')]).toEqual(['5', 16, { float: 5 }, true]);
  expect([resolveTagged('int', 'x'), resolveTagged('bool', '2'), resolveTagged('set', '')]).toEqual([undefined, undefined, undefined]);
});
