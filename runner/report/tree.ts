import type { Event, Status, TaskResult, TaskStart } from '../event/event.ts';
import { messageOf, reduce } from '../event/reduce.ts';
import { emptySummary, type RunSummary } from '../event/summary.ts';
import { changesText, shorten } from './change-text.ts';
import { failureLines } from './failure-text.ts';
import type { LiveTree, TreeItem } from './live-tree.ts';
import { painter, paintDiff, printable, STATUS_STYLE, type Paint } from './paint.ts';
import { count, recap } from './recap.ts';
import type { Reporter, ReportOptions } from './reporter.ts';
import type { Sink } from './sink.ts';

/** Above this many hosts a task is one line with counts, and only failing hosts get lines of their own. */
const SEPARATE = 30;
/** Milliseconds between two rewrites of a line of counts. */
const PACE = 80;

/** A task on the screen. */
interface Shown {
  readonly start: TaskStart;
  readonly item: TreeItem;
  readonly hosts: Map<string, TreeItem>;
  readonly running: Set<string>;
  readonly tally: Map<Status | 'ignored' | 'rescued', number>;
  changes: string;
  failed: boolean;
  drawn: number;
}

/**
 * A live tree for a person at a terminal: phases, their tasks as they start, their hosts. When a play is over its tree stays in
 * the scroll-back, with the failures of the play in full below it.
 */
export async function treeReporter(sink: Sink, options: ReportOptions): Promise<Reporter> {
  const live = await import('./live-tree.ts');
  return new TreeReport(sink, options, (title) => new live.LiveTree(title, sink));
}

class TreeReport implements Reporter {
  readonly #sink: Sink;
  readonly #options: ReportOptions;
  readonly #open: (title: string) => LiveTree;
  readonly #paint: Paint;
  readonly #summary: RunSummary = emptySummary();
  readonly #tasks = new Map<string, TaskStart>();
  readonly #shown = new Map<string, Shown>();
  /** Things to say when the tree is not in the way. */
  #later: string[] = [];
  #tree: LiveTree | undefined;
  #phase: TreeItem | undefined;
  #title = '';
  #hosts = 0;
  /** Hosts of a named phase, which run free of each other: they come to a task one by one. */
  #expected = 0;
  #bad = false;
  /** What happened while the terminal was lent out. */
  #held: Event[] | undefined;
  /** Trees end one after the other, in order, before anything is written below them. */
  #settled: Promise<void> = Promise.resolve();

  constructor(sink: Sink, options: ReportOptions, open: (title: string) => LiveTree) {
    this.#sink = sink;
    this.#options = options;
    this.#open = open;
    this.#paint = painter(sink.color);
  }

  handle(event: Event): void {
    if (this.#held) return void this.#held.push(event);
    reduce(this.#summary, event);
    switch (event.type) {
      case 'play.start': {
        this.#closeTree();
        const batch = event.batches > 1 ? `, batch ${event.batch + 1} of ${event.batches}` : '';
        this.#title = `${printable(event.name)} (${event.hosts.length === 0 ? 'no hosts matched' : count(event.hosts.length, 'host')}${batch})`;
        this.#hosts = event.hosts.length;
        return;
      }
      case 'phase.start':
        this.#closeTasks(true);
        this.#phase?.done('completed');
        this.#phase = event.implicit ? undefined : this.#treeNow().add(printable(event.phase));
        this.#expected = event.implicit ? 0 : event.hosts.length;
        return;
      case 'task.start':
        this.#tasks.set(event.task, event);
        return this.#closeTasks(false);
      case 'host.start':
        this.#task(event.task).running.add(event.host);
        return void this.#host(this.#task(event.task), event.host);
      case 'output':
        return (this.#host(this.#task(event.task), event.host) ?? this.#task(event.task).item).output(printable(event.text.trimEnd()));
      case 'retry':
        return (this.#host(this.#task(event.task), event.host) ?? this.#task(event.task).item).output(`${event.host}: trying again (${event.left} left): ${shorten(messageOf(event.result), 100)}`);
      case 'item':
        if (event.status === 'failed' && !event.ignored) this.#later.push(this.#failure(event.task, `${event.host} [${event.label}]`, event.result));
        return;
      case 'result':
        return this.#result(event);
      case 'gate':
        return this.#phase?.output(event.passed ? '' : `waiting: ${printable(event.message)}`);
      case 'note':
        if (event.level !== 'info' || this.#options.verbosity > 0) this.#later.push(`${this.#paint(event.level === 'info' ? 'gray' : 'magenta', event.level)} ${event.host === undefined ? '' : `${event.host}: `}${printable(event.message)}\n`);
        return;
      case 'phase.end':
        this.#closeTasks(true);
        this.#phase?.done(event.failed.length > 0 ? 'failed' : 'completed');
        this.#phase = undefined;
        return;
      case 'host.traffic':
      case 'play.end':
        return this.#closeTree();
      case 'run.start':
      case 'host.state':
      case 'notified':
      case 'run.end':
        return;
    }
  }

  /** Takes the tree off the screen so that a person can be asked something; afterwards a new one is drawn. */
  async suspend(): Promise<() => void> {
    this.#closeTree(true);
    this.#held ??= [];
    await this.#settled;
    return () => this.#resume();
  }

  #resume(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.handle(event);
  }

  async end(): Promise<void> {
    this.#resume();
    if (this.#summary.outcome !== 'done') this.#bad = true;
    this.#closeTree();
    await this.#settled;
    if (this.#summary.run !== '') this.#sink.write(recap(this.#summary, this.#paint));
    await this.#sink.flush();
  }

  #treeNow(): LiveTree {
    return (this.#tree ??= this.#open(this.#title === '' ? 'Run' : this.#title));
  }

  #task(id: string): Shown {
    const known = this.#shown.get(id);
    if (known) return known;
    const start = this.#tasks.get(id) ?? { type: 'task.start', at: 0, play: 0, task: id, name: id, module: '', phase: '', handler: false, path: '' };
    const item = (this.#phase ?? this.#treeNow()).add(nameOf(start));
    const shown: Shown = { start, item, hosts: new Map(), running: new Set(), tally: new Map(), changes: '', failed: false, drawn: 0 };
    this.#shown.set(id, shown);
    return shown;
  }

  /** The line of a host below its task; none when there are too many hosts. */
  #host(shown: Shown, host: string): TreeItem | undefined {
    if (this.#hosts > SEPARATE) return undefined;
    let item = shown.hosts.get(host);
    if (!item) shown.hosts.set(host, (item = shown.item.add(host)));
    return item;
  }

  #result(event: TaskResult): void {
    const shown = this.#task(event.task);
    const { status, host } = event;
    const failed = status === 'failed' || status === 'unreachable';
    const fate = failed && event.ignored ? 'ignored' : failed && event.rescued ? 'rescued' : status;
    shown.running.delete(host);
    shown.tally.set(fate, (shown.tally.get(fate) ?? 0) + 1);
    if (event.changes.length > 0 && shown.changes === '') shown.changes = changesText(event.changes);
    const bad = failed && fate === status;
    const item = bad && this.#hosts > SEPARATE ? shown.item.add(host) : this.#host(shown, host);
    const text = bad ? shorten(messageOf(event.result), 120) : event.changes.length > 0 ? changesText(event.changes) : fate;
    item?.title(`${host}  ${this.#paint(fate === 'ignored' || fate === 'rescued' ? 'blue' : STATUS_STYLE[fate], text)}`);
    item?.done(bad ? 'failed' : status === 'skipped' ? 'skipped' : 'completed');
    if (bad) {
      shown.failed = true;
      this.#bad = true;
      this.#later.push(this.#failure(event.task, host, event.result));
    }
    for (const { diff } of event.changes) if (diff !== undefined && diff !== '') this.#later.push(`${this.#paint('bold', host)}  ${nameOf(shown.start)}\n${paintDiff(this.#paint, printable(diff))}\n`);
    if (shown.start.module === 'debug' && typeof event.result['msg'] === 'string' && !bad) shown.item.output(printable(event.result['msg']));
    if (Date.now() - shown.drawn > PACE) this.#draw(shown);
  }

  #draw(shown: Shown): void {
    shown.drawn = Date.now();
    const counts = [...shown.tally].map(([status, number]) => this.#paint(status === 'ignored' || status === 'rescued' ? 'blue' : STATUS_STYLE[status], `${status} ${number}`));
    shown.item.title(`${nameOf(shown.start)}  ${counts.join(', ')}${shown.changes === '' ? '' : this.#paint('dim', `  ${shorten(shown.changes, 60)}`)}`);
  }

  /** Ends the lines of tasks that nobody works on; `all`: of every task; `paused`: they will go on in another tree. */
  #closeTasks(all: boolean, paused = false): void {
    const open = [...this.#shown];
    // Where all hosts have passed a task, nobody will come to an earlier one.
    const passed = open.findLastIndex(([, shown]) => answers(shown) >= this.#expected);
    for (const [index, [id, shown]] of open.entries()) {
      if (!all && (shown.running.size > 0 || shown.tally.size === 0 || index > passed)) continue;
      this.#draw(shown);
      for (const host of shown.running) shown.hosts.get(host)?.done(paused ? 'skipped' : 'failed');
      const onlySkipped = shown.tally.size === 1 && shown.tally.has('skipped');
      shown.item.done(shown.failed || (shown.running.size > 0 && !paused) ? 'failed' : onlySkipped || paused ? 'skipped' : 'completed');
      this.#shown.delete(id);
    }
  }

  #closeTree(paused = false): void {
    this.#closeTasks(true, paused);
    this.#phase?.done(this.#bad ? 'failed' : 'completed');
    this.#phase = undefined;
    const tree = this.#tree;
    const later = this.#later;
    const bad = this.#bad;
    this.#tree = undefined;
    this.#later = [];
    this.#bad = false;
    this.#settled = this.#settled.then(async () => {
      await tree?.end(bad);
      later.forEach((text) => this.#sink.write(text));
    });
  }

  #failure(task: string, host: string, result: TaskResult['result']): string {
    const start = this.#tasks.get(task);
    const head = `${this.#paint('red', `${host} failed`)} in ${start === undefined ? task : `${nameOf(start)} (${start.path})`}`;
    return `${head}\n${failureLines(result, this.#options.verbosity).map((line) => `    ${line}\n`).join('')}`;
  }
}

/** Hosts that have ended a task. */
function answers(shown: Shown): number {
  return [...shown.tally.values()].reduce((sum, each) => sum + each, 0);
}

function nameOf(task: TaskStart): string {
  return printable(task.handler ? `handler ${task.name}` : task.name);
}
