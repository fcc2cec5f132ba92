import { truthy } from '../convert.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { equals } from '../comparison.ts';
import { isList, isMapping, orElse, type Mapping, type Value } from '../value.ts';

function resultOf(value: Value, test: string): Mapping {
  if (isMapping(value)) return value;
  throw new ExpressionError(`The '${test}' test expects a dictionary`);
}

const field = (value: Value, test: string, name: string): Value => orElse(resultOf(value, test).get(name), false);

function changed(value: Value): Value {
  const result = resultOf(value, 'changed');
  const own = result.get('changed');
  if (own !== undefined) return own;
  const results = result.get('results');
  return results !== undefined && isList(results) && results.some((each) => isMapping(each) && truthy(each.get('changed') ?? false));
}

/** An asynchronous task says 0 or 1; any other task has begun and ended. */
function progress(value: Value, name: 'started' | 'finished'): boolean {
  const said = resultOf(value, name).get(name);
  return said === undefined || equals(said, 1);
}

/** Tests of what a task has registered. */
export const RESULT_TESTS: readonly Entry[] = [
  ...define('failed failure', '', (value) => field(value, 'failed', 'failed')),
  ...define('succeeded success successful', '', (value) => !truthy(field(value, 'failed', 'failed'))),
  ...define('changed change', '', changed),
  ...define('skipped skip', '', (value) => field(value, 'skipped', 'skipped')),
  ...define('unreachable', '', (value) => field(value, 'unreachable', 'unreachable')),
  ...define('reachable', '', (value) => !truthy(field(value, 'unreachable', 'unreachable'))),
  ...define('started', '', (value) => progress(value, 'started')),
  ...define('finished', '', (value) => progress(value, 'finished')),
];
