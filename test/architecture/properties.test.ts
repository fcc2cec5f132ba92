import { runs } from '../runs.ts';
import { sources } from './sources.ts';

test('every property is tried with the shared settings', () => {
  const users = sources('test').filter(({ imports, path }) => imports.includes('fast-check') && path.endsWith('.test.ts'));
  expect(users.length).toBeGreaterThan(15);
  const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;
  expect(users.filter(({ text }) => count(text, /\bproperty\(|\basyncProperty\(/g) !== count(text, /\bruns\(/g)).map(({ path }) => path)).toEqual([]);
});

test('the environment chooses other inputs and more of them', () => {
  expect(runs(30, {})).toEqual({ seed: 1, numRuns: 30 });
  expect(runs(30, { ROLLCALL_FUZZ_SEED: '-7', ROLLCALL_FUZZ_RUNS: '5000' })).toEqual({ seed: -7, numRuns: 5000 });
  expect(runs(30, { ROLLCALL_FUZZ_SEED: 'random' }).seed).not.toBe(1);
  expect(() => runs(30, { ROLLCALL_FUZZ_RUNS: 'many' })).toThrow("ROLLCALL_FUZZ_RUNS is 'many'");
});
