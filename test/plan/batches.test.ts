import * as fc from 'fast-check';
import { batches } from '../../runner/plan/batches.ts';
import { runs } from '../runs.ts';

const hosts = (count: number): string[] => Array.from({ length: count }, (_, index) => `h${index}`);
const sizes = (count: number, steps: readonly (number | string)[]): number[] => batches(hosts(count), steps).map((batch) => batch.length);

test('steps are taken in turn and the last one repeats', () => {
  expect(sizes(10, [1, 3])).toEqual([1, 3, 3, 3]);
  expect(sizes(10, ['30%'])).toEqual([3, 3, 3, 1]);
  expect(sizes(3, ['10%'])).toEqual([1, 1, 1]);
  expect(sizes(5, [0])).toEqual([5]);
  expect(sizes(5, [])).toEqual([5]);
});

test('every host is in exactly one batch, in order', () => {
  fc.assert(fc.property(fc.nat(200), fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 100 }).map((share) => `${share}%`)), { minLength: 1, maxLength: 4 }), (count, steps) => {
    expect(batches(hosts(count), steps).flat()).toEqual(hosts(count));
  }), runs());
});
