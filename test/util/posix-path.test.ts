import { posix } from 'node:path';
import * as fc from 'fast-check';
import { normalized } from '../../runner/util/posix-path.ts';
import { runs } from '../runs.ts';

const part = fc.oneof(fc.constantFrom('', '.', '..', '...', '.a', 'a.', '..a', '~', ' ', '\n', 'ä'), fc.string({ maxLength: 3 }));

test('a path is what normalize makes of it, whether or not there is anything to do', () => {
  fc.assert(fc.property(fc.array(part, { maxLength: 6 }), fc.constantFrom('', '/'), (parts, root) => {
    const path = root + parts.join('/');
    expect(normalized(path)).toBe(posix.normalize(path));
  }), runs(2000));
});
