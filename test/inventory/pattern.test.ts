import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert, constantFrom, property } from 'fast-check';
import { loadInventory } from '../../runner/inventory/load.ts';
import { globPattern } from '../../runner/inventory/name-pattern.ts';
import { selectHosts } from '../../runner/inventory/pattern.ts';
import { diskReader } from '../../runner/source/disk.ts';
import { runs } from '../runs.ts';

const folder = fileURLToPath(new URL('patterns/', import.meta.url));
const environment = { filters: new Map(), tests: new Map(), globals: new Map(), lookups: new Map() };
const { inventory } = loadInventory(['hosts'], { files: diskReader(), cwd: folder, environment });
const select = (pattern: string, options = {}): readonly string[] => selectHosts(inventory, pattern, options).hosts;

/** Patterns with the hosts that the reference implementation chose; null where it refused the pattern. */
const cases = JSON.parse(readFileSync(`${folder}cases.json`, 'utf8')) as { pattern: string | string[]; limit?: string; hosts: string[] | null }[];

test.each(cases)('$pattern, limit $limit', ({ pattern, limit, hosts }) => {
  const chosen = selectHosts(inventory, pattern, limit === undefined ? {} : { limit });
  expect(chosen.hosts).toEqual(hosts ?? []);
  expect(chosen.problems.length > 0).toBe(hosts === null);
});

test('parts that match nothing are told once, without their signs', () => {
  expect(selectHosts(inventory, 'web:!wbe:&dbb:wbe:empty', { limit: 'nope' }).unmatched).toEqual(['wbe', 'dbb', 'nope']);
  expect(selectHosts(inventory, 'all').unmatched).toEqual([]);
});

const readFile = (path: string): string | undefined => (path === 'retry' ? 'web1\n\ndb?\n' : undefined);

test('a limit may come from a file, one pattern a line', () => {
  expect(select('all', { limit: '@retry', readFile })).toEqual(['web1', 'db1', 'db2']);
  expect(selectHosts(inventory, 'all', { limit: '@gone', readFile }).problems).toEqual(["there is no limit file 'gone'"]);
});

test('hosts come in the order that was asked for', () => {
  expect(select('db:web1', { order: 'sorted' })).toEqual(['db1', 'db2', 'shared.example.com', 'web1']);
  expect(select('db:web1', { order: 'reverse_sorted' })).toEqual(['web1', 'shared.example.com', 'db2', 'db1']);
  expect(select('db:web1', { order: 'reverse_inventory' })).toEqual(['web1', 'shared.example.com', 'db2', 'db1']);
  const shuffled = select('web', { order: 'shuffle', random: () => 0 });
  expect([...shuffled].sort()).toEqual([...select('web')].sort());
  expect(shuffled).not.toEqual(select('web'));
});

const simple = constantFrom('web', 'db', 'east', 'deep', 'all', 'web1', 'w*', '~.*1', 'nothing', 'web[0:2]', 'solo');

test('the algebra of patterns holds', () => {
  assert(
    property(simple, simple, (a, b) => {
      const alone = select(a);
      expect(select(`${a}:${b}`).slice(0, alone.length)).toEqual(alone);
      expect(select(`${a}:!${a}`)).toEqual([]);
      expect(select(`${a}:&${a}`)).toEqual(alone);
      expect(new Set(select(`${a},&${b}`))).toEqual(new Set(select(`${b},&${a}`)));
      expect(select(`${a},!${b}`).length + select(`${a},&${b}`).length).toBe(alone.length);
      expect(select(a, { limit: b })).toEqual(select(`${a},&${b}`));
    }),
    runs(),
  );
});

/** As Python's fnmatch reads them. */
test.each([
  ['web[3-1]', [], ['web1', 'web2', 'web3', 'web-']],
  ['a[!3-1]b', ['axb', 'a2b'], ['ab']],
  ['a[z-a3]', ['a3'], ['az', 'aa', 'a-']],
  ['a[3-1-5]', ['a-', 'a5'], ['a3', 'a1', 'a4']],
  ['[]-a]', [']', '_', 'a'], ['b', '-']],
  ['[a-c-e]', ['a', 'b', 'c', '-', 'e'], ['d']],
  ['[b-a-c]', ['-', 'c'], ['a', 'b']],
  ['[w---\nb\\[]', ['-', 'b', '[', '\\'], ['a']],
])('the set in %j', (glob, fits, others) => {
  const pattern = globPattern(glob);
  expect([...fits, ...others].filter((name) => pattern.test(name))).toEqual(fits);
});
