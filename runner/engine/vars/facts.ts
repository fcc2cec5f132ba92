import { fromJson } from '../../expr/convert.ts';
import type { Value } from '../../expr/value.ts';
import { HostFailure } from '../../transport/channel.ts';
import type { Observer } from '../../task/host.ts';
import type { JsonObject } from '../../util/json.ts';
import { type Batch, stateOf } from '../batch.ts';
import { wayTo } from '../call/target.ts';

const gathering = new WeakMap<object, Promise<void>>();

/** Gathers a host's facts, once however many ask at the same time; a host that cannot be asked has none. */
export async function gatherFacts(batch: Batch, host: string, signal: AbortSignal): Promise<void> {
  const state = stateOf(batch, host);
  const running = gathering.get(state) ?? gather(batch, host, signal).finally(() => gathering.delete(state));
  gathering.set(state, running);
  await running;
}

async function gather(batch: Batch, host: string, signal: AbortSignal): Promise<void> {
  const { context } = batch;
  const state = stateOf(batch, host);
  const module = context.registry.find('setup');
  if (module?.kind !== 'task' || state.out === 'unreachable') {
    state.vars.factsUnavailable = true;
    return;
  }
  const scope = batch.scopes.forHost(host, false);
  const { play } = batch.playVars;
  const { target, become, environment } = wayTo(context, host, play.directives, scope, scope);
  const observer: Observer = context.sessions.access(target, become, environment).observer(signal);
  const task = module.definition;
  try {
    const params: unknown = task.params.parse({});
    const facts = task.result?.(params, await task.probe(params, observer)) as JsonObject | undefined;
    state.vars.addFacts(fromJson(facts?.['ansible_facts'] ?? {}) as ReadonlyMap<Value, Value>);
  } catch (error) {
    // The host that asks for its own facts is told why it has none; another host's facts just count as absent.
    state.vars.factsUnavailable = true;
    if (batch.playVars.batch.includes(host) || !(error instanceof HostFailure)) throw error;
  }
}
