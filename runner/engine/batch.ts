import type { Node, TaskNode, IncludeNode } from '../playbook/model.ts';
import type { Semaphore } from '../util/semaphore.ts';
import type { HandlerBoard } from './walk/handlers.ts';
import type { HostState, HostStates } from './host-state.ts';
import type { Outcome } from './walk/outcome.ts';
import type { RunContext } from './request.ts';
import type { RoleRuns } from './role-runs.ts';
import type { Scopes } from './vars/scopes.ts';
import type { PlayVars } from './vars/play-vars.ts';

/** A leaf node among those beside it. */
export interface Place {
  readonly list: readonly (TaskNode | IncludeNode)[];
  readonly index: number;
}

/** One batch of one play while it runs: what every task of it shares. */
export interface Batch {
  readonly context: RunContext;
  readonly states: HostStates;
  readonly scopes: Scopes;
  readonly playVars: PlayVars;
  readonly boards: ReadonlyMap<string, HandlerBoard>;
  /** Roles that each host has been through. */
  readonly roleRuns: ReadonlyMap<string, RoleRuns>;
  /** What was included at each include, in the order it was met: hosts that include different files go through them one after the other. */
  readonly includes: Map<string, string[]>;
  /** Limits the hosts worked on at a time. */
  readonly forks: Semaphore;
  /** Waited for before a host begins a task: with many hosts at once, one after the other. */
  readonly turn: ((host: string) => Promise<void>) | undefined;
  /** Results of `run_once` tasks, by node and passage. */
  readonly once: Map<string, Promise<Outcome>>;
  /** `refresh_inventory` tasks that have been done. */
  readonly refreshed: Set<Node>;
  /** With `--check`: tasks that are carried out all the same (`check_mode: false`), by node and host. */
  readonly carriedOut: Set<string>;
  /** Tasks whose start was published. */
  readonly announced: Set<string>;
  /** Limits of `throttle`, by node. */
  readonly throttles: Map<string, Semaphore>;
  /** Name of the phase that is running. */
  phase: string;
  /** Where the leaf nodes of the phase, and of what it includes, stand in document order: for the lookahead. */
  readonly upcoming: Map<TaskNode | IncludeNode, Place>;
  /** Something is done on the controller itself, as one of the hosts. */
  worksHere: boolean;
  /** `--step`: whether each task is asked for, and what was answered. */
  stepping: boolean;
  readonly answers: Map<string, Promise<boolean>>;
  /** The debugger speaks of one host at a time. */
  readonly asking: Semaphore;
}

/** The text by which events name a node. */
export function nodeKey(node: Node): string {
  return node.id.join('.');
}

/** Tells the lookahead of leaves that will come one after the other. */
export function announceLeaves(batch: Batch, list: readonly (TaskNode | IncludeNode)[]): void {
  list.forEach((node, index) => batch.upcoming.set(node, { list, index }));
}

/** The state of a host of the batch. */
export function stateOf(batch: Batch, host: string): HostState {
  return batch.states.of(host);
}
