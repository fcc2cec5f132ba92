import { fromJson } from '../expr/convert.ts';
import type { Value } from '../expr/value.ts';
import type { BlockNode, IncludeNode, Node, TaskNode } from '../playbook/model.ts';
import { isFailure, type IncludedNodes, type Outcome } from './outcome.ts';
import type { RoleRuns } from './role-runs.ts';

/** One thing a host wants to do next. */
export interface Wish {
  readonly node: TaskNode | IncludeNode;
  /** Where it stands in document order; a handler flushed in the middle stands at the flush. */
  readonly position: readonly number[];
  /** An enclosing block would rescue a failure. */
  readonly rescuable: boolean;
  readonly handler: boolean;
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
  /** Whether a block may run again if its attempt of this number (from 1) fails. */
  retriesLeft(node: BlockNode, attempt: number): boolean;
  /** A block is about to run again: the host's next task waits for the block's delay. */
  retrying(node: BlockNode): void;
  /** The passages of a block: itself, or one copy for each item of its loop. */
  passages(node: BlockNode): readonly BlockNode[];
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
}

const PLAINLY: How = { rescuable: false, handler: false, at: [] };

/** A host's way through a list of nodes. */
export type Walk = Generator<Wish, WalkEnd, Outcome>;

/**
 * One host's way through a list of nodes: yields what it wants to do, is told how that ended, and decides what comes next.
 * This is the whole of Ansible's block, rescue, always and include logic; concurrency is the strategies' business.
 *
 * | in | task fails | becomes |
 * |---|---|---|
 * | block | it has retries left | the block runs again, after its delay |
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
    const end = node.kind === 'block' ? yield* walkBlock(node, host, how) : yield* walkLeaf(node, host, how);
    if (end.kind !== 'done') return end;
    if (role && nodes[index + 1]?.role !== role) host.roles?.left(role);
  }
  return DONE;
}

function* walkLeaf(node: TaskNode | IncludeNode, host: WalkHost, how: How): Walk {
  const outcome = yield { node, position: [...how.at, ...node.id], rescuable: how.rescuable, handler: how.handler };
  if (node.role && outcome.status !== 'skipped') host.roles?.ran(node.role);
  if (isFailure(outcome)) return failedAt(node, outcome);
  if (outcome.steer === 'flush_handlers') return yield* walkHandlers(host, node.id);
  if (outcome.steer !== undefined) return { kind: 'ended', scope: outcome.steer.slice('end_'.length) as 'host' };
  for (const included of outcome.included ?? []) {
    const end = yield* walkIncluded(included, host, how);
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
  for (const passage of node.loop ? host.passages(node) : [node]) {
    const end = yield* walkOnce(passage, host, how);
    if (end.kind !== 'done') return end;
  }
  return DONE;
}

function* walkOnce(node: BlockNode, host: WalkHost, how: How): Walk {
  let end: WalkEnd = DONE;
  for (let attempt = 1, left = true; left; attempt++) {
    left = host.retriesLeft(node, attempt);
    end = yield* walk(node.block, host, { ...how, rescuable: how.rescuable || node.rescue.length > 0 || left });
    if (end.kind !== 'failed' || end.unreachable) break;
    if (left) host.retrying(node);
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

/** Runs what was notified, in order of definition, until nothing more is: a handler may notify a later one, or an earlier one for another pass. */
export function* walkHandlers(host: WalkHost, at: readonly number[]): Walk {
  for (let pass = 0, node = host.takeHandler(undefined); node; pass++, node = host.takeHandler(undefined)) {
    for (; node; node = host.takeHandler(node)) {
      const end = yield* walkLeaf(node, host, { rescuable: false, handler: true, at: [...at, pass] });
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
