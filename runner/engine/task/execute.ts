import { setTimeout as sleep } from 'node:timers/promises';
import { fromJson, toJson } from '../../expr/convert.ts';
import type { Value } from '../../expr/value.ts';
import type { IncludeNode, TaskNode } from '../../playbook/model.ts';
import { Semaphore } from '../../util/semaphore.ts';
import type { Json } from '../../util/json.ts';
import { announceLeaves, type Batch, nodeKey, stateOf } from '../batch.ts';
import { type Amendments, amended, askDebugger, wantsDebugger } from './debugger.ts';
import { evaluate } from '../vars/evaluate.ts';
import { flag, integer } from './keywords.ts';
import { leaves } from '../host-run.ts';
import { resolveInclude } from '../walk/include.ts';
import { lookAhead } from '../call/lookahead.ts';
import type { Outcome } from '../walk/outcome.ts';
import { holds } from './conditions.ts';
import { resultOfError } from './failures.ts';
import { CENSORED, hides, ignores, type ItemOutcome, notified, performTask } from './perform.ts';
import { nameOf } from '../call/prepare-call.ts';
import { failedResult, loopResult, PartlyKnown, type Result, resultValue, skippedResult } from '../call/result.ts';
import type { Wish } from '../walk/walk.ts';
import type { TrafficSummary } from '../../event/event.ts';
import { watchTraffic } from '../sessions/traffic.ts';
import { inputErrorOf } from './failures.ts';
import { spanLabel } from '../../source/span.ts';

/** Carries out one wish of one host, with everything around it: announcement, forks, throttle, run_once, register, notify, events. */
export async function execute(batch: Batch, host: string, wish: Wish): Promise<Outcome> {
  const { node } = wish;
  // Nothing is begun any more, rescues and handlers included.
  if (batch.context.signal.aborted) return interrupted();
  if (wish.question) return workOut(batch, host, wish, wish.question);
  announce(batch, host, wish);
  if (batch.stepping && !(await stepInto(batch, host, wish))) return { status: 'skipped', ignored: false, value: fromJson({ changed: false, skipped: true }) };
  const pause = stateOf(batch, host).pausedUntil - Date.now();
  if (pause > 0) await sleep(pause, undefined, { signal: batch.context.signal }).catch(() => undefined);
  const run = (): Promise<Outcome> => throttled(batch, host, node, () => batch.forks.run(() => executeOn(batch, host, wish), batch.context.signal));
  try {
    if (!(await runsOnce(batch, host, node))) return await run();
    const key = `${wish.handler ? 'h' : ''}${nodeKey(node)}${wish.tries}`;
    const first = batch.once.get(key);
    if (!first) {
      const outcome = run();
      batch.once.set(key, outcome);
      return await outcome;
    }
    const outcome = await first;
    if (node.register !== undefined) stateOf(batch, host).vars.assign(node.register, outcome.value);
    // What a `run_once` include brings is for the host that included it.
    const { included: _, ...own } = outcome;
    return own;
  } catch (error) {
    // Only the run's own cancellation gets here: everything else has become a result below.
    if (batch.context.signal.aborted) return interrupted();
    throw error;
  }
}

function interrupted(): Outcome {
  return { status: 'failed', ignored: false, value: fromJson({ failed: true, msg: 'interrupted' }) };
}

/** Works out the keywords of a block. Where that fails there is a result in the block's name, and nothing of it is run. */
async function workOut(batch: Batch, host: string, wish: Wish, { of, ask }: Exclude<Wish['question'], undefined>): Promise<Outcome> {
  const { context } = batch;
  const started = Date.now();
  try {
    await evaluate(batch, context.signal, ask);
    return { status: 'ok', ignored: false, value: null };
  } catch (error) {
    if (context.signal.aborted) return interrupted();
    const scope = batch.scopes.forNode(host, of, batch.playVars);
    const runs = await evaluate(batch, context.signal, () => holds(of.directives.when, scope, context.environment)).catch(() => true);
    const result = runs === false ? skippedResult() : resultOfError(error, { timeout: 0, timedOut: false, names: () => scope.names() });
    const ignored = result.status === 'failed' && ignores(batch, of.directives.ignoreErrors, scope);
    announce(batch, host, wish);
    publishResult(batch, host, wish, result, { ignored, looped: false, started });
    const value = resultValue(result);
    // Whoever asks later finds "undetermined" or "skipped" there, as after a task.
    for (const node of leaves([of])) if (node.register !== undefined) stateOf(batch, host).vars.assign(node.register, value);
    return { status: result.status, ignored, value };
  }
}

async function executeOn(batch: Batch, host: string, wish: Wish): Promise<Outcome> {
  const { node } = wish;
  const { context } = batch;
  const state = stateOf(batch, host);
  const started = Date.now();
  const traffic = watchTraffic(context.sessions, host);
  const key = eventKey(wish);
  const scope = batch.scopes.forNode(host, node, batch.playVars);
  state.standing = `in '${nameOf(node, scope, batch)}'`;
  // A meta action that simply happens is no result of the host: it is announced and not counted, as in Ansible.
  const quiet = node.kind === 'task' && node.module === 'meta';
  if (!quiet && node.kind === 'task') context.publish({ type: 'host.start', task: key, host });
  if (node.kind === 'include') {
    const { status, results, included, left } = await resolveInclude(batch, host, node);
    for (const item of left) publishItem(batch, host, key, { item, result: skippedResult(), ignored: false }, false);
    for (const result of results) publishResult(batch, host, wish, result, { ignored: false, looped: false, started, traffic });
    const value = resultValue(results[0] ?? { status, json: { changed: false, failed: false }, changes: [] });
    if (node.register !== undefined) state.vars.assign(node.register, value);
    for (const { nodes } of included) announceLeaves(batch, leaves(nodes));
    return { status, ignored: false, value, included };
  }
  lookAhead(batch, host, node);
  const censored = hides(batch, host, node);
  const { outcomes, result, ignored, looped, value } = await performUntilAccepted(batch, host, node, censored, (each) => publishItem(batch, host, key, each, censored));
  if (!quiet || result.status === 'failed' || result.status === 'unreachable') publishResult(batch, host, wish, censored ? { ...result, json: { ...CENSORED, changed: result.json['changed'] ?? false } } : result, { ignored, looped, started, traffic });
  if (result.status === 'changed') await notify(batch, host, node, outcomes);
  state.standing = `${context.signal.aborted && result.status === 'failed' ? 'stopped in' : 'after'} '${nameOf(node, scope, batch)}'`;
  return { status: result.status, ignored, value, ...(result.steer && { steer: result.steer }) };
}

/** What came of a task on a host: of all its items, and in all. */
interface Performed {
  readonly outcomes: readonly ItemOutcome[];
  readonly result: Result;
  readonly ignored: boolean;
  readonly looped: boolean;
  readonly value: Value;
}

/** Performs a task, and again as often as a person at the debugger says so; the last result is the task's. */
async function performUntilAccepted(batch: Batch, host: string, node: TaskNode, censored: boolean, each: (outcome: ItemOutcome) => void): Promise<Performed> {
  const amendments: Amendments = { args: new Map(), removed: new Set(), vars: new Map() };
  for (;;) {
    const outcomes = await performTask(batch, host, amended(node, amendments), each, amendments.vars);
    const looped = node.loop !== undefined && (outcomes.length !== 1 || outcomes[0]?.item !== undefined);
    const result = looped ? loopResult(outcomes) : (outcomes[0]?.result ?? failedResult('nothing was run'));
    const ignored = result.status !== 'ok' && outcomes.some((one) => one.ignored) && outcomes.every((one) => one.ignored || one.result.status !== 'failed');
    const wanted = node.register !== undefined || result.status === 'failed' || result.status === 'unreachable';
    const value = !wanted ? null : looped ? loopValue(result, outcomes) : resultValue(result);
    if (node.register !== undefined) stateOf(batch, host).vars.assign(node.register, value);
    if (batch.context.signal.aborted || !wantsDebugger(batch, node, result, ignored)) return { outcomes, result, ignored, looped, value };
    if ((await askDebugger({ batch, host, node, result, amendments, censored })) === 'continue') return { outcomes, result, ignored, looped, value };
    // Whoever tries again may have done something on the host in between.
    stateOf(batch, host).changing();
    batch.context.sessions.forget(host);
  }
}

function loopValue(result: Result, outcomes: readonly ItemOutcome[]): Value {
  const value = new Map(resultValue({ status: result.status, json: result.json, changes: [] }) as ReadonlyMap<Value, Value>);
  value.set('results', outcomes.map((each) => resultValue(each.result)));
  return result.unknown === undefined ? value : new PartlyKnown(value, result.unknown);
}

async function notify(batch: Batch, host: string, node: TaskNode, outcomes: readonly ItemOutcome[]): Promise<void> {
  const { context } = batch;
  if (node.notify === undefined) return;
  const scope = batch.scopes.forNode(host, node, batch.playVars);
  // As Ansible has it: all items that were run name their handlers, not only those that changed something.
  const topics = new Set<string>();
  for (const { item, result } of outcomes) {
    if (result.status !== 'ok' && result.status !== 'changed') continue;
    const own = item ? scope.with({ kind: 'data', vars: item.locals }) : scope;
    for (const topic of await evaluate(batch, context.signal, () => notified(batch, node, own))) topics.add(topic);
  }
  for (const topic of topics) {
    const handlers = batch.boards.get(host)?.notify(topic) ?? [];
    if (handlers.length === 0) context.publish({ type: 'note', level: 'warning', code: 'no-such-handler', host, message: `'${topic}' was notified, but no handler answers to it (${spanLabel(node.at)})` });
    for (const handler of handlers) context.publish({ type: 'notified', host, handler, task: nodeKey(node) });
  }
}

/** Handlers run under a key of their own, since a task's id may be the same number path. */
function eventKey({ node, handler }: Wish): string {
  return handler ? `handler.${nodeKey(node)}` : nodeKey(node);
}

function announce(batch: Batch, host: string, wish: Wish): void {
  const key = `${eventKey(wish)}@${wish.position.join('.')}${wish.tries}`;
  if (batch.announced.has(key)) return;
  batch.announced.add(key);
  const { node, handler } = wish;
  const scope = batch.scopes.forNode(host, node, batch.playVars);
  batch.context.publish({
    type: 'task.start', play: batch.playVars.play.index, task: eventKey(wish), phase: batch.phase, handler,
    name: nameOf(node, scope, batch),
    module: node.kind === 'task' ? node.module : `include_${node.what}`,
    path: spanLabel(node.at).replace(/:\d+$/, ''),
    // Ansible names an included role alone, whatever role includes it.
    ...(node.role && !(node.kind === 'include' && node.what === 'role') && { role: node.role.name }),
  });
}

function publishItem(batch: Batch, host: string, key: string, { item, result, ignored }: ItemOutcome, censored: boolean): void {
  if (!item) return;
  const value = item.locals.get(item.variable);
  batch.context.publish({
    type: 'item', task: key, host, status: result.status, ignored,
    label: censored ? '(censored due to no_log)' : item.label,
    item: censored ? null : printable(value),
    result: censored ? CENSORED : result.json,
    changes: result.changes,
    ...(result.delegate !== undefined && { delegate: result.delegate }),
  });
}

function printable(value: Value | undefined): Json {
  try {
    return value === undefined ? null : toJson(value);
  } catch {
    return null;
  }
}

function publishResult(batch: Batch, host: string, wish: Wish, result: Result, more: { ignored: boolean; looped: boolean; started: number; traffic?: (() => TrafficSummary) | undefined }): void {
  const { started, traffic, ...rest } = more;
  const failed = result.status === 'failed' && !more.ignored;
  batch.context.publish({
    type: 'result', task: eventKey(wish), host, status: result.status, result: result.json, changes: result.changes,
    rescued: failed && wish.rescuable, duration: Date.now() - started, ...rest,
    ...(traffic && { traffic: traffic() }),
    ...(result.delegate !== undefined && { delegate: result.delegate }),
    ...(batch.carriedOut.has(`${nodeKey(wish.node)}@${host}`) && { carriedOut: true }),
  });
}

async function runsOnce(batch: Batch, host: string, node: TaskNode | IncludeNode): Promise<boolean> {
  const module = node.kind === 'task' ? batch.context.registry.find(node.module) : undefined;
  if (module?.kind === 'control' && module.definition.once === true) return true;
  if (node.directives.runOnce === undefined) return false;
  const scope = batch.scopes.forNode(host, node, batch.playVars);
  return evaluate(batch, batch.context.signal, () => flag(node.directives.runOnce, { scope, environment: batch.context.environment }, false))
    // Without a value every host says so itself; what only a real run can know is asked of one.
    .catch((error: unknown) => inputErrorOf(error) === undefined);
}

async function throttled<T>(batch: Batch, host: string, node: TaskNode | IncludeNode, work: () => Promise<T>): Promise<T> {
  if (node.directives.throttle === undefined) return work();
  const scope = batch.scopes.forNode(host, node, batch.playVars);
  const limit = await evaluate(batch, batch.context.signal, () => integer(node.directives.throttle, { scope, environment: batch.context.environment }, 0)).catch(() => 0);
  if (limit <= 0) return work();
  let throttle = batch.throttles.get(nodeKey(node));
  if (!throttle) batch.throttles.set(nodeKey(node), (throttle = new Semaphore(limit)));
  return throttle.run(work, batch.context.signal);
}

/** `--step`: asks once per task for all hosts. */
async function stepInto(batch: Batch, host: string, wish: Wish): Promise<boolean> {
  const key = `step:${eventKey(wish)}`;
  let answer = batch.answers.get(key);
  if (!answer) {
    const scope = batch.scopes.forNode(host, wish.node, batch.playVars);
    answer = batch.context.prompt(`Perform task: ${nameOf(wish.node, scope, batch)} (N)o/(y)es/(c)ontinue: `, true).then((text) => {
      const word = (text ?? '').trim().toLowerCase();
      if (word.startsWith('c')) batch.stepping = false;
      return word.startsWith('y') || word.startsWith('c');
    });
    batch.answers.set(key, answer);
  }
  return answer;
}
