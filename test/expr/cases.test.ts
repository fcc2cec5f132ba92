import { join } from 'node:path';
import { compileExpression } from '../../runner/expr/compile.ts';
import { refuseUndefined } from '../../runner/expr/convert.ts';
import { standardEnvironment } from '../../runner/expr/environment.ts';
import { ExpressionError, UndefinedError } from '../../runner/expr/errors.ts';
import { InputError } from '../../runner/source/diagnostic.ts';
import { SourceFile } from '../../runner/source/file.ts';
import type { Json } from '../../runner/util/json.ts';
import { caseFiles, scopeOf, shown, type Case } from './case-file.ts';

const environment = standardEnvironment();

function evaluate({ expr }: Case, scope: ReturnType<typeof scopeOf>): { ok: Json } | { err: string; undefined: boolean } {
  try {
    const origin = { file: new SourceFile('case', expr), at: (offset: number) => offset };
    const value = compileExpression(expr, origin, environment, 'condition').evaluate(scope);
    refuseUndefined(value);
    return { ok: shown(value) };
  } catch (error) {
    if (error instanceof InputError || error instanceof ExpressionError) return { err: error.message, undefined: error instanceof UndefinedError };
    throw error;
  }
}

/** Python's floats that JSON writes without a point. */
function same(json: Json): Json {
  if (typeof json === 'number' && !Number.isInteger(json)) return { __float__: json };
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return (json as readonly Json[]).map(same);
  if ('__float__' in json || '__int__' in json || '__object__' in json) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, same(value)]));
}

describe.each(caseFiles(join(import.meta.dirname, 'cases')))('%s', (_file, { context, cases }) => {
  const scope = scopeOf(context);
  test.each(cases.map((each) => [each.expr, each] as const))('%s', (_name, each) => {
    const got = evaluate(each, scope);
    if (each.err === undefined) expect(got).toEqual({ ok: same(each.ok ?? null) });
    else expect(got).toHaveProperty('err');
    // A missing name must be told apart from every other error, and said in Ansible's words.
    if (each.err?.startsWith('AnsibleUndefinedVariable: ') && 'undefined' in got && got.undefined) expect(each.err).toContain(got.err);
    else if (each.err?.startsWith('AnsibleUndefinedVariable: ')) expect(got).toHaveProperty('undefined', true);
  });
});
