import { setTimeout as sleep } from 'node:timers/promises';
import { Unknown } from '../expr/value.ts';
import type { Gate, Node, Phase } from '../playbook/model.ts';
import { formatDiagnostic } from '../source/excerpt.ts';
import { problem } from '../source/diagnostic.ts';
import { messageOf } from '../event/reduce.ts';
import { literalText } from '../plan/literal.ts';
import { type Batch, stateOf } from './batch.ts';
import { evaluate } from './vars/evaluate.ts';
import { holds } from './task/conditions.ts';
import { resultOfError } from './task/failures.ts';
import { integer, number } from './task/keywords.ts';
import type { PhaseRules } from './phase-rules.ts';

/**
 * Holds a phase's barrier until its `until` is true on every active host, or its tries or its time are over: then the hosts
 * for which it is not true leave the play.
 */
export async function holdGate(batch: Batch, phase: Phase, gate: Gate, rules: PhaseRules, runTasks: (nodes: readonly Node[]) => Promise<boolean>): Promise<boolean> {
  const { context, playVars } = batch;
  // Check mode changes nothing that a gate could wait for; what its tasks register is needed by what follows.
  if (context.settings.check) return gate.tasks.length === 0 || runTasks(gate.tasks);
  const first = rules.active()[0] ?? '';
  const scope = batch.scopes.forNode(first, undefined, playVars);
  const place = { scope, environment: context.environment };
  const retries = integer(gate.retries, place, 30);
  const delay = number(gate.delay, place, 2);
  const deadline = Date.now() + number(gate.timeout, place, 300) * 1000;
  for (let count = 1; ; count++) {
    for (const host of rules.active()) context.sessions.forget(host);
    batch.once.clear();
    if (gate.tasks.length > 0 && !(await runTasks(gate.tasks))) return false;
    const verdicts = await Promise.all(rules.active().map(async (host) => ({ host, verdict: await verdictOf(batch, host, gate) })));
    const waiting = verdicts.filter(({ verdict }) => verdict !== true);
    const over = count >= retries || Date.now() + delay * 1000 > deadline;
    const [why] = waiting;
    const message = why === undefined ? '' : typeof why.verdict === 'string' ? why.verdict : conditionText(gate);
    context.publish({ type: 'gate', play: playVars.play.index, phase: phase.name, attempt: count, passed: waiting.length === 0, waitingFor: waiting.map(({ host }) => host), message });
    if (waiting.length === 0) return true;
    if (over) return giveUp(batch, phase, gate, rules, waiting, count);
    await sleep(delay * 1000, undefined, { signal: context.signal }).catch(() => undefined);
    if (context.signal.aborted) return false;
  }
}

async function verdictOf(batch: Batch, host: string, gate: Gate): Promise<boolean | string> {
  const scope = batch.scopes.forNode(host, undefined, batch.playVars);
  try {
    const verdict = await evaluate(batch, batch.context.signal, () => holds(gate.until, scope, batch.context.environment));
    return verdict instanceof Unknown ? `depends on ${verdict.because}` : verdict;
  } catch (error) {
    return messageOf(resultOfError(error, { timeout: 0, timedOut: false }).json);
  }
}

function giveUp(batch: Batch, phase: Phase, gate: Gate, rules: PhaseRules, waiting: readonly { host: string; verdict: boolean | string }[], tries: number): boolean {
  let goesOn = true;
  for (const { host, verdict } of waiting) {
    const cause = typeof verdict === 'string' ? verdict : `the phase '${phase.name}' did not get through its gate in ${tries} tries: ${conditionText(gate)} is false`;
    const message = formatDiagnostic(problem('gate', cause, gate.at));
    batch.context.publish({ type: 'note', level: 'error', code: 'gate', host, message });
    batch.context.publish({ type: 'host.state', host, state: 'failed', message: cause });
    stateOf(batch, host).standing = `at the gate of '${phase.name}'`;
    if (rules.leaves(host, { kind: 'gate', phase: phase.name })) goesOn = false;
  }
  return goesOn && rules.active().length > 0;
}

function conditionText(gate: Gate): string {
  return gate.until.map((condition) => (typeof condition === 'boolean' ? String(condition) : (literalText(condition) ?? ''))).join(' and ');
}
