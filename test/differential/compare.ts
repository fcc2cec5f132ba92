import type { Case } from './case.ts';
import type { Outcome } from './outcome.ts';

/** An outcome as it is compared: what runs in no order is brought into one. */
export function comparable(outcome: Outcome, { order }: Pick<Case, 'order'>): Outcome {
  return order === 'tasks' ? outcome : { ...outcome, tasks: [...new Set(outcome.tasks)].sort() };
}

/** What Rollcall has to come to: the reference's outcome, but for what differs on purpose. */
export function expected(recorded: Outcome, each: Case): Outcome {
  return comparable({ ...recorded, ...each.differs?.outcome }, each);
}
