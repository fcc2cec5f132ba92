import { Unknown } from '../../expr/value.ts';
import type { TaskNode } from '../../playbook/model.ts';
import type { Change } from '../../task/change.ts';
import type { AnyTask } from '../../task/define.ts';
import { type Batch, type Place, stateOf } from '../batch.ts';
import { holds } from '../task/conditions.ts';
import type { Call } from './call.ts';
import { controllerFor } from './controller.ts';
import { Expectation, mayMatter } from './expectation.ts';
import { taskParams } from './invoke.ts';
import { moment, prepareCall } from './prepare-call.ts';

/** Tasks whose changes travel together at most, and bytes of what they write. */
const MOST_TASKS = 64;
const MOST_BYTES = 32 * 1024;

/** A task whose changes are made before its turn. */
export interface Car {
  readonly node: TaskNode;
  readonly task: AnyTask;
  readonly params: unknown;
  readonly changes: readonly Change[];
}

/** Changes that travel along with those of a task. */
export interface Train {
  readonly cars: readonly Car[];
  /** The tasks it comes past, cars included: all of them look at the host when it is over. */
  readonly looks: readonly Pick<Car, 'task' | 'params'>[];
  /** Paths that must be what they are called. */
  readonly plain: readonly string[];
  /** When it was planned, as far as variables are concerned. */
  readonly at: string;
}

/**
 * What tasks behind one that is about to change its host would change, as far as that is certain: it travels along with the changes of the
 * first, in one request. When their turn comes they look at the host as ever, find that nothing is left to do, and report what was done;
 * or find something left, and do it. So what goes wrong here costs time, never truth.
 *
 * Only files and accounts travel, only for hosts that are reached by ssh (a later task may read from the controller what an earlier one writes on it), and
 * only while nothing could come between: see `mayTravel` and `Expectation`. docs/design/engine.md says why.
 */
export async function couple(call: Call, task: AnyTask, params: unknown, changes: readonly Change[]): Promise<Train | undefined> {
  const { batch, host, node, signal } = call;
  if (call.worked !== host || call.way?.target.transport !== 'ssh' || batch.worksHere || !travels(task) || stateOf(batch, host).alone.has(node)) return undefined;
  const nodes = companions(batch, node);
  const seen = nodes.length > 0 ? call.access().recollection?.(signal) : undefined;
  if (!seen) return undefined;
  const at = moment(batch);
  const expectation = new Expectation(seen);
  const bytes = { left: MOST_BYTES };
  const passed: Passed[] = [];
  const cars: Car[] = [];
  if (!(await mayFollow({ node, task, params, changes }, expectation, passed, bytes))) return undefined;
  passed.push({ task, params, asked: await askedBy(task, params, expectation) });
  for (const each of nodes) {
    // Whatever goes wrong here goes wrong again, and is reported, when the task's turn comes.
    const plan = await planOf(call, each, expectation).catch(() => undefined);
    if (!plan) break;
    if (plan.car.changes.length > 0) {
      if (!(await mayFollow(plan.car, expectation, passed, bytes))) break;
      cars.push(plan.car);
    }
    if (plan.asked) passed.push({ ...plan.car, asked: plan.asked });
  }
  return cars.length > 0 ? { cars, looks: passed.slice(1), plain: [...expectation.paths], at } : undefined;
}

/** A task that the train has been past: it must have nothing to do at its turn, when all of the train has been. */
interface Passed {
  readonly task: AnyTask;
  readonly params: unknown;
  /** Paths that it looks at, and entries of databases. */
  readonly asked: ReadonlySet<string>;
}

/** Takes a car on. False when it cannot be told for certain what comes of it, or when it would undo what a task before it did or saw. */
async function mayFollow({ changes }: Car, expectation: Expectation, passed: readonly Passed[], bytes: { left: number }): Promise<boolean> {
  bytes.left -= size(changes);
  if (bytes.left < 0 || !changes.some(({ steps }) => steps.length > 0)) return false;
  const touched = await expectation.take(changes);
  if (!touched) return false;
  for (const { task, params, asked } of passed) {
    if (![...asked].some((each) => mayMatter(touched, each))) continue;
    const left = await Promise.resolve(task.probe(params, expectation.observer)).then((seen: unknown) => task.plan(params, seen)).catch(() => undefined);
    if (left?.length !== 0) return false;
  }
  return true;
}

/** What a task would change; nothing when its `when` is false. Undefined when nobody can say by now. */
async function planOf(first: Call, node: TaskNode, expectation: Expectation): Promise<{ readonly car: Car; readonly asked?: ReadonlySet<string> } | undefined> {
  const { batch, host, signal } = first;
  const module = batch.context.registry.find(node.module);
  if (module?.kind !== 'task') return undefined;
  const task: AnyTask = module.definition;
  const known = stateOf(batch, host).ahead.prepared?.get(node);
  const scope = batch.scopes.forNode(host, node, batch.playVars);
  const runs = holds(node.directives.when, scope, batch.context.environment);
  if (runs instanceof Unknown) return undefined;
  if (!runs) return { car: { node, task, params: undefined, changes: [] } };
  const call = prepareCall(batch, host, node, scope, signal);
  if (call.way !== first.way || call.worked !== host || call.check) return undefined;
  const params: unknown = await (known?.at === moment(batch) ? known.params : prepared(call, task));
  const { asked, observer } = expectation.heard();
  return { car: { node, task, params, changes: task.plan(params, await task.probe(params, observer)) }, asked };
}

/** The paths that a task looks at. */
async function askedBy(task: AnyTask, params: unknown, expectation: Expectation): Promise<ReadonlySet<string>> {
  const { asked, observer } = expectation.heard();
  await Promise.resolve(task.probe(params, observer)).catch(() => undefined);
  return asked;
}

/** The parameters of a call, with what the task reads on the controller. */
export function prepared(call: Call, task: AnyTask): unknown {
  const given = taskParams(call.node, call.module, call.scope, call.batch.context.environment);
  return task.prepare ? task.prepare(given, controllerFor(call)) : given;
}

function size(changes: readonly Change[]): number {
  return changes.flatMap(({ steps }) => steps).reduce((sum, step) => sum + ('write' in step ? Buffer.byteLength(step.write.content) : 0), 0);
}

const known = new WeakMap<Place, readonly TaskNode[]>();

/** The tasks behind one whose changes may travel along with its own. */
export function companions(batch: Batch, first: TaskNode): readonly TaskNode[] {
  const place = batch.upcoming.get(first);
  if (!place) return [];
  let found = known.get(place);
  if (!found) known.set(place, (found = companionsOf(batch, first, place)));
  return found;
}

function companionsOf(batch: Batch, first: TaskNode, { list, index }: Place): readonly TaskNode[] {
  const { settings } = batch.context;
  const { play } = batch.playVars;
  const isAlone = !settings.lookahead || settings.check || settings.debugger === true || settings.taskTimeout > 0 || batch.stepping || settings.anyErrorsFatal === true
    || play.maxFailPercentage !== undefined || play.debugger === true || !mayTravel(batch, first) || isLast(first);
  if (isAlone) return [];
  const found: TaskNode[] = [];
  for (const node of list.slice(index + 1, index + MOST_TASKS)) {
    if (node.kind !== 'task' || node.role !== first.role || !areSiblings(node, first) || !mayTravel(batch, node)) break;
    found.push(node);
    if (isLast(node)) break;
  }
  return found;
}

/** Whether a task does nothing but keep files and accounts, and whether it is done is decided by nothing but itself. */
function mayTravel(batch: Batch, node: TaskNode): boolean {
  const module = batch.context.registry.find(node.module);
  if (module?.kind !== 'task' || !travels(module.definition)) return false;
  const { delegateTo, runOnce, throttle, timeout, checkMode, anyErrorsFatal, debugger: asks, environment } = node.directives;
  const without = [delegateTo, runOnce, throttle, timeout, checkMode, anyErrorsFatal, asks, node.loop, node.until, node.async, node.retries];
  return without.every((each) => each === undefined) && environment.length === 0;
}

function travels(task: AnyTask): boolean {
  return task.foreseeable === true && !task.apply && task.predictable !== false && !task.volatile && task.settleWithin === undefined;
}

/** Nothing travels behind a task on whose result something else depends: variables, handlers, its own judgement of it. */
function isLast({ register, notify, failedWhen }: TaskNode): boolean {
  return register !== undefined || notify !== undefined || failedWhen !== undefined;
}

/** Whether two tasks stand in the same list: what is between them is passed by everybody who passes both. */
function areSiblings(one: TaskNode, other: TaskNode): boolean {
  return one.id.length === other.id.length && one.id.slice(0, -1).every((part, index) => part === other.id[index]);
}
