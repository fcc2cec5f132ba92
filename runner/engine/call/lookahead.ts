import { Unknown } from '../../expr/value.ts';
import type { IncludeNode, TaskNode } from '../../playbook/model.ts';
import type { AnyTask } from '../../task/define.ts';
import type { Observer } from '../../task/host.ts';
import { ignore } from '../../util/ignore.ts';
import type { LayeredScope } from '../../vars/scope.ts';
import { type Batch, type Place, stateOf } from '../batch.ts';
import { holds } from '../task/conditions.ts';
import type { Ahead, HostState } from '../host-state.ts';
import type { HostAccess } from '../sessions/sessions.ts';
import { loopItems } from '../task/loop.ts';
import type { Call } from './call.ts';
import { moment, prepareCall } from './prepare-call.ts';
import { companions, prepared, type Train } from './train.ts';

/** Items of a loop that are looked at ahead. */
const MOST_ITEMS = 200;

/** Leaves in view of a host at first: as many as one of a few hosts gets, and one of thousands. Each view costs a host a few processes. */
const FIRST_VIEW = { most: 64, least: 16 };

/** Leaves in the first views of all hosts together, as long as that leaves each the least. What was seen of a leaf is kept for its view: some 0.3 KB. */
const MOST_AT_FIRST = 49_152;

/** Leaves in view of each of so many hosts or more while they connect: most of them have to wait for that, and what they wait with is held. */
const MANY = 64;
const WHILE_CONNECTING = 8;

/** Leaves in view of all hosts together when the view has become larger. Until it is answered each holds 4 to 5 KB. */
const MOST_IN_VIEW = 2048;

/** Milliseconds within which a view has to be answered to be made larger. A change waits for what is being answered, in vain: that must not take long. */
const QUICK = 250;

/** What becomes of looking at a node early: asked; nothing to ask; or nobody can say what comes behind it. */
type Speculation = 'sent' | 'passed' | 'wall';

/**
 * Sends the probes of later tasks ahead, as far as their parameters are known now. Nothing is decided here: the reads land in the
 * host's memo, where the task finds them when its turn comes; an effect in between drops them. So a wrong guess costs time, never truth.
 *
 * On a host where nothing changes the view is wide, and becomes wider while it is answered quickly: a long play costs a far host few round trips.
 * After a change it is one task (see `lookPastChange`), and doubles with every task that changes nothing: where everything changes, looking far
 * ahead would be work for nothing.
 */
export function lookAhead(batch: Batch, host: string, current: TaskNode): void {
  const { context } = batch;
  const state = stateOf(batch, host);
  const view = firstView(batch);
  growOlder(batch, state, view);
  const place = batch.upcoming.get(current);
  if (!context.settings.lookahead || !place) return;
  const calm = state.ahead.generation === state.effects;
  const isFirst = state.ahead.list.length === 0;
  if (!calm || state.ahead.list !== place.list) {
    const { width, widest } = isFirst ? { width: view, widest: view } : calm ? state.ahead : { width: 0, widest: view };
    // What nobody can predict may be a wall itself.
    const until = isPredictable(batch, current) ? place.index + 1 : place.index;
    state.ahead = Object.assign(begun(place, state.effects, view), { width, widest, until });
  } else {
    if (place.index >= state.ahead.judged.until) judge(state.ahead, place.index + view, MOST_IN_VIEW / batch.playVars.batch.length);
    state.ahead.width = Math.min(state.ahead.widest, Math.max(1, state.ahead.width * 2));
  }
  const { ahead } = state;
  const look = (): void => {
    if (state.ahead !== ahead || ahead.stop.signal.aborted) return;
    if (current.loop && ahead.until > place.index) speculate(batch, host, current, ahead, () => undefined);
    // Not before all in view has had its turn: that is a matter of moments, and each request costs a few processes.
    if (ahead.until > place.index + 1) return;
    // What this view was read for has been done with when this leaf has; what the next one wants of it, too, stays.
    if (ahead.width >= view && ahead.wall < place.index) {
      context.sessions.age?.(host);
      state.untilOlder = 1;
    }
    extend(batch, host, place.index, isFirst && batch.playVars.batch.length >= MANY ? WHILE_CONNECTING : ahead.width, ahead);
  };
  // Most often nobody has connected to the host yet: that goes first, and takes long enough for all of this to be there in time.
  if (isFirst) later(look);
  // Where the task before this one changed something this one may, too, and would have to wait for answers that it makes worthless.
  else if (ahead.width <= 1 && ahead.until > place.index) ahead.postponed = look;
  else look();
}

function isPredictable(batch: Batch, node: TaskNode): boolean {
  const module = batch.context.registry.find(node.module);
  return module?.kind !== 'task' || (module.definition as AnyTask).predictable !== false;
}

/** Leaves in view of each host at first. */
function firstView({ playVars }: Batch): number {
  return Math.max(FIRST_VIEW.least, Math.min(FIRST_VIEW.most, Math.floor(MOST_AT_FIRST / playVars.batch.length)));
}

/** A lookahead that begins behind a leaf. */
function begun({ list, index }: Place, effects: number, view: number): Ahead {
  return { list, generation: effects, until: index + 1, wall: -1, width: 0, widest: view, judged: { until: index + view, at: performance.now() }, seen: new Map(), stop: new AbortController() };
}

/**
 * What was read from a host is forgotten when it has not been wanted for a whole view, however much of it is looked at ahead: memory stays flat in the
 * length of a play. The next time is set by the view as it is now: what has been read by now lies in it.
 */
function growOlder({ context }: Batch, state: HostState, view: number): void {
  if (--state.untilOlder > 0) return;
  state.untilOlder = Math.max(view, state.ahead.widest);
  context.sessions.age?.(state.name);
}

/** Makes the view larger, up to `most`, when what was in view has been answered quickly; it is judged again at the leaf `soonest` or behind it. */
function judge(ahead: Ahead, soonest: number, most: number): void {
  const now = performance.now();
  if (now - ahead.judged.at < QUICK) ahead.widest = Math.max(ahead.widest, Math.min(most, 4 * ahead.widest));
  // Behind a wall the view is short: it is not judged at every leaf.
  ahead.judged = { until: Math.max(ahead.until, soonest), at: now };
}

/** A task has nothing to change: what was not looked at for fear that it had is looked at now. */
export function lookOn(batch: Batch, host: string): void {
  const { ahead } = stateOf(batch, host);
  const { postponed } = ahead;
  ahead.postponed = undefined;
  postponed?.();
}

/** One for all that have nothing to say against looking further. */
const CLEAR = Promise.resolve(true);

const waiting: (() => void)[] = [];

/** Does things one at a time, with whatever the network brings in between. */
function later(act: () => void): void {
  if (waiting.push(act) === 1) setImmediate(next);
}

function next(): void {
  waiting[0]?.();
  waiting.shift();
  if (waiting.length > 0) setImmediate(next);
}

/**
 * A task has changed the host and is about to be verified: the looks of those whose changes travelled along, and the next task's probe with
 * those whose changes might travel with it, go out with that look.
 */
export function lookPastChange(call: Call, train?: Train): void {
  const { batch, host, node: current } = call;
  const place = batch.upcoming.get(train?.cars.at(-1)?.node ?? current);
  if (!batch.context.settings.lookahead || !place || current.loop) return;
  const state = stateOf(batch, host);
  const ahead: Ahead = (state.ahead = { ...begun(place, state.effects, firstView(batch)), prepared: new Map() });
  const observer = foresight(call.access(), ahead.stop.signal);
  for (const { task, params } of train?.looks ?? []) void Promise.resolve(task.probe(params, observer)).catch(ignore);
  const look = (node: TaskNode | IncludeNode): Speculation => speculate(batch, host, node, ahead, () => undefined);
  for (let node = place.list[ahead.until]; node; node = place.list[ahead.until]) {
    ahead.until++;
    if (look(node) === 'passed') continue;
    if (node.kind === 'task') for (const each of companions(batch, node)) {
      ahead.until++;
      look(each);
    }
    return;
  }
}

/** Asks for what lies within `width` leaves and has not been asked for. */
function extend(batch: Batch, host: string, from: number, width: number, ahead: Ahead): void {
  while (ahead.wall < from && ahead.until <= from + width) {
    const at = ahead.until++;
    const node = ahead.list[at];
    if (!node) return;
    // What lies behind is looked at as soon as it is clear that this will not run, or when it has: before, all would be asked in vain.
    const opened = (): void => {
      if (ahead.wall !== at || stateOf(batch, host).ahead !== ahead) return;
      ahead.wall = -1;
      extend(batch, host, from, width, ahead);
    };
    if (speculate(batch, host, node, ahead, opened) === 'wall') ahead.wall = at;
  }
}

function speculate(batch: Batch, host: string, node: TaskNode | IncludeNode, ahead: Ahead, opened: () => void): Speculation {
  if (node.kind === 'include') return 'wall';
  const module = batch.context.registry.find(node.module);
  if (module?.kind !== 'task') return 'passed';
  const task: AnyTask = module.definition;
  if (node.directives.delegateTo !== undefined || node.directives.runOnce !== undefined || task.volatile) return 'passed';
  try {
    const scope = batch.scopes.forNode(host, node, batch.playVars);
    const scopes = node.loop ? loopItems(node, node.loop, scope, batch.context.environment).slice(0, MOST_ITEMS).map(({ locals }) => scope.with({ kind: 'data', vars: locals })) : [scope];
    const probes: Promise<boolean>[] = [];
    for (const each of scopes) {
      const clear = probe(batch, host, node, each, ahead);
      if (!clear) continue;
      // Whatever goes wrong ahead of time goes wrong again, and is reported, when the task's turn comes.
      clear.catch(ignore);
      probes.push(clear);
    }
    if (probes.length === 0) return 'passed';
    if (task.predictable !== false) return 'sent';
    void Promise.all(probes).then((clear) => clear.every(Boolean) && opened(), ignore);
    return 'wall';
  } catch {
    return 'passed';
  }
}

function foresight(access: HostAccess, signal: AbortSignal): Observer {
  return access.foresight?.(signal) ?? access.observer(signal);
}

/**
 * Looks at what one call would look at; says whether what comes behind it may be looked at, where nobody can predict what it does: when it is not done
 * (check mode), has a guard (like any other it may well have nothing to do), or turns out to do nothing. Undefined when its `when` is false or
 * unknown by now.
 */
function probe(batch: Batch, host: string, node: TaskNode, scope: LayeredScope, { prepared: known, seen, stop: { signal } }: Ahead): Promise<boolean> | undefined {
  const runs = holds(node.directives.when, scope, batch.context.environment);
  if (runs instanceof Unknown || !runs) return undefined;
  const call = prepareCall(batch, host, node, scope, signal);
  const task = call.module.definition as AnyTask;
  const params = prepared(call, task);
  if (!node.loop) known?.set(node, { at: moment(batch), params });
  const access = call.access();
  const observer = foresight(access, signal);
  // Nothing of this is held while the answers are awaited, which may be of many tasks of many hosts.
  const look = (given: unknown): Promise<boolean> => {
    const generation = access.generation?.();
    const result: Promise<unknown> = Promise.resolve(task.probe(given, observer));
    if (!node.loop && generation !== undefined) seen.set(node, { params: given, way: call.way, generation, result });
    if (task.predictable === false && !call.check && task.guarded?.(given) !== true) return result.then((found) => task.plan(given, found).length === 0);
    result.catch(ignore);
    return CLEAR;
  };
  return params instanceof Promise ? params.then(look) : look(params);
}
