import { lstatSync, statSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { asString, asText } from '../arguments.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { toText } from '../text.ts';
import type { Value } from '../value.ts';

function stat(value: Value, follow = true): Stats | undefined {
  const path = asString(value);
  try {
    return (follow ? statSync : lstatSync)(path, { throwIfNoEntry: false });
  } catch (error) {
    // A path through a file or a forbidden folder leads to nothing.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

function isMount(path: string): boolean {
  const here = stat(path, false);
  if (!here?.isDirectory()) return false;
  const above = stat(dirname(resolve(path)));
  return above !== undefined && (above.dev !== here.dev || above.ino === here.ino);
}

/** Tests of files on the controller. */
export const FILE_TESTS: readonly Entry[] = [
  ...define('directory is_dir', '', (value) => stat(value)?.isDirectory() ?? false),
  ...define('file is_file', '', (value) => stat(value)?.isFile() ?? false),
  ...define('link is_link', '', (value) => stat(value, false)?.isSymbolicLink() ?? false),
  ...define('exists', '', (value) => stat(value) !== undefined),
  ...define('link_exists', '', (value) => stat(value, false) !== undefined),
  ...define('abs is_abs', '', (value) => isAbsolute(asString(value))),
  ...define('same_file is_same_file', 'other', (value, [other]) => {
    const [a, b] = [stat(value), stat(other ?? null)];
    if (!a || !b) throw new ExpressionError(`there is no file '${a ? asText(other) : toText(value)}'`);
    return a.dev === b.dev && a.ino === b.ino;
  }),
  ...define('mount is_mount', '', (value) => isMount(asString(value))),
];
