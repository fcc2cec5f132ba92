import { setTimeout as sleep } from 'node:timers/promises';
import { Unknown, type Value } from '../../expr/value.ts';
import type { TaskNode } from '../../playbook/model.ts';
import type { LayeredScope } from '../../vars/scope.ts';
import type { Environment } from '../../expr/scope.ts';
import { holds } from './conditions.ts';
import { integer, number } from './keywords.ts';
import { type Result, resultValue } from '../call/result.ts';

/** What the judgement of a result needs. */
export interface Judge {
  readonly node: TaskNode;
  readonly scope: LayeredScope;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Evaluates conditions, gathering facts they turn out to need: the call itself is never repeated for that. */
  readonly evaluate: <T>(work: () => T) => Promise<T>;
  /** Told before each further attempt. */
  retrying(attempt: number, left: number, result: Result): void;
}

/** Runs a call once, or with `until` as often as its `retries` allow; judges every result by `failed_when` and `changed_when`. */
export async function attempt(judge: Judge, call: () => Promise<Result>): Promise<Result> {
  const { node, scope, environment, signal } = judge;
  const { until } = node;
  if (!until) return judged(judge, await call());
  const [attempts, delay] = await judge.evaluate(() => [
    Math.max(1, integer(node.retries, judge, 3) + 1),
    number(node.delay, judge, 5),
  ] as const);
  for (let count = 1; ; count++) {
    const result = await judged(judge, await call());
    const withCount: Result = { ...result, json: { ...result.json, attempts: count } };
    if (result.unknown !== undefined || result.status === 'unreachable') return withCount;
    const enough = await judge.evaluate(() => holds(until, withResult(scope, node, withCount), environment));
    if (enough !== false) return withCount;
    // Ansible counts the tries after the first when it gives up.
    if (count >= attempts) return { ...withCount, status: 'failed', json: { ...withCount.json, attempts: Math.max(1, count - 1), failed: true } };
    judge.retrying(count, attempts - count, withCount);
    await sleep(delay * 1000, undefined, { signal });
  }
}

async function judged({ node, scope, environment, evaluate }: Judge, result: Result): Promise<Result> {
  const { changedWhen, failedWhen } = node;
  if (!changedWhen && !failedWhen) return result;
  if (result.status === 'unreachable' || result.status === 'skipped') return result;
  let { status, json, unknown, changes } = result;
  if (changedWhen) {
    const changed = await evaluate(() => holds(changedWhen, withResult(scope, node, result), environment));
    if (changed instanceof Unknown) unknown ??= changed.because;
    else if (status === 'ok' || status === 'changed' || status === 'failed') {
      if (status !== 'failed') status = changed ? 'changed' : 'ok';
      json = { ...json, changed };
      if (!changed) changes = [];
    } else if (status === 'undetermined' && !changed) json = { ...json, changed };
  }
  if (failedWhen && status !== 'undetermined') {
    const soFar = { ...result, status, json };
    const failed = await evaluate(() => holds(failedWhen, withResult(scope, node, soFar), environment));
    if (failed instanceof Unknown) unknown ??= failed.because;
    else {
      status = failed ? 'failed' : json['changed'] === true ? 'changed' : 'ok';
      json = { ...json, failed, failed_when_result: failed };
    }
  }
  return { ...result, status, json, changes, ...(unknown !== undefined && { unknown }) };
}

/** The scope with what a task registers. */
export function withResult(scope: LayeredScope, node: TaskNode, result: Result): LayeredScope {
  const value = resultValue(result);
  const own = new Map<string, Value>([['result', value]]);
  if (node.register !== undefined) own.set(node.register, value);
  return scope.with({ kind: 'data', vars: own });
}
