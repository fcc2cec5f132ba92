import { setTimeout as sleep } from 'node:timers/promises';
import { toJson, toText } from '../../expr/convert.ts';
import { isList, Unknown, type Value } from '../../expr/value.ts';
import type { TaskNode } from '../../playbook/model.ts';
import { renderTree } from '../../template/render.ts';
import type { Tree } from '../../template/tree.ts';
import { Deadline } from '../../transport/cancellation.ts';
import type { LayeredScope } from '../../vars/scope.ts';
import { attempt, type Judge, withResult } from './attempts.ts';
import { type Batch, nodeKey } from '../batch.ts';
import { callInTime } from './async-call.ts';
import { prepareCall } from '../call/prepare-call.ts';
import { holds } from './conditions.ts';
import { evaluate } from '../vars/evaluate.ts';
import { resultOfError } from './failures.ts';
import { checkKeywords, flag, number } from './keywords.ts';
import { type Item, loopItems } from './loop.ts';
import { type Result, skippedResult, undetermined } from '../call/result.ts';

/** What one item of a task (or the task, without a loop) came to. */
export interface ItemOutcome {
  readonly item: Item | undefined;
  readonly result: Result;
  readonly ignored: boolean;
}

/** Performs a task on a host: all its items, one after the other. Never rejects for what goes wrong on the host. */
export async function performTask(batch: Batch, host: string, node: TaskNode, each: (outcome: ItemOutcome) => void, locals?: ReadonlyMap<string, Value>): Promise<readonly ItemOutcome[]> {
  const scope = batch.scopes.forNode(host, node, batch.playVars, locals);
  if (!node.loop) return [await performItem(batch, host, node, scope, undefined)];
  const items = await itemsOf(batch, node, scope);
  if (!Array.isArray(items)) return [items];
  const outcomes: ItemOutcome[] = [];
  for (const item of items) {
    const itemScope = scope.with({ kind: 'data', vars: item.locals });
    if (outcomes.length > 0) await pause(batch, node, itemScope);
    const outcome = await performItem(batch, host, node, itemScope, item);
    if (outcome.result.hopeless === true) return [{ ...outcome, item: undefined }];
    outcomes.push(outcome);
    each(outcome);
    if (batch.context.signal.aborted || outcome.result.status === 'unreachable') break;
    if (await breaks(batch, node, itemScope, outcome.result)) break;
  }
  return outcomes;
}

async function itemsOf(batch: Batch, node: TaskNode, scope: LayeredScope): Promise<Item[] | ItemOutcome> {
  try {
    return await evaluate(batch, batch.context.signal, () => loopItems(node, node.loop, scope, batch.context.environment));
  } catch (error) {
    // A loop over something that a false `when` guards is skipped, as in Ansible: there is nothing to loop over.
    const result = resultOfError(error, { timeout: 0, timedOut: false, names: () => scope.names() });
    const guarded = await evaluate(batch, batch.context.signal, () => holds(node.directives.when, scope, batch.context.environment)).catch(() => true);
    return { item: undefined, result: guarded === false ? skippedResult() : result, ignored: result.status === 'failed' && ignores(batch, node.directives.ignoreErrors, scope) };
  }
}

async function performItem(batch: Batch, host: string, node: TaskNode, scope: LayeredScope, item: Item | undefined): Promise<ItemOutcome> {
  const result = withItem(await performGuarded(batch, host, node, scope), item);
  const keyword = result.status === 'unreachable' ? node.directives.ignoreUnreachable : node.directives.ignoreErrors;
  const failed = result.status === 'failed' || result.status === 'unreachable';
  return { item, result, ignored: failed && ignores(batch, keyword, scope) };
}

async function performGuarded(batch: Batch, host: string, node: TaskNode, scope: LayeredScope): Promise<Result> {
  const { context } = batch;
  let timeout = context.settings.taskTimeout;
  let limit: Deadline | undefined;
  try {
    const place = { scope, environment: context.environment };
    const runs = await evaluate(batch, context.signal, () => {
      const runs = holds(node.directives.when, scope, context.environment);
      if (runs === true) checkKeywords(node, place);
      return runs;
    });
    if (runs instanceof Unknown) return undetermined(`depends on ${runs.because}`);
    if (!runs) return skippedResult();
    if (node.directives.timeout !== undefined) timeout = await evaluate(batch, context.signal, () => number(node.directives.timeout, place, timeout));
    limit = timeout > 0 ? new Deadline(timeout * 1000, context.signal) : undefined;
    const signal = limit?.signal ?? context.signal;
    const call = await evaluate(batch, signal, () => prepareCall(batch, host, node, scope, signal));
    const judge: Judge = {
      node, scope, signal,
      environment: context.environment,
      evaluate: (work) => evaluate(batch, signal, work),
      retrying(count, left, result) {
        context.publish({ type: 'retry', task: nodeKey(node), host, attempt: count, left, result: call.noLog ? CENSORED : result.json });
      },
    };
    const result = await attempt(judge, () => callInTime(call).catch((error: unknown) => {
      if (limit?.passed === true || context.signal.aborted) throw error;
      return resultOfError(error, { timeout, timedOut: false, names: () => scope.names() });
    }));
    return call.worked === host ? result : { ...result, delegate: call.worked };
  } catch (error) {
    if (context.signal.aborted) return { status: 'failed', json: { changed: false, failed: true, msg: 'interrupted' }, changes: [] };
    return resultOfError(error, { timeout, timedOut: limit?.passed === true, names: () => scope.names() });
  } finally {
    limit?.close();
  }
}

/** What events show instead of a result that is not to be seen. */
export const CENSORED = { censored: "the output has been hidden due to the fact that 'no_log: true' was specified for this result" };

/** A yes or no of a task; no where it cannot be worked out. */
export function ignores(batch: Batch, keyword: Tree | undefined, scope: LayeredScope): boolean {
  if (keyword === undefined) return false;
  try {
    return flag(keyword, { scope, environment: batch.context.environment }, false);
  } catch {
    return false;
  }
}

function withItem(result: Result, item: Item | undefined): Result {
  if (!item) return result;
  const own = Object.fromEntries([...item.locals].map(([name, value]) => [name, toJson(value as Value)]));
  return { ...result, json: { ...result.json, ...own } };
}

/** `break_when`: looked at after each item, with what the item registered. */
async function breaks(batch: Batch, node: TaskNode, scope: LayeredScope, result: Result): Promise<boolean> {
  const conditions = node.loop?.breakWhen;
  if (!conditions) return false;
  return (await evaluate(batch, batch.context.signal, () => holds(conditions, withResult(scope, node, result), batch.context.environment))) === true;
}

async function pause(batch: Batch, node: TaskNode, scope: LayeredScope): Promise<void> {
  const seconds = number(node.loop?.pause, { scope, environment: batch.context.environment }, 0);
  if (seconds > 0) await sleep(seconds * 1000, undefined, { signal: batch.context.signal }).catch(() => undefined);
}

/** `notify` as a list of names. */
export function notified(batch: Batch, node: TaskNode, scope: LayeredScope): readonly string[] {
  if (node.notify === undefined) return [];
  const value = renderTree(node.notify, scope, batch.context.environment);
  return isList(value) ? value.map(toText) : [toText(value)];
}

/** Whether the task hides its results. */
export function hides(batch: Batch, host: string, node: TaskNode): boolean {
  if (node.directives.noLog === undefined) return batch.context.settings.noLog ?? false;
  return ignores(batch, node.directives.noLog, batch.scopes.forNode(host, node, batch.playVars));
}
