import type { Made } from '../host-state.ts';
import type { Change } from '../../task/change.ts';
import type { AnyTask } from '../../task/define.ts';
import { TaskFailure } from '../../task/failure.ts';
import { outcomes } from '../../task/perform.ts';
import type { Json, JsonObject } from '../../util/json.ts';
import { mayBeFact } from '../../vars/names.ts';
import { untilCancelled } from '../../transport/cancellation.ts';
import { nodeKey, stateOf } from '../batch.ts';
import type { Call } from './call.ts';
import { controlFor, owningStates } from './control.ts';
import { evaluate } from '../vars/evaluate.ts';
import { taskParams, variables } from './invoke.ts';
import { lookOn, lookPastChange } from './lookahead.ts';
import { moment } from './prepare-call.ts';
import { type Result, undetermined, withLines } from './result.ts';
import { type Decision, decide, settle } from './settle.ts';
import { couple, prepared } from './train.ts';
import { censored, resultDiff, summarize } from './summary.ts';

/** Calls the module. @throws what `resultOfError` understands */
export async function callModule(call: Call): Promise<Result> {
  const { batch, node, module, scope, signal } = call;
  if (module.kind === 'control') {
    const params = await evaluate(batch, signal, () => taskParams(node, module, scope, batch.context.environment));
    const { control, steer } = controlFor(call);
    const json = withLines({ changed: false, ...(await evaluate(batch, signal, () => module.definition.act(params, control))) });
    const asked = steer();
    const status = json['skipped'] === true ? 'skipped' : json['changed'] === true ? 'changed' : 'ok';
    return { status, json: { failed: false, ...json }, changes: [], ...(asked && { steer: asked }) };
  }
  const task = module.definition;
  const state = stateOf(batch, call.worked);
  const made = takeMade(call);
  // What was worked out when it was done stays true as long as no variable has changed: a text with the time in it would be another one by now.
  const params: unknown = made?.at === moment(batch) ? made.params : await evaluate(batch, signal, () => prepared(call, task));
  const result = await state.exclusively(call.check ? undefined : task.exclusive, () => workOnHost(call, task, params, made?.changes ?? []), signal);
  learnFacts(call, result.json);
  return call.worked === call.host ? result : { ...result, delegate: call.worked };
}

async function workOnHost(call: Call, task: AnyTask, params: unknown, made: readonly Change[]): Promise<Result> {
  const access = call.access();
  const state = stateOf(call.batch, call.worked);
  if (task.volatile) access.forget();
  const real = access.observer(call.signal);
  const observer = call.check ? state.foreseen.observer(real) : real;
  let decision: Decision;
  try {
    decision = (observer === real ? await decideAsSeen(call, task, params) : undefined) ?? (await decide(task, params, observer));
  } catch (error) {
    if (!call.check || state.pending.length === 0 || !(error instanceof TaskFailure)) throw error;
    return undetermined(`undetermined after '${state.pending.at(-1)}': ${error.message}`);
  }
  const left = decision.changes.length > 0;
  const all = [...made, ...decision.changes];
  const changed = all.length > 0;
  if (!left && call.worked === call.host) lookOn(call.batch, call.host);
  const summaries = await Promise.all(all.map((change) => summarize(change, call.diff && !call.noLog)));
  const changes = call.noLog ? summaries.map(censored) : summaries;
  const diff: Record<string, Json> = call.diff && !call.noLog && changed ? { diff: resultDiff(all) } : {};
  if (!changed) return { status: 'ok', json: withLines({ failed: false, changed: false, ...task.result?.(params, decision.seen) }), changes };
  const done = outcomes(task, made);
  if (!left) return { status: 'changed', json: withLines({ failed: false, ...task.result?.(params, decision.seen), ...diff, ...done, changed: true }), changes };
  // Waiting is no change: check mode does not wait, and a real run ends as ok.
  const waits = all.every((change) => change.waits === true);
  if (call.check && waits) return { status: 'ok', json: { failed: false, changed: false }, changes: [], unknown: `the result of '${call.name}', for which check mode does not wait` };
  if (call.check) {
    await state.foreseen.take(decision.changes, real);
    return predicted(call, task, decision.changes, { changes, told: { ...task.foretell?.(params, decision.seen), ...diff } });
  }
  if (call.batch.context.settings.check) call.batch.carriedOut.add(`${nodeKey(call.node)}@${call.host}`);
  const train = await couple(call, task, params, decision.changes);
  state.changing();
  const actuator = access.actuator(call.signal, (stream, text) => {
    call.batch.context.publish({ type: 'output', task: nodeKey(call.node), host: call.host, stream, text: call.noLog ? '******' : text });
  });
  const { extra, seen } = await settle(task, params, decision, actuator, {
    forget: () => access.forget(),
    async together(behind) {
      if (!train || !actuator.together) return false;
      const { cars, plain, at } = train;
      const count = await actuator.together([decision.changes, ...cars.map((car) => car.changes)].map((each) => each.flatMap(({ steps }) => steps)), plain, behind);
      if (count === 0) for (const node of [call.node, ...cars.map((car) => car.node)]) state.alone.add(node);
      for (const car of cars.slice(0, Math.max(0, count - 1))) state.made.set(car.node, { changes: car.changes, params: car.params, at });
      return count > 0;
    },
    along: () => call.worked === call.host && lookPastChange(call, train),
  });
  const json: JsonObject = withLines({ failed: false, ...task.result?.(params, seen), ...diff, ...done, ...extra, changed: !waits });
  return { status: waits ? 'ok' : 'changed', json, changes: waits ? [] : changes };
}

/** Decides by what was seen ahead, where that is what would be seen now: by the same parameters, in the same way, on a host that nobody has changed since. */
async function decideAsSeen(call: Call, task: AnyTask, params: unknown): Promise<Decision | undefined> {
  const { ahead } = stateOf(call.batch, call.worked);
  const seen = ahead.seen.get(call.node);
  ahead.seen.delete(call.node);
  const isSame = (): boolean => seen?.params === params && seen?.way === call.way && seen?.generation === call.access().generation?.();
  if (!seen || !isSame()) return undefined;
  // What goes wrong early goes wrong again, and is reported, in its turn.
  const found = await untilCancelled(call.signal, () => seen.result.then((value) => ({ value }), () => undefined));
  return found && isSame() ? { seen: found.value, changes: task.plan(params, found.value) } : undefined;
}

/** What was done for a task before its turn. */
function takeMade({ batch, host, worked, node }: Call): Made | undefined {
  if (worked !== host) return undefined;
  const { made } = stateOf(batch, host);
  const known = made.get(node);
  made.delete(node);
  return known;
}

function predicted(call: Call, task: AnyTask, planned: readonly Change[], seen: { changes: Result['changes']; told: JsonObject }): Result {
  stateOf(call.batch, call.worked).pending.push(call.name);
  const unknown = `the result of '${call.name}', which check mode does not run`;
  if (task.predictable === false && !planned.every((change) => change.certain === true)) return { ...undetermined(`cannot be predicted: '${task.name}' would run`), changes: seen.changes, unknown };
  return { status: 'changed', json: { failed: false, changed: true, ...seen.told }, changes: seen.changes, unknown };
}

/** Facts that a module brings with its result are the host's from then on, as data. */
function learnFacts(call: Call, { ansible_facts: facts }: JsonObject): void {
  if (typeof facts !== 'object' || facts === null || Array.isArray(facts)) return;
  for (const { vars } of owningStates(call)) {
    if (call.module.definition.name === 'setup') {
      // What was asked for in part is gathered whole when something uses more, unless the play gathers nothing itself.
      const whole = !(call.node.args instanceof Map) || call.node.args.size === 0;
      if (whole || !call.batch.playVars.gathers) vars.addFacts(variables(facts as JsonObject));
    } else for (const [name, value] of variables(facts as JsonObject)) if (!name.startsWith('ansible_') || mayBeFact(name)) vars.learn(name, value);
  }
}
