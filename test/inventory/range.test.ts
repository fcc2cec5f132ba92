import { readFileSync } from 'node:fs';
import { assert, integer, property, string } from 'fast-check';
import { expandRange, hostNames } from '../../runner/inventory/range.ts';
import { runs } from '../runs.ts';

/** Entries with the hosts and port that the reference implementation makes of them; null where it refuses. */
const cases = JSON.parse(readFileSync(new URL('ranges.json', import.meta.url), 'utf8')) as [string, string[] | null, number | null][];

test.each(cases)('%j', (entry, hosts, port) => {
  const named = hostNames(entry);
  if (hosts === null) expect(named).toEqual({ error: expect.any(String) });
  else expect(named).toEqual({ hosts, ...(port !== null && { port }) });
});

const pad = (number: number): string => String(number).padStart(4, '0');

test('a range has as many hosts as it says, all different, with the padding of its beginning', () => {
  assert(
    property(integer({ min: 0, max: 500 }), integer({ min: 0, max: 500 }), integer({ min: 1, max: 9 }), (low, more, step) => {
      const expanded = expandRange(`a[${pad(low)}:${pad(low + more)}:${step}]b`);
      const hosts = 'hosts' in expanded ? expanded.hosts : [];
      expect(new Set(hosts).size).toBe(Math.floor(more / step) + 1);
      expect(hosts.every((host) => /^a\d{4}b$/.test(host))).toBe(true);
    }),
    runs(),
  );
});

test('a slip of the keyboard does not fill the memory', () => {
  for (const entry of ['a[1:99999999999]', 'a[1:9999][1:9999]', 'a[1:999999][1:999999][1:999999]']) expect(hostNames(entry)).toEqual({ error: expect.stringContaining('more than') });
});

test('any text names hosts or says why not', () => {
  assert(property(string({ unit: 'binary' }), (text) => void hostNames(text)), runs());
  assert(property(string(), string(), (a, b) => void hostNames(`${a}[${b}]`)), runs());
});
