import { failedHosts, type HostSummary, type RunSummary } from '../event/summary.ts';
import type { Paint, Style } from './paint.ts';
import { shorten } from './change-text.ts';

/** Above this many hosts, those without failures are counted instead of listed. */
const LISTED = 30;

/** The end of a report: each host's counters, failures with their places, what is still owed, how the run ended. Ends in a newline. */
export function recap(summary: RunSummary, paint: Paint): string {
  return [...heading(summary, paint), ...hostLines(summary, paint), ...failures(summary, paint), ...owed(summary, paint), ...outcome(summary, paint)].map((line) => `${line}\n`).join('');
}

function heading(summary: RunSummary, paint: Paint): string[] {
  const seconds = ((summary.endedAt - summary.startedAt) / 1000).toFixed(1);
  const kind = summary.check ? `Check (nothing was changed${exceptions(summary)})` : 'Recap';
  return ['', paint('bold', `${kind}: ${count(summary.hosts.size, 'host')}, ${seconds} s`)];
}

/** Tasks that ran in spite of the check: what they did to the hosts is their own. */
function exceptions({ carriedOut }: RunSummary): string {
  return carriedOut.size === 0 ? '' : ` but by ${count(carriedOut.size, 'task')} with check_mode: false`;
}

function hostLines(summary: RunSummary, paint: Paint): string[] {
  const all = [...summary.hosts].sort(([a], [b]) => (a < b ? -1 : 1));
  const listed = all.length <= LISTED ? all : all.filter(([, host]) => host.standing !== 'active');
  const width = Math.max(0, ...listed.map(([name]) => name.length));
  const lines = listed.map(([name, host]) => `  ${paint(standingStyle(host), name.padEnd(width))}  ${counters(host, paint)}`);
  if (listed.length === all.length) return lines;
  const rest = all.filter(([, host]) => host.standing === 'active');
  const changed = rest.filter(([, host]) => host.changed > 0).length;
  return [...lines, `  ${count(rest.length - changed, 'host')} as wanted, ${count(changed, 'host')} ${summary.check ? 'would be changed' : 'changed'}, ${count(all.length - rest.length, 'host')} failed`];
}

const COUNTERS: readonly (readonly [Exclude<keyof HostSummary, 'standing' | 'running' | 'message'>, Style])[] = [
  ['ok', 'green'], ['changed', 'yellow'], ['unreachable', 'red'], ['failed', 'red'], ['skipped', 'cyan'], ['rescued', 'green'], ['ignored', 'blue'], ['undetermined', 'magenta'],
];

/** `ok 12  changed 3  failed 1`: ok and changed always, the others when they happened. */
function counters(host: HostSummary, paint: Paint): string {
  return COUNTERS.filter(([name]) => host[name] > 0 || name === 'ok' || name === 'changed')
    .map(([name, style]) => (host[name] > 0 ? paint(style, `${name} ${host[name]}`) : `${name} 0`))
    .join('  ');
}

function standingStyle(host: HostSummary): Style {
  if (host.standing !== 'active') return 'red';
  return host.changed > 0 ? 'yellow' : 'green';
}

function failures(summary: RunSummary, paint: Paint): string[] {
  const lines = summary.failures.map((each) => {
    const place = each.path === '' ? '' : ` (${each.path})`;
    return `  ${paint('red', each.host)}  ${shorten(each.name, 100)}${place}: ${each.unreachable ? 'unreachable: ' : ''}${shorten(sentenceOf(each.message), 200)}`;
  });
  const named = new Set(summary.failures.map((each) => each.host));
  for (const name of failedHosts(summary).filter((each) => !named.has(each))) {
    lines.push(`  ${paint('red', name)}  ${shorten(summary.hosts.get(name)?.message ?? summary.hosts.get(name)?.standing ?? '', 200)}`);
  }
  return lines.length === 0 ? [] : ['', paint('bold', 'Failures'), ...lines];
}

/** A diagnostic without its excerpt, which has been shown where the task failed. */
function sentenceOf(message: string): string {
  return message.replace(/^error\[[\w-]+\]: /, '').replace(/\n\s*-->[\s\S]*$/, '');
}

function owed(summary: RunSummary, paint: Paint): string[] {
  // In a check nothing was changed, so nothing is owed.
  if (summary.check || summary.owed.length === 0) return [];
  return ['', paint('bold', 'Notified handlers that have not run'), ...summary.owed.map((each) => `  ${paint('yellow', each.host)}  ${each.handler}`)];
}

function outcome(summary: RunSummary, paint: Paint): string[] {
  if (summary.outcome === 'done') return [];
  const sentence = {
    interrupted: 'Interrupted: the run was stopped before its end.',
    refused: 'The run ended where a play could not begin.',
    crashed: 'The run ended because of a bug in rollcall.',
    running: 'The record ends here: the run was killed, or is still going on.',
  }[summary.outcome];
  const known = new Set(Object.keys(summary.standing));
  const doing = [...summary.hosts].filter(([name, host]) => !known.has(name) && host.running.length > 0)
    .map(([name, host]): [string, string] => [name, `in the middle of ${host.running.map((task) => summary.tasks.get(task)?.name ?? task).join(', ')}`]);
  const standing = [...Object.entries(summary.standing), ...doing].slice(0, LISTED);
  return ['', paint('red', sentence), ...standing.map(([host, text]) => `  ${host}  ${text}`)];
}

/** `1 host`, `2 hosts`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
