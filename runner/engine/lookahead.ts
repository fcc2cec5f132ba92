import { Unknown } from '../expr/value.ts';
import type { IncludeNode, TaskNode } from '../playbook/model.ts';
import type { AnyTask } from '../task/define.ts';
import { type Batch, stateOf } from './batch.ts';
import { controllerFor } from './controller.ts';
import { holds } from './conditions.ts';
import { renderArguments, validated } from './invoke.ts';
import { prepareCall } from './prepare-call.ts';

/** Tasks whose probes may travel ahead of the one being decided. */
const WINDOW = 64;

/**
 * Sends the probes of later tasks ahead, as far as their parameters are known now. Nothing is decided here: the reads land in the
 * host's memo, where the task finds them when its turn comes; an effect in between drops them. So a wrong guess costs time, never truth.
 */
export function lookAhead(batch: Batch, host: string, current: TaskNode): void {
  if (!batch.context.settings.lookahead) return;
  const state = stateOf(batch, host);
  const at = batch.upcoming.indexOf(current);
  if (at === -1) return;
  const ahead = state.ahead;
  const fresh = ahead.upcoming === batch.upcoming && ahead.generation === state.effects && at < ahead.until;
  if (fresh) return;
  const window = batch.upcoming.slice(at, at + WINDOW);
  state.ahead = { upcoming: batch.upcoming, generation: state.effects, until: at + window.length };
  for (const node of window.slice(1)) {
    const outcome = speculate(batch, host, node);
    if (outcome === 'wall') return;
  }
}

type Speculation = 'sent' | 'passed' | 'wall';

function speculate(batch: Batch, host: string, node: TaskNode | IncludeNode): Speculation {
  if (node.kind === 'include') return 'wall';
  const module = batch.context.registry.find(node.module);
  if (module?.kind !== 'task') return 'passed';
  const task: AnyTask = module.definition;
  const scope = batch.scopes.forNode(host, node, batch.playVars);
  try {
    if (node.directives.delegateTo !== undefined || node.loop || task.volatile) return 'passed';
    const runs = holds(node.directives.when, scope, batch.context.environment);
    if (runs instanceof Unknown || !runs) return 'passed';
    const call = prepareCall(batch, host, node, scope, batch.context.signal);
    const params = validated(node, task.params, renderArguments(node, module, scope, batch.context.environment));
    const observer = call.access().observer(batch.context.signal);
    const probe = task.prepare
      ? Promise.resolve(task.prepare(params, controllerFor(call))).then((prepared: unknown) => task.probe(prepared, observer))
      : task.probe(params, observer);
    // Whatever goes wrong here goes wrong again, and is reported, when the task's turn comes.
    probe.catch(() => undefined);
    return task.predictable === false ? 'wall' : 'sent';
  } catch {
    return 'passed';
  }
}
