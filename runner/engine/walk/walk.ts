import { fromJson } from '../../expr/convert.ts';
import type { Value } from '../../expr/value.ts';
import type { BlockNode, IncludeNode, Node, TaskNode } from '../../playbook/model.ts';
import { isFailure, type IncludedNodes, type Outcome } from './outcome.ts';
import type { RoleRuns } from '../role-runs.ts';
import { TaskFailure } from '../../task/failure.ts';

/** One thing a host wants to do next. */
export interface Wish {
  readonly node: TaskNode | IncludeNode;
  /** Where it stands in document order; a handler flushed in the middle stands at the flush. */
  readonly position: readonly number[];
  /** An enclosing block would rescue a failure. */
  readonly rescuable: boolean;
  readonly handler: boolean;
  /** Which try of the blocks around it this is; empty for the first of all. */
  readonly tries: string;
  /** Nothing is done on the host: a block's own keywords are worked out, `node` stands for the block. */
  readonly question?: { readonly of: BlockNode; readonly ask: () => void };
}

/** What a block's `loop`, `retries` and `delay` come to on a host. */
export interface BlockTerms {
  /** The block itself, or one copy for each item of its loop. */
  readonly passages: readonly BlockNode[];
  /** Seconds between two passages. */
  readonly pause: number;
  /** Tries after the first. */
  readonly retries: number;
  /** Seconds between two tries. */
  readonly delay: number;
}

/** What a walk needs to know about its host. */
export interface WalkHost {
  /** The first handler notified and not run yet behind another one, in order of definition, or from the start; asking takes it. */
  takeHandler(behind: TaskNode | IncludeNode | undefined): TaskNode | IncludeNode | undefined;
  /** Handlers that an included role brought. */
  addHandlers(nodes: readonly Node[]): void;
  /** A block's rescue begins: sets `ansible_failed_task` and `ansible_failed_result`, counts the rescue. */
  rescued(node: TaskNode | IncludeNode, result: Value): void;
  /** The roles it has been through. */
  readonly roles?: RoleRuns;
  /** Works out a block's keywords; may throw, as the evaluation of any expression. */
  terms(node: BlockNode): BlockTerms;
  /** Whether a block's `until` holds; may throw. */
  accepts(node: BlockNode): boolean;
  /** Whether `break_when` ends the loop after this passage; may throw. */
  breaks(passage: BlockNode): boolean;
  /** The host's next task begins after so many seconds. */
  waits(seconds: number): void;
}

/** How a walk over a list ended. */
export type WalkEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly node: TaskNode | IncludeNode; readonly result: Value; readonly unreachable: boolean }
  /** Its phase's gate stayed shut for it. */
  | { readonly kind: 'gate'; readonly phase: string }
  | { readonly kind: 'ended'; readonly scope: 'host' | 'play' | 'batch' | 'role' };

const DONE: WalkEnd = { kind: 'done' };

/** What surrounds a list of nodes. */
interface How {
  /** An enclosing block would rescue a failure. */
  readonly rescuable: boolean;
  /** Inside a handler. */
  readonly handler: boolean;
  /** Where the flush stands that runs it, in front of the nodes' own positions. */
  readonly at: readonly number[];
  readonly tries: string;
}

const PLAINLY: How = { rescuable: false, handler: false, at: [], tries: '' };

/** A host's way through a list of nodes. */
export type Walk = Generator<Wish, WalkEnd, Outcome>;

/**
 * One host's way through a list of nodes: yields what it wants to do, is told how that ended, and decides what comes next.
 * This is the whole of Ansible's block, rescue, always and include logic; concurrency is the strategies' business.
 *
 * | in | task fails | becomes |
 * |---|---|---|
 * | block | it has retries left | the block runs again, after its delay; so it does when its `until` does not hold |
 * | block | rescue is there | rescue runs; its end is the block's end |
 * | block | no rescue | always runs, then the failure goes on outward |
 * | rescue | | always runs, then the failure goes on outward |
 * | always | | the failure goes on outward |
 * | anywhere | host unreachable | the host's walk ends at once: neither rescue nor always can reach it |
 */
export function* walk(nodes: readonly Node[], host: WalkHost, how: How = PLAINLY): Walk {
  for (const [index, node] of nodes.entries()) {
    const { role } = node;
    if (role && host.roles?.repeats(role) === true) continue;
    let end: WalkEnd;
    if (node.kind === 'block') end = yield* walkBlock(node, host, how);
    else {
      // Each of a thousand hosts stands here between two tasks: what it holds for that is all there is.
      const outcome = yield wishFor(node, how);
      end = walked(node, host, outcome) ?? (yield* walkOn(node, host, how, outcome));
    }
    if (end.kind !== 'done') return end;
    if (role && nodes[index + 1]?.role !== role) host.roles?.left(role);
  }
  return DONE;
}

function wishFor(node: TaskNode | IncludeNode, { at, rescuable, handler, tries }: How): Wish {
  return { node, position: at.length === 0 ? node.id : [...at, ...node.id], rescuable, handler, tries };
}

/** What a leaf's outcome means for the walk; undefined where something else is to be walked because of it. */
function walked(node: TaskNode | IncludeNode, host: WalkHost, outcome: Outcome): WalkEnd | undefined {
  if (node.role && outcome.status !== 'skipped') host.roles?.ran(node.role);
  if (isFailure(outcome)) return failedAt(node, outcome);
  if (outcome.steer === 'flush_handlers') return undefined;
  if (outcome.steer !== undefined) return { kind: 'ended', scope: outcome.steer.slice('end_'.length) as 'host' };
  return outcome.included?.length ? undefined : DONE;
}

/** Walks what a leaf has flushed or included. */
function* walkOn(node: TaskNode | IncludeNode, host: WalkHost, how: How, { steer, included = [] }: Outcome): Walk {
  if (steer === 'flush_handlers') return yield* walkHandlers(host, node.id);
  for (const each of included) {
    const end = yield* walkIncluded(each, host, how);
    if (end.kind !== 'done') return end;
  }
  return DONE;
}

function* walkIncluded(included: IncludedNodes, host: WalkHost, how: How): Walk {
  host.addHandlers(included.handlers);
  const end = yield* walk(included.nodes, host, how);
  return end.kind === 'ended' && end.scope === 'role' && included.role ? DONE : end;
}

function* walkBlock(node: BlockNode, host: WalkHost, how: How): Walk {
  if (!node.loop && node.retries === undefined && node.until === undefined) return yield* walkOnce(node, host, how, ONCE);
  const asked = yield* ask(node, how, () => host.terms(node));
  if (!asked.terms) return asked.end;
  for (const [index, passage] of asked.terms.passages.entries()) {
    if (index > 0 && asked.terms.pause > 0) host.waits(asked.terms.pause);
    const end = yield* walkOnce(passage, host, how, asked.terms);
    if (end.kind !== 'done') return end;
    if (!node.loop?.breakWhen) continue;
    const broken = yield* ask(node, how, () => host.breaks(passage));
    if (broken.terms !== false) return broken.end;
  }
  return DONE;
}

const ONCE = { retries: 0, delay: 0 };

function* walkOnce(node: BlockNode, host: WalkHost, how: How, { retries, delay }: Pick<BlockTerms, 'retries' | 'delay'>): Walk {
  let end: WalkEnd = DONE;
  for (let attempt = 0; attempt <= retries; attempt++) {
    const left = attempt < retries;
    const inside: How = { ...how, rescuable: how.rescuable || node.rescue.length > 0 || left, tries: attempt === 0 ? how.tries : `${how.tries}~${attempt}` };
    end = yield* walk(node.block, host, inside);
    if (end.kind === 'done' && node.until) {
      const judged = yield* ask(node, inside, () => accepted(node, host, left, attempt + 1));
      end = judged.end;
      if (judged.terms !== false && end.kind === 'done') break;
    } else if (end.kind !== 'failed' || end.unreachable) break;
    if (left) host.waits(delay);
  }
  if (end.kind === 'ended' || (end.kind === 'failed' && end.unreachable)) return end;
  if (end.kind === 'failed' && node.rescue.length > 0) {
    host.rescued(end.node, end.result);
    end = yield* walk(node.rescue, host, how);
    if (end.kind === 'ended' || (end.kind === 'failed' && end.unreachable)) return end;
  }
  const last = yield* walk(node.always, host, how);
  return last.kind === 'done' ? end : last;
}

/** A block's `until`; the last try must not leave it unmet. */
function accepted(node: BlockNode, host: WalkHost, left: boolean, tries: number): boolean {
  const holds = host.accepts(node);
  if (!holds && !left) throw new TaskFailure(`'until' of the block does not hold after ${tries === 1 ? 'one try' : `${tries} tries`}`, { attempts: tries });
  return holds;
}

/** Works something out about a block where facts can be gathered for it; the end, when it cannot be: nothing of the block is run. */
function* ask<T>(node: BlockNode, how: How, question: () => T): Generator<Wish, { readonly terms?: T; readonly end: WalkEnd }, Outcome> {
  const { id, at, directives, folder, name, role } = node;
  const standIn: TaskNode = { kind: 'task', module: 'block', args: null, argSpans: new Map(), id, at, directives, folder, ...(name !== undefined && { name }), ...(role && { role }) };
  let terms: { readonly terms: T } | undefined;
  const outcome = yield {
    node: standIn, position: [...how.at, ...id], rescuable: how.rescuable, handler: how.handler, tries: how.tries,
    question: { of: node, ask: () => void (terms = { terms: question() }) },
  };
  return { ...terms, end: isFailure(outcome) ? failedAt(standIn, outcome) : DONE };
}

/** Runs what was notified, in order of definition, until nothing more is: a handler may notify a later one, or an earlier one for another pass. */
export function* walkHandlers(host: WalkHost, at: readonly number[]): Walk {
  for (let pass = 0, node = host.takeHandler(undefined); node; pass++, node = host.takeHandler(undefined)) {
    for (; node; node = host.takeHandler(node)) {
      const how: How = { rescuable: false, handler: true, at: [...at, pass], tries: '' };
      const outcome = yield wishFor(node, how);
      const end = walked(node, host, outcome) ?? (yield* walkOn(node, host, how, outcome));
      if (end.kind !== 'done') return end;
    }
  }
  return DONE;
}

function failedAt(node: TaskNode | IncludeNode, outcome: Outcome): WalkEnd {
  return { kind: 'failed', node, result: outcome.value, unreachable: outcome.status === 'unreachable' };
}

/** Position in document order: ids are compared part by part, shorter first. */
export function compareIds(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The value of `ansible_failed_task`. */
export function describeTask(node: TaskNode | IncludeNode, name: string): Value {
  return fromJson({ name, action: node.kind === 'task' ? node.module : `include_${node.what}` });
}
