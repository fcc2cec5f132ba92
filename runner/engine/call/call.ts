import type { TaskNode } from '../../playbook/model.ts';
import type { Module } from '../../task/registry.ts';
import type { LayeredScope } from '../../vars/scope.ts';
import type { Batch } from '../batch.ts';
import type { Way } from './target.ts';
import type { HostAccess } from '../sessions/sessions.ts';

/** One call of a module for one host: everything `when` and loops have been dealt with. */
export interface Call {
  readonly batch: Batch;
  readonly node: TaskNode;
  readonly module: Module;
  /** The host whose variables count. */
  readonly host: string;
  /** The host that is worked on: another one with `delegate_to`. */
  readonly worked: string;
  readonly scope: LayeredScope;
  readonly signal: AbortSignal;
  readonly check: boolean;
  readonly diff: boolean;
  readonly noLog: boolean;
  readonly name: string;
  /** How the host is reached; undefined for what is done on the controller. */
  readonly way?: Way;
  /** `lane`: on a connection of its own. */
  access(lane?: string): HostAccess;
}
