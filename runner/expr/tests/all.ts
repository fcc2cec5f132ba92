import type { Operation } from '../scope.ts';
import { FILE_TESTS } from './files.ts';
import { RESULT_TESTS } from './results.ts';
import { TEXT_TESTS } from './text.ts';
import { VALUE_TESTS } from './values.ts';

/** Every test of Jinja and of ansible-core, by plain name. */
export const TESTS: ReadonlyMap<string, Operation> = new Map([...VALUE_TESTS, ...RESULT_TESTS, ...TEXT_TESTS, ...FILE_TESTS]);
