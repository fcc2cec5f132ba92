import type { Event, Happening, Status } from '../../runner/event/event.ts';
import type { JsonObject } from '../../runner/util/json.ts';

/** Builds event streams as the engine publishes them: times count up by a second from a fixed moment. */
export function stream(...happenings: readonly (Happening | readonly Happening[])[]): Event[] {
  return happenings.flat().map((each, index) => ({ ...each, at: 1_760_000_000_000 + index * 1000 }) as Event);
}

/** `run.start` and `run.end` around what happened. */
export function run(...inner: readonly (Happening | readonly Happening[])[]): Event[] {
  return stream(runStart(), ...inner, { type: 'run.end', outcome: 'done' });
}

export function runStart(more: { check?: boolean; diff?: boolean } = {}): Happening {
  return { type: 'run.start', version: 1, run: '20260102-150405-3f2a', playbooks: ['site.yml'], check: false, diff: false, ...more };
}

export function play(name: string, hosts: readonly string[], number = 0): Happening[] {
  return [
    { type: 'play.start', play: number, name, hosts, batch: 0, batches: 1 },
    { type: 'phase.start', play: number, phase: 'tasks', implicit: true, hosts },
  ];
}

export function task(id: string, name: string, more: { module?: string; phase?: string; handler?: boolean; role?: string } = {}): Happening {
  return { type: 'task.start', play: 0, task: id, name, module: 'command', phase: 'tasks', handler: false, path: `site.yml:${id.length}`, ...more };
}

export function result(id: string, host: string, status: Status, result: JsonObject = {}, more: Partial<Extract<Happening, { type: 'result' }>> = {}): Happening {
  return { type: 'result', task: id, host, status, result, changes: [], ignored: false, rescued: false, looped: false, duration: 12, ...more };
}

function item(id: string, host: string, status: Status, label: string, result: JsonObject = {}): Happening {
  return { type: 'item', task: id, host, status, label, item: label, result, changes: [], ignored: false };
}

export function hosts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `n${String(index + 1).padStart(String(count).length, '0')}`);
}

const changed = { changes: [{ aspect: 'runtime', before: { absent: true }, after: '-s 10.66.6.12 -j ACCEPT', steps: ['iptables -I INPUT'], diff: '--- before: rules\n+++ after: rules\n@@ -0,0 +1 @@\n+-s 10.66.6.12\n' }] };
const failure = { rc: 7, msg: 'it broke', stdout: 'one\ntwo', stderr: 'why it broke' };

/** One stream for each way in which a run can go: every reporter must get through all of them. */
export const STREAMS: Readonly<Record<string, { events: Event[]; failed: string[] }>> = {
  'all is well': {
    events: run(play('Web', ['n1', 'n2']), task('0.0', 'Install'), result('0.0', 'n1', 'ok'), result('0.0', 'n2', 'changed', { changed: true }, changed)),
    failed: [],
  },
  'nothing at all': { events: [], failed: [] },
  'no hosts': { events: run(play('Nobody', [])), failed: [] },
  'a failed host': {
    events: run(play('Web', ['n1', 'n2']), task('0.0', 'Install'), { type: 'host.start', task: '0.0', host: 'n1' }, { type: 'output', task: '0.0', host: 'n1', stream: 'stdout', text: 'working\n' },
      result('0.0', 'n1', 'failed', failure), result('0.0', 'n2', 'ok'), { type: 'host.state', host: 'n1', state: 'failed' }),
    failed: ['n1'],
  },
  'an unreachable host': {
    events: run(play('Web', ['n1', 'n2']), { type: 'host.state', host: 'n1', state: 'connecting' }, { type: 'host.state', host: 'n1', state: 'unreachable', message: 'no route to host' },
      task('0.0', 'Install'), result('0.0', 'n1', 'unreachable', { unreachable: true, msg: 'no route to host' }), result('0.0', 'n2', 'ok')),
    failed: ['n1'],
  },
  'unreachable before any task': { events: run(play('Web', ['n1']), { type: 'host.state', host: 'n1', state: 'unreachable', message: 'no route to host' }), failed: ['n1'] },
  'loops, retries, skips, rescues and ignored failures': {
    events: run(play('Web', ['n1']), task('0.0', 'Loop'), item('0.0', 'n1', 'changed', 'a'), item('0.0', 'n1', 'failed', 'b', failure), item('0.0', 'n1', 'skipped', 'c'),
      result('0.0', 'n1', 'failed', { msg: 'One or more items failed', results: [] }, { looped: true, ignored: true }),
      task('0.1', 'Wait'), { type: 'retry', task: '0.1', host: 'n1', attempt: 1, left: 2, result: failure }, result('0.1', 'n1', 'failed', failure, { rescued: true }),
      task('0.2', 'Rescue'), result('0.2', 'n1', 'skipped', { skip_reason: 'Conditional result was False' })),
    failed: [],
  },
  'phases, gates, handlers and notes': {
    events: run({ type: 'play.start', play: 0, name: 'Cluster', hosts: ['n1'], batch: 0, batches: 1 }, { type: 'phase.start', play: 0, phase: 'Let the nodes talk', implicit: false, hosts: ['n1'] },
      task('0.0', 'Allow the peer', { phase: 'Let the nodes talk' }), result('0.0', 'n1', 'changed', {}, changed), { type: 'notified', host: 'n1', handler: 'save rules', task: '0.0' },
      task('0.9', 'save rules', { handler: true, phase: 'Let the nodes talk' }), result('0.9', 'n1', 'changed'),
      { type: 'gate', play: 0, phase: 'Let the nodes talk', attempt: 1, passed: false, waitingFor: ['n1'], message: 'one node is missing' },
      { type: 'gate', play: 0, phase: 'Let the nodes talk', attempt: 2, passed: true, waitingFor: [], message: '' },
      { type: 'note', level: 'warning', code: 'w', message: 'look out' }, { type: 'phase.end', play: 0, phase: 'Let the nodes talk', failed: [] }, { type: 'play.end', play: 0 }),
    failed: [],
  },
  'a check': {
    events: stream(runStart({ check: true, diff: true }), play('Web', ['n1']), task('0.0', 'Install'), result('0.0', 'n1', 'changed', { changed: true }, changed),
      task('0.1', 'Start'), result('0.1', 'n1', 'undetermined', { msg: "depends on 'Install'" }), { type: 'run.end', outcome: 'done' }),
    failed: [],
  },
  interrupted: {
    events: stream(runStart(), play('Web', ['n1', 'n2']), task('0.0', 'Install'), { type: 'host.start', task: '0.0', host: 'n1' }, result('0.0', 'n2', 'failed', failure),
      { type: 'run.end', outcome: 'interrupted', standing: { n1: 'was in the middle of Install' } }),
    failed: ['n2'],
  },
  'cut off': { events: stream(runStart(), play('Web', ['n1', 'n2']), task('0.0', 'Install'), { type: 'host.start', task: '0.0', host: 'n1' }, result('0.0', 'n2', 'failed', failure)), failed: ['n2'] },
  crashed: { events: stream(runStart(), play('Web', ['n1']), task('0.0', 'Install'), { type: 'host.start', task: '0.0', host: 'n1' }, { type: 'run.end', outcome: 'crashed' }), failed: [] },
  'out of order': { events: run(result('0.7', 'n1', 'failed', failure), item('0.7', 'n1', 'ok', 'x'), { type: 'phase.end', play: 3, phase: 'none', failed: [] }), failed: ['n1'] },
  'hostile text': { events: run(play('\u001b[2JPlay', ['n1']), task('0.0', 'T\u001b]0;x\u0007'), result('0.0', 'n1', 'failed', { msg: 'a\u001b[31mred\rb\u0007' })), failed: ['n1'] },
  'a thousand hosts': {
    events: run(play('Fleet', hosts(1000)), task('0.0', 'Install'), hosts(1000).map((host, index) => result('0.0', host, index % 100 === 5 ? 'failed' : index % 3 === 0 ? 'changed' : 'ok', index % 100 === 5 ? failure : {}))),
    failed: hosts(1000).filter((_, index) => index % 100 === 5),
  },
};
