import { createRequire } from 'node:module';
import type * as Jmespath from '@metrichor/jmespath';
import { fromJson, toJson } from '../convert.ts';
import { define, type Entry } from '../define.ts';
import { asString } from '../arguments.ts';
import { ExpressionError } from '../errors.ts';
import type { Json } from '../../util/json.ts';

function query(data: Json, expression: string): Json {
  // Few playbooks query: the library is loaded when the first one does.
  const { search } = createRequire(import.meta.url)('@metrichor/jmespath') as typeof Jmespath;
  try {
    return search(data as Jmespath.JSONValue, expression) ?? null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new ExpressionError(`json_query: ${error.message} in '${expression}'`);
  }
}

/** `json_query` of community.general: JMESPath over a value. */
export const QUERY_FILTERS: readonly Entry[] = define('json_query', 'expr', (value, [expression]) => fromJson(query(toJson(value), asString(expression))));
