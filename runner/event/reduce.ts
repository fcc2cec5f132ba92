import type { Event, HostState, TaskResult } from './event.ts';
import { emptySummary, type HostSummary, type RunSummary } from './summary.ts';

/** The only definition of what happened: adds one event to a summary, in place, and returns it. */
export function reduce(state: RunSummary, event: Event): RunSummary {
  state.endedAt = event.at;
  switch (event.type) {
    case 'run.start':
      Object.assign(state, { run: event.run, playbooks: event.playbooks, check: event.check, startedAt: event.at });
      break;
    case 'play.start':
      for (const host of event.hosts) hostOf(state, host);
      break;
    case 'phase.start':
      startPhase(state, event);
      break;
    case 'phase.end':
      endPhase(state, event);
      break;
    case 'task.start':
      state.tasks.set(event.task, { name: event.name, path: event.path, handler: event.handler });
      break;
    case 'host.start':
      beginTask(hostOf(state, event.host), event.task);
      break;
    case 'result':
      countResult(state, event);
      break;
    case 'notified':
      if (!state.owed.some((owed) => owed.host === event.host && owed.handler === event.handler)) {
        state.owed.push({ host: event.host, handler: event.handler, task: event.task });
      }
      break;
    case 'host.state':
      moveHost(state, event);
      break;
    case 'note':
      state.notes.push(event);
      break;
    case 'run.end':
      state.outcome = event.outcome;
      state.standing = event.standing ?? {};
      break;
    case 'output':
    case 'retry':
    case 'item':
    case 'gate':
    case 'host.traffic':
    case 'play.end':
      break;
  }
  return state;
}

/** The summary of a whole stream of events. */
export function summarize(events: Iterable<Event>): RunSummary {
  const state = emptySummary();
  for (const event of events) reduce(state, event);
  return state;
}

function hostOf(state: RunSummary, name: string): HostSummary {
  let host = state.hosts.get(name);
  if (host === undefined) {
    host = { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0, undetermined: 0, standing: 'active', running: [] };
    state.hosts.set(name, host);
  }
  return host;
}

/** One or two at a time, of thousands: a set of its own for each host is made anew with each that goes. */
function beginTask(host: HostSummary, task: string): void {
  if (!host.running.includes(task)) host.running = [...host.running, task];
}

/** As Ansible counts: a changed task is also ok, an ignored failure is ok and ignored, a rescued one is neither failed nor ok. */
function countResult(state: RunSummary, event: TaskResult): void {
  const host = hostOf(state, event.host);
  host.running = host.running.filter((task) => task !== event.task);
  if (event.carriedOut === true) state.carriedOut.add(event.task);
  switch (event.status) {
    case 'ok':
      host.ok++;
      break;
    case 'changed':
      host.ok++;
      host.changed++;
      break;
    case 'skipped':
      host.skipped++;
      break;
    case 'undetermined':
      host.undetermined++;
      break;
    case 'failed':
    case 'unreachable':
      countFailure(state, host, event);
      break;
  }
  if (event.status === 'ok' || event.status === 'changed' || event.status === 'skipped') settleHandler(state, event);
}

function countFailure(state: RunSummary, host: HostSummary, event: TaskResult): void {
  const unreachable = event.status === 'unreachable';
  if (event.ignored) {
    host.ok++;
    host.ignored++;
    if (!unreachable && event.result['changed'] === true) host.changed++;
    // The connection was given up, the host was not.
    if (unreachable && host.standing === 'unreachable') host.standing = 'active';
    return;
  }
  if (event.rescued && !unreachable) {
    host.rescued++;
    return;
  }
  host[event.status as 'failed' | 'unreachable']++;
  host.standing = unreachable ? 'unreachable' : 'failed';
  const task = state.tasks.get(event.task);
  state.failures.push({
    host: event.host, task: event.task, name: task?.name ?? event.task, path: task?.path ?? '', message: messageOf(event.result), unreachable,
  });
}

/** The sentence of a failed result. */
export function messageOf(result: TaskResult['result']): string {
  for (const field of ['msg', 'stderr', 'stdout', 'reason']) {
    const text = result[field];
    if (typeof text === 'string' && text.trim() !== '') return text.trim();
    if (text !== undefined && text !== null && typeof text !== 'string') return JSON.stringify(text);
  }
  return 'failed';
}

function settleHandler(state: RunSummary, event: TaskResult): void {
  const task = state.tasks.get(event.task);
  if (!task?.handler) return;
  const at = state.owed.findIndex((owed) => owed.host === event.host && isNamed(task.name, owed.handler));
  if (at >= 0) state.owed.splice(at, 1);
}

/** A role's task is shown as `role : name`, and may be notified without the role. */
function isNamed(shown: string, name: string): boolean {
  return shown === name || shown.endsWith(` : ${name}`);
}

function moveHost(state: RunSummary, event: HostState): void {
  const host = hostOf(state, event.host);
  if (event.state === 'failed' || event.state === 'unreachable') host.standing = event.state;
  if (event.state === 'cleared') host.standing = 'active';
  if (event.message !== undefined && host.standing !== 'active') host.message = event.message;
}

function startPhase(state: RunSummary, event: { play: number; phase: string; implicit: boolean }): void {
  const known = state.phases.find((phase) => phase.play === event.play && phase.phase === event.phase);
  if (known) known.ended = false;
  else state.phases.push({ play: event.play, phase: event.phase, implicit: event.implicit, ended: false, failed: [] });
}

function endPhase(state: RunSummary, event: { play: number; phase: string; failed: readonly string[] }): void {
  const known = state.phases.find((phase) => phase.play === event.play && phase.phase === event.phase);
  if (!known) return;
  known.ended = true;
  // A batch of `serial` runs the phase again for other hosts: failures add up.
  known.failed = [...new Set([...known.failed, ...event.failed])];
}
