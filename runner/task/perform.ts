import type { Step } from './change.ts';
import type { Command } from './command.ts';
import type { Actuator } from './host.ts';
import { splitCommands } from './split-commands.ts';

/** Carries out steps in order: what `apply` does for a module that has none of its own. Plain commands that follow each other go together. */
export async function performSteps(steps: readonly Step[], host: Actuator): Promise<void> {
  let plain: Command[] = [];
  const perform = async (): Promise<void> => {
    const commands = plain;
    plain = [];
    if (host.runAll && commands.length > 1) await host.runAll(commands);
    else for (const command of commands) await host.run(command);
  };
  for (const step of steps) {
    if ('run' in step && isPlain(step.run)) {
      plain.push(step.run);
      continue;
    }
    await perform();
    if ('run' in step) await host.run(step.run);
    else if ('write' in step) await host.write(step.write);
    else if ('remove' in step) await host.remove(step.remove);
    else await host.wait(step.wait);
  }
  await perform();
}

function isPlain({ script, stdin, timeout }: Command): boolean {
  return stdin === undefined && timeout === undefined && splitCommands(script) !== undefined;
}
