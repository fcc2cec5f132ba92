import { basename } from 'node:path';
import type { Event, ItemResult, Note, Status, TaskResult, TaskStart } from '../event/event.ts';
import { reduce } from '../event/reduce.ts';
import { emptySummary, type HostSummary } from '../event/summary.ts';
import type { JsonObject } from '../util/json.ts';
import { painter, paintDiff, printable, type Style } from './paint.ts';
import { pythonJson } from './python-json.ts';
import type { Reporter, ReportOptions } from './reporter.ts';
import { debugResult, shownResult } from './shown-result.ts';
import type { Sink } from './sink.ts';

/** Narrower banners than this are not drawn. */
const COLUMNS = 79;

/** The shape of ansible-playbook's default output, for tools and eyes that are used to it. */
export function classicReporter(sink: Sink, options: ReportOptions): Reporter {
  const { verbosity, showSkipped } = options;
  const paint = painter(sink.color);
  const summary = emptySummary();
  const tasks = new Map<string, TaskStart>();
  let shownTask = '';
  const say = (style: Style | undefined, text: string): void => sink.write(`${style === undefined ? text : paint(style, text)}\n`);
  const banner = (text: string): void => {
    const width = Math.max(COLUMNS, sink.columns - 1);
    say(undefined, `\n${text} ${'*'.repeat(Math.max(3, width - text.length))}`);
  };
  const heading = (id: string): void => {
    const task = tasks.get(id);
    if (shownTask === id || task === undefined) return;
    banner(`${task.handler ? 'RUNNING HANDLER' : 'TASK'} [${printable(name(task))}]`);
    if (verbosity >= 2) say(undefined, `task path: ${task.path}`);
    shownTask = id;
  };
  const dump = (result: JsonObject, always = false): string => pythonJson(shownResult(result, verbosity), always || verbosity > 2 ? 4 : undefined);
  const talks = (event: TaskResult | ItemResult): boolean => verbosity > 0 || tasks.get(event.task)?.module === 'debug';
  /** ` => {…}` when results are shown. */
  const arrow = (event: TaskResult | ItemResult): string => {
    if (!talks(event) || (verbosity === 0 && (event.status === 'skipped' || 'censored' in event.result))) return '';
    const isDebug = tasks.get(event.task)?.module === 'debug';
    return ` => ${dump(isDebug ? debugResult(event.result) : event.result, isDebug)}`;
  };
  const before = (event: TaskResult | ItemResult): void => {
    heading(event.task);
    for (const { diff } of event.changes) if (diff !== undefined && diff !== '') sink.write(`${paintDiff(paint, printable(diff))}\n`);
    const { warnings } = event.result;
    if (Array.isArray(warnings)) for (const warning of warnings) say('magenta', `[WARNING]: ${String(warning)}`);
  };

  const hidden = (status: Status): boolean => status === 'skipped' && showSkipped === false;

  const result = (event: TaskResult): void => {
    const { status } = event;
    if (hidden(status)) return;
    const host = event.delegate === undefined || event.delegate === event.host ? event.host : `${event.host} -> ${event.delegate}`;
    const { include, item } = event.result;
    const looped = event.looped && status !== 'unreachable' && 'results' in event.result;
    before(looped ? { ...event, changes: [] } : event);
    if (status === 'ok' && isInclude(tasks.get(event.task)) && include !== undefined) {
      say('cyan', `included: ${textOf(include)} for ${host}${item === undefined ? '' : ` => (item=${textOf(item)})`}`);
    } else if (status === 'skipped') say('cyan', `skipping: [${event.host}]${arrow(event)}`);
    else if (!looped && status === 'ok') say('green', `ok: [${host}]${arrow(event)}`);
    else if (!looped && status === 'changed') say('yellow', `changed: [${host}]${arrow(event)}`);
    else if (!looped && status === 'undetermined') say('magenta', `undetermined: [${host}] => ${dump(event.result)}`);
    else if (!looped) say('red', `fatal: [${host}]: ${status === 'failed' ? 'FAILED' : 'UNREACHABLE'}! => ${dump(event.result)}`);
    if (event.ignored && (status === 'failed' || status === 'unreachable')) say('cyan', '...ignoring');
  };
  const item = (event: ItemResult): void => {
    const { status } = event;
    if (hidden(status)) return;
    const host = event.delegate === undefined ? event.host : `${event.host} -> ${event.delegate}`;
    const label = `(item=${printable(event.label)})`;
    before(event);
    if (status === 'failed' || status === 'unreachable') say('red', `failed: [${host}] ${label} => ${dump(event.result)}`);
    else if (status === 'skipped') say('cyan', `skipping: [${host}] => ${label} ${arrow(event)}`);
    else say(status === 'changed' ? 'yellow' : status === 'ok' ? 'green' : 'magenta', `${status}: [${host}] => ${label}${arrow(event)}`);
  };
  const recap = (): void => {
    banner('PLAY RECAP');
    for (const [host, counts] of [...summary.hosts].sort(([a], [b]) => (a < b ? -1 : 1))) if (hasRun(counts)) say(undefined, recapLine(host, counts));
    say(undefined, '');
  };

  const show = (event: Event): void => {
    switch (event.type) {
      case 'run.start':
        if (verbosity > 1) for (const path of event.playbooks) banner(`PLAYBOOK: ${basename(path)}`);
        return;
      case 'play.start':
        shownTask = '';
        banner(event.name === '' ? 'PLAY' : `PLAY [${printable(event.name)}]`);
        if (event.hosts.length === 0) say('cyan', 'skipping: no hosts matched');
        return;
      case 'task.start':
        tasks.set(event.task, event);
        return heading(event.task);
      case 'item':
        return item(event);
      case 'result':
        return result(event);
      case 'retry':
        heading(event.task);
        return say('gray', `FAILED - RETRYING: [${event.host}]: ${name(tasks.get(event.task) ?? unknownTask(event.task))} (${event.left} retries left).${verbosity > 2 ? `Result was: ${dump(event.result)}` : ''}`);
      case 'notified':
        if (verbosity > 1) say('gray', `NOTIFIED HANDLER ${event.handler} for ${event.host}`);
        return;
      case 'gate':
        return say('gray', event.passed ? `GATE PASSED: ${event.phase}` : `WAITING: ${event.phase} (try ${event.attempt}): ${event.message}`);
      case 'note':
        return note(event, say, verbosity);
      case 'run.end':
        return recap();
      case 'phase.start':
        if (!event.implicit) banner(`PHASE [${printable(event.phase)}]`);
        return;
      case 'host.start':
      case 'host.state':
      case 'output':
      case 'phase.end':
      case 'host.traffic':
      case 'play.end':
        return;
    }
  };
  return {
    handle(event) {
      reduce(summary, event);
      show(event);
    },
    end() {
      if (summary.outcome === 'running' && summary.run !== '') recap();
      return sink.flush();
    },
  };
}

function isInclude(task: TaskStart | undefined): boolean {
  return task !== undefined && /^include(_|$)/.test(task.module);
}

/** With its role, as Ansible names tasks. */
function name(task: TaskStart): string {
  return task.role === undefined || task.name.startsWith(`${task.role} : `) ? task.name : `${task.role} : ${task.name}`;
}

function unknownTask(id: string): TaskStart {
  return { type: 'task.start', at: 0, play: 0, task: id, name: id, module: '', phase: '', handler: false, path: '' };
}

function note(event: Note, say: (style: Style, text: string) => void, verbosity: number): void {
  const text = `${event.host === undefined ? '' : `${event.host}: `}${printable(event.message)}`;
  if (event.level === 'error') say('red', `[ERROR]: ${text}`);
  else if (event.level === 'warning') say('magenta', `[WARNING]: ${text}`);
  else if (verbosity > 0) say('gray', text);
}

function hasRun({ ok, unreachable, failed, skipped, rescued, undetermined, standing }: HostSummary): boolean {
  return ok + unreachable + failed + skipped + rescued + undetermined > 0 || standing !== 'active';
}

function recapLine(host: string, counts: HostSummary): string {
  const fields = (['ok', 'changed', 'unreachable', 'failed', 'skipped', 'rescued', 'ignored'] as const).map((field) => `${field}=${String(counts[field]).padEnd(4)}`);
  if (counts.undetermined > 0) fields.push(`undetermined=${String(counts.undetermined).padEnd(4)}`);
  return `${host.padEnd(26)} : ${fields.join(' ')}`;
}

/** A value of a result in a sentence: text as it is, anything else as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
