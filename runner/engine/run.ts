import type { RunEnd } from '../event/event.ts';
import { EVENT_VERSION } from '../event/event.ts';
import { inputErrorOf } from './task/failures.ts';
import { keepFacts } from './vars/fact-memory.ts';
import { HostStates } from './host-state.ts';
import { runPlay } from './play.ts';
import type { RunContext } from './request.ts';
import { PromptCancelled } from '../util/prompt-cancelled.ts';

/** Runs every play of every playbook, and says how it ended. Failures of hosts are events; only bugs reject, and plays that cannot begin. @throws InputError */
export async function run(context: RunContext, runId: string): Promise<void> {
  const states = new HostStates(context.factCache);
  const { settings, playbooks } = context;
  context.publish({ type: 'run.start', version: EVENT_VERSION, run: runId, playbooks: playbooks.map((each) => each.path), check: settings.check, diff: settings.diff });
  let outcome: RunEnd['outcome'] = 'crashed';
  try {
    for (const playbook of playbooks) {
      for (const play of playbook.plays) {
        if (context.signal.aborted) break;
        if (!(await runPlay(context, states, play))) break;
      }
    }
    // What is still in the background has its deadline.
    await Promise.all([...states.all()].flatMap((state) => [...state.jobs.values()].map((job) => job.done)));
    outcome = context.signal.aborted ? 'interrupted' : 'done';
  } catch (error) {
    // Outside of tasks: `hosts`, `serial` and the like of a play.
    if (error instanceof PromptCancelled) outcome = 'interrupted';
    const refused = inputErrorOf(error);
    if (!refused) throw error;
    outcome = 'refused';
    throw refused;
  } finally {
    await context.sessions.close();
    if (context.factCache) keepFacts(states.all(), context.factCache);
    const standing = Object.fromEntries([...states.all()].map((state) => [state.name, state.out === undefined ? state.standing : `${state.out}, ${state.standing}`]));
    context.publish({ type: 'run.end', outcome, ...(outcome !== 'done' && { standing }) });
  }
}
