import type { Step } from './change.ts';
import type { Actuator } from './host.ts';

/** Carries out steps in order: what `apply` does for a module that has none of its own. */
export async function performSteps(steps: readonly Step[], host: Actuator): Promise<void> {
  for (const step of steps) {
    if ('run' in step) await host.run(step.run);
    else if ('write' in step) await host.write(step.write);
    else if ('remove' in step) await host.remove(step.remove);
    else await host.wait(step.wait);
  }
}
