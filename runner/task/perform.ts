import type { JsonObject } from '../util/json.ts';
import type { Change, Step } from './change.ts';
import type { Command } from './command.ts';
import type { AnyTask } from './define.ts';
import type { Actuator } from './host.ts';
import { splitCommands } from './split-commands.ts';

/**
 * Makes the changes that a task decided on. `behind` is called once, at the earliest moment from which all that is read is of after the
 * last of them: where the host can say so, while that is still on its way.
 * @returns what the task adds to its result
 */
export async function makeChanges(task: AnyTask, changes: readonly Change[], host: Actuator, params: unknown, behind: () => void = () => undefined): Promise<JsonObject> {
  let extra: JsonObject = {};
  let told = false;
  const tell = (): void => {
    told = true;
    behind();
  };
  if (task.apply) for (const change of changes) extra = { ...extra, ...(await task.apply(change, host, params)) };
  else {
    await performSteps(changes.flatMap(({ steps }) => steps), host, tell);
    extra = outcomes(task, changes);
  }
  if (!told) tell();
  return extra;
}

/** What changes that were made add to the result of a task without an `apply` of its own. */
export function outcomes(task: AnyTask, changes: readonly Change[]): JsonObject {
  return Object.assign({}, ...changes.map((change) => task.outcome?.(change))) as JsonObject;
}

/** Carries out steps in order: what `apply` does for a module that has none of its own. Plain commands that follow each other go together. */
export async function performSteps(steps: readonly Step[], host: Actuator, behind?: () => void): Promise<void> {
  const acts = actsOf(steps, host);
  for (const [index, act] of acts.entries()) {
    if (behind && host.last && index === acts.length - 1) await host.last(act, behind);
    else await act();
  }
}

/** One act for each request to the host. */
function actsOf(steps: readonly Step[], host: Actuator): readonly (() => Promise<unknown>)[] {
  const acts: (() => Promise<unknown>)[] = [];
  let plain: Command[] = [];
  const gathered = (): void => {
    const commands = plain;
    plain = [];
    if (host.runAll && commands.length > 1) acts.push(() => host.runAll!(commands));
    else for (const command of commands) acts.push(() => host.run(command));
  };
  for (const step of steps) {
    if ('run' in step && isPlain(step.run)) {
      plain.push(step.run);
      continue;
    }
    gathered();
    acts.push(() => perform(step, host));
  }
  gathered();
  return acts;
}

async function perform(step: Step, host: Actuator): Promise<void> {
  if ('run' in step) await host.run(step.run);
  else if ('write' in step) await host.write(step.write);
  else if ('upload' in step) await host.upload(step.upload.from, step.upload.file);
  else if ('remove' in step) await host.remove(step.remove);
  else await host.wait(step.wait);
}

function isPlain({ script, stdin, timeout }: Command): boolean {
  return stdin === undefined && timeout === undefined && splitCommands(script) !== undefined;
}
