import type { Node, Phase } from '../playbook/model.ts';
import { announceLeaves, type Batch, stateOf } from './batch.ts';
import { execute } from './task/execute.ts';
import { holdGate } from './gate.ts';
import { leaves, walkHost } from './host-run.ts';
import type { PhaseRules } from './phase-rules.ts';
import { type Conductor, free, linear } from './strategy.ts';
import { type Walk, walk, walkHandlers } from './walk/walk.ts';

/** Runs one phase on the active hosts of a batch: tasks, handlers, gate; returns whether the play goes on. */
export async function runPhase(batch: Batch, phase: Phase, rules: PhaseRules): Promise<boolean> {
  const { context, playVars } = batch;
  batch.phase = phase.name;
  batch.upcoming.clear();
  announceLeaves(batch, leaves(phase.nodes));
  batch.once.clear();
  for (const host of rules.active()) context.sessions.forget(host);
  context.publish({ type: 'phase.start', play: playVars.play.index, phase: phase.name, implicit: phase.implicit, hosts: rules.active() });
  const failed: string[] = [];
  const run = (hosts: readonly string[], walkOf: (host: string) => Walk, lockstep: boolean): Promise<boolean> => runLanes(batch, hosts, walkOf, lockstep, rules, failed);
  const lockstep = phase.implicit && playVars.play.strategy === 'linear';
  let goesOn = await run(rules.active(), (host) => walk(phase.nodes, walkHost(batch, host)), lockstep);
  if (rules.flushes) {
    const owing = rules.forceHandlers ? [...new Set([...rules.active(), ...failed.filter((host) => stateOf(batch, host).out === 'failed')])] : rules.active();
    if (goesOn || rules.forceHandlers) goesOn = (await run(owing, (host) => walkHandlers(walkHost(batch, host), [Number.MAX_SAFE_INTEGER]), true)) && goesOn;
  }
  if (goesOn && phase.gate && rules.active().length > 0) {
    const runCheck = (nodes: readonly Node[]): Promise<boolean> => run(rules.active(), (host) => walk(nodes, walkHost(batch, host)), true);
    goesOn = await holdGate(batch, phase, phase.gate, rules, runCheck);
  }
  context.publish({ type: 'phase.end', play: playVars.play.index, phase: phase.name, failed });
  return goesOn;
}

async function runLanes(batch: Batch, hosts: readonly string[], walkOf: (host: string) => Walk, lockstep: boolean, rules: PhaseRules, failed: string[]): Promise<boolean> {
  let stopped = false;
  const conductor: Conductor = {
    signal: batch.context.signal,
    turn: batch.turn,
    execute: (host, wish) => execute(batch, host, wish),
    ended(host, end) {
      if (end.kind === 'done') return false;
      if (end.kind === 'failed') failed.push(host);
      const stops = rules.leaves(host, end);
      stopped ||= stops;
      return stops;
    },
  };
  await (lockstep ? linear : free)(hosts.map((host) => ({ host, walk: walkOf(host) })), conductor);
  return !stopped && !batch.context.signal.aborted;
}
