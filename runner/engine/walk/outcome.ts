import type { Status } from '../../event/event.ts';
import type { Node, Role } from '../../playbook/model.ts';
import type { Steer } from '../call/result.ts';
import type { Value } from '../../expr/value.ts';

/** How one node ended on one host; what the host's walk decides its next step from. */
export interface Outcome {
  readonly status: Status;
  /** The failure was ignored: the host goes on. */
  readonly ignored: boolean;
  /** What `register` got; of a failure, `ansible_failed_result`. Null where nobody will ask for it. */
  readonly value: Value;
  /** Of an include: what to walk next, per item. */
  readonly included?: readonly IncludedNodes[];
  /** A meta action that the walk itself must carry out. */
  readonly steer?: Steer;
}

/** What one include brought in. */
export interface IncludedNodes {
  readonly nodes: readonly Node[];
  readonly handlers: readonly Node[];
  readonly role?: Role;
}

/** True when the host cannot simply go on after this. */
export function isFailure(outcome: Outcome): boolean {
  return (outcome.status === 'failed' || outcome.status === 'unreachable') && !outcome.ignored;
}
