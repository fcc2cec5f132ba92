import type { TrafficSummary } from '../event/event.ts';
import { shorten } from './change-text.ts';
import { FLAME_WIDTH, flameBar, flameLines, type FlameLine } from './flame.ts';
import { painter, type Paint } from './paint.ts';
import { count } from './recap.ts';
import type { Reporter } from './reporter.ts';
import type { Sink } from './sink.ts';
import { type HostTime, type TaskTime, TimeLine } from './time-line.ts';

/** Tasks that are listed, the slowest. */
const TASKS = 20;
/** Hosts that are listed, the slowest. */
const HOSTS = 5;
/** Longest name that is shown. */
const NAME = 44;

/** Says at the end where the time went: the run as a flame of plays, phases and tasks, then the hosts that had most to do. */
export function profileReporter(sink: Sink): Reporter {
  const line = new TimeLine();
  return {
    handle: (event) => line.handle(event),
    end() {
      line.end();
      const paint = painter(sink.color);
      for (const text of [...flame(line, paint), ...hosts(line, paint)]) sink.write(`${text.trimEnd()}\n`);
      return sink.flush();
    },
  };
}

function flame(line: TimeLine, paint: Paint): string[] {
  const { run } = line;
  if (run === undefined) return [];
  const slowest = [...line.tasks.values()].toSorted((a, b) => b.stretch.spent - a.stretch.spent);
  const listed = new Set(slowest.slice(0, TASKS));
  const lines = flameLines(line, (task) => listed.has(task));
  const title = ({ stretch, depth }: FlameLine): string => `${'  '.repeat(Math.max(0, depth - 1))}${shorten(stretch.name, NAME)}`;
  const width = Math.max(...lines.map((each) => title(each).length));
  const rest = slowest.slice(TASKS);
  return [
    '',
    paint('bold', `Where the time went: ${seconds(run.spent)}, ${count(line.hosts.size, 'host')}`),
    ...lines.map((each) => `  ${paint(each.style, flameBar(each.stretch, run))} ${seconds(each.stretch.spent).padStart(9)}  ${title(each).padEnd(width)}  ${detail(each, line)}`),
    ...(rest.length === 0 ? [] : [`  ${' '.repeat(FLAME_WIDTH)} ${seconds(rest.reduce((sum, { stretch }) => sum + stretch.spent, 0)).padStart(9)}  ${count(rest.length, 'more task')}`]),
  ];
}

/** What is behind a line: of a task the host that took longest, of connecting the same. */
function detail({ stretch, task }: FlameLine, line: TimeLine): string {
  const parts = stretch.parts > 1 ? [`in ${stretch.parts} parts`] : [];
  if (task) return [...parts, ...taskDetail(task)].join(', ');
  if (stretch !== line.connecting) return parts.join('');
  const late = mostOf(line.hosts.values(), ({ connect }) => connect ?? 0);
  return [...parts, ...(late?.connect === undefined ? [] : [`slowest: ${shorten(late.name, NAME)} ${seconds(late.connect)}`])].join(', ');
}

function taskDetail({ slowest, hosts }: TaskTime): string[] {
  if (slowest === undefined) return [];
  const { host, milliseconds, traffic } = slowest;
  return [
    `${hosts > 1 ? `slowest of ${hosts}: ` : ''}${shorten(host, NAME)} ${seconds(milliseconds)}`,
    ...(traffic ? [count(traffic.roundTrips, 'round trip'), ...(traffic.sent + traffic.received > 0 ? [bytes(traffic.sent + traffic.received)] : []), ...processes(traffic)] : []),
  ];
}

function hosts(line: TimeLine, paint: Paint): string[] {
  const sorted = [...line.hosts.values()].toSorted((a, b) => b.busy + (b.connect ?? 0) - a.busy - (a.connect ?? 0));
  const listed = sorted.slice(0, HOSTS);
  const width = Math.max(0, ...listed.map(({ name }) => shorten(name, NAME).length));
  const middle = sorted.length > HOSTS ? sorted[sorted.length >> 1] : undefined;
  if (listed.length === 0) return [];
  return [
    paint('bold', `Hosts${listed.length > 1 ? ' (slowest first)' : ''}`),
    ...listed.map((host) => `  ${shorten(host.name, NAME).padEnd(width)}  ${hostDetail(host)}`),
    ...(middle ? [`  the middle host of ${sorted.length}: ${shorten(middle.name, NAME)}  ${hostDetail(middle)}`] : []),
  ];
}

function hostDetail({ busy, connect, reached, traffic }: HostTime): string {
  return [
    `${seconds(busy)} in tasks`,
    ...(connect === undefined ? [] : [`${reached ? 'connected' : 'given up'} after ${seconds(connect)}`]),
    ...(traffic ? [count(traffic.roundTrips, 'round trip'), `${bytes(traffic.sent)} sent`, `${bytes(traffic.received)} received`, ...processes(traffic)] : []),
  ].join(', ');
}

function processes({ processes: made }: TrafficSummary): string[] {
  return made === undefined ? [] : [`${made} process${made === 1 ? '' : 'es'}`];
}

function bytes(number: number): string {
  if (number < 1000) return `${number} B`;
  return number < 1_000_000 ? `${(number / 1000).toFixed(1)} KB` : `${(number / 1_000_000).toFixed(1)} MB`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** The one with most; undefined where there is none. */
function mostOf<T>(all: Iterable<T>, value: (each: T) => number): T | undefined {
  let most: T | undefined;
  for (const each of all) if (most === undefined || value(each) > value(most)) most = each;
  return most;
}
