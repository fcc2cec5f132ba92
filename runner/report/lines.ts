import type { Event, GateTry, ItemResult, PlayStart, Status, TaskResult, TaskStart } from '../event/event.ts';
import { messageOf, reduce } from '../event/reduce.ts';
import { emptySummary } from '../event/summary.ts';
import { changesText, shorten } from './change-text.ts';
import { failureLines } from './failure-text.ts';
import { painter, paintDiff, printable, STATUS_STYLE, type Style } from './paint.ts';
import { count, recap } from './recap.ts';
import type { Reporter, ReportOptions } from './reporter.ts';
import type { Sink } from './sink.ts';

/** Width of the first column: the longest word in it is `undetermined`. */
const WORD = 12;

/** Plain lines for pipes and CI: one a result, each readable on its own whatever stands around it. */
export function linesReporter(sink: Sink, options: ReportOptions): Reporter {
  const paint = painter(sink.color);
  const summary = emptySummary();
  const tasks = new Map<string, TaskStart>();
  let implicit = new Set<string>();
  let gateSaid = '';

  const line = (style: Style, word: string, host: string, text: string): void =>
    sink.write(`${paint(style, word.padEnd(WORD))} ${host === '' ? '' : `${paint('bold', host)}  `}${text}\n`);
  const indented = (lines: readonly string[], style: Style): void => lines.forEach((each) => sink.write(`${' '.repeat(WORD + 1)}${paint(style, each)}\n`));

  /** `Phase › task`; phases that the play did not name are left out. */
  const title = (id: string): string => {
    const task = tasks.get(id);
    if (task === undefined) return id;
    return printable(`${implicit.has(task.phase) ? '' : `${task.phase} › `}${task.handler ? 'handler ' : ''}${task.name}`);
  };
  const played = (event: PlayStart): void => {
    implicit = new Set();
    const batch = event.batches > 1 ? `, batch ${event.batch + 1} of ${event.batches}` : '';
    sink.write(`\n${paint('bold', `Play ${printable(event.name)}`)} (${event.hosts.length === 0 ? 'no hosts matched' : count(event.hosts.length, 'host')}${batch})\n`);
  };
  const ended = (event: TaskResult | ItemResult, name: string): void => {
    const { status, changes, result } = event;
    const bad = status === 'failed' || status === 'unreachable';
    const fate = bad && event.ignored ? ', ignored' : 'rescued' in event && event.rescued && bad ? ', rescued' : '';
    const place = bad && fate === '' ? ` (${tasks.get(event.task)?.path ?? ''})`.replace(' ()', '') : '';
    const style = fate === '' ? STATUS_STYLE[status] : 'blue';
    line(style, word(status, fate !== ''), target(event), `${name}${detail(event)}${fate}${place}`);
    if (bad) indented(failureLines(result, options.verbosity), style);
    else if (options.verbosity > 0) indented(JSON.stringify(result, null, options.verbosity > 1 ? 2 : undefined).split('\n'), 'gray');
    else if (tasks.get(event.task)?.module === 'debug') indented(printable(debugText(event)).split('\n'), 'green');
    for (const { diff } of changes) if (diff !== undefined && diff !== '') indented(paintDiff(paint, printable(diff.trimEnd())).split('\n'), 'bold');
    for (const warning of texts(result['warnings'])) line('magenta', 'warning', event.host, warning);
  };
  const gate = (event: GateTry): void => {
    if (event.passed) line('green', 'gate passed', '', `${event.phase} (try ${event.attempt})`);
    else if (event.message !== gateSaid) line('cyan', 'waiting', '', `${event.phase} (try ${event.attempt}): ${event.message}`);
    gateSaid = event.passed ? '' : event.message;
  };

  const show = (event: Event): void => {
    switch (event.type) {
      case 'run.start':
        return sink.write(`${paint('bold', event.check ? 'Check' : 'Run')} ${event.run}: ${event.playbooks.join(', ')}\n`);
      case 'play.start':
        return played(event);
      case 'phase.start':
        if (event.implicit) implicit.add(event.phase);
        else sink.write(`${paint('bold', `Phase ${printable(event.phase)}`)}\n`);
        return;
      case 'task.start':
        return void tasks.set(event.task, event);
      case 'item':
        if (options.verbosity > 0 || !['ok', 'skipped'].includes(event.status) || tasks.get(event.task)?.module === 'debug') ended(event, `${title(event.task)} [${shorten(event.label, 60)}]`);
        return;
      case 'result':
        if (event.status === 'skipped' && options.showSkipped === false) return;
        // The items of a loop have said it all; the line of the whole task repeats no details.
        return ended(event.looped && event.result['results'] !== undefined ? { ...event, changes: [], result: { msg: messageOf(event.result) } } : event, title(event.task));
      case 'retry':
        return line('cyan', 'retrying', event.host, `${title(event.task)} (${event.left} left): ${shorten(messageOf(event.result), 120)}`);
      case 'output':
        printable(event.text.trimEnd()).split('\n').forEach((each) => line('gray', event.stream, event.host, each));
        return;
      case 'gate':
        return gate(event);
      case 'note':
        if (event.level !== 'info' || options.verbosity > 0) line(event.level === 'error' ? 'red' : event.level === 'warning' ? 'magenta' : 'gray', event.level, event.host ?? '', event.message);
        return;
      case 'host.state':
        if (options.verbosity > 0) line('gray', event.state, event.host, event.message ?? (event.duration === undefined ? '' : `${event.duration} ms`));
        return;
      case 'notified':
        if (options.verbosity > 1) line('gray', 'notified', event.host, event.handler);
        return;
      case 'run.end':
        return sink.write(recap(summary, paint));
      case 'host.start':
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
      if (summary.outcome === 'running' && summary.run !== '') sink.write(recap(summary, paint));
      return sink.flush();
    },
  };
}

function word(status: Status, forgiven: boolean): string {
  return status === 'failed' || status === 'unreachable' ? (forgiven ? status : status.toUpperCase()) : status;
}

function target(event: TaskResult | ItemResult): string {
  return 'delegate' in event && event.delegate !== undefined && event.delegate !== event.host ? `${event.host} → ${event.delegate}` : event.host;
}

function detail(event: TaskResult | ItemResult): string {
  if (event.changes.length > 0) return ` (${changesText(event.changes)})`;
  if (event.status === 'undetermined') return ` (${shorten(messageOf(event.result), 120)})`;
  const reason = event.result['skip_reason'];
  return event.status === 'skipped' && typeof reason === 'string' ? ` (${shorten(reason, 80)})` : '';
}

/** What a `debug` task has to say: its message, or the variable it was asked for. */
function debugText(event: TaskResult | ItemResult): string {
  const said = Object.entries(event.result).filter(([key]) => !['changed', 'failed', 'skipped', 'item', 'ansible_loop_var'].includes(key));
  return said.map(([key, value]) => `${key === 'msg' ? '' : `${key}: `}${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}`).join('\n');
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
