import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../util/json.ts';
import { unmade, type Change } from '../../task/change.ts';
import type { AnyTask } from '../../task/define.ts';
import { TaskFailure } from '../../task/failure.ts';
import type { Actuator, Observer } from '../../task/host.ts';
import { makeChanges, outcomes } from '../../task/perform.ts';
import { stepText } from './summary.ts';

/** What looking at a host and deciding gave. */
export interface Decision {
  readonly seen: unknown;
  readonly changes: readonly Change[];
}

/** What making and verifying a change needs beside the host. */
export interface Looking {
  /** Forgets what was read: a host may settle without anybody doing anything. */
  forget(): void;
  /** Makes the changes together with what travels along; false when they have to be made alone. */
  together(behind: () => void): Promise<boolean>;
  /** Told with the first look after the change: what else will be wanted can be asked for along with it. */
  along(): void;
}

/** Looks and decides; changes nothing. */
export async function decide(task: AnyTask, params: unknown, host: Observer): Promise<Decision> {
  const seen: unknown = await task.probe(params, host);
  return { seen, changes: task.plan(params, seen) };
}

/**
 * Carries out what was decided, then proves it: the host is looked at again and nothing may be left to do (law 4).
 * @returns what the module adds to its result, and the last look
 */
export async function settle(task: AnyTask, params: unknown, decision: Decision, host: Actuator, looking: Looking): Promise<{ extra: JsonObject; seen: unknown }> {
  let first: Promise<Decision> | undefined;
  const behind = (): void => {
    if (task.predictable === false) return;
    first = decide(task, params, host);
    // When the change fails, nobody waits for what was seen after it.
    first.catch(() => undefined);
    // What settles by itself would be remembered as it is now.
    if (task.settleWithin === undefined) looking.along();
  };
  const extra = (await looking.together(behind)) ? outcomes(task, decision.changes) : await makeChanges(task, decision.changes, host, params, behind);
  if (task.predictable === false) return { extra, seen: decision.seen };
  const deadline = Date.now() + (task.settleWithin ?? 0) * 1000;
  for (;;) {
    const again = await (first ?? decide(task, params, host));
    first = undefined;
    const left = unmade(decision.changes, again.changes);
    if (left.length === 0) return { extra, seen: again.seen };
    if (Date.now() >= deadline) throw new TaskFailure(`did not settle: ${left.map(unsettled).join('; ')}`, extra);
    await sleep(500, undefined, { signal: host.signal });
    looking.forget();
  }
}

function unsettled(change: Change): string {
  const done = change.steps.map(stepText).join(', ');
  return `${change.aspect} is still ${JSON.stringify(change.before)} instead of ${JSON.stringify(change.after)}${done === '' ? '' : ` (tried: ${done})`}`;
}
