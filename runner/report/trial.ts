import type { Event } from '../event/event.ts';
import { brokenPromises, changedTasks, endings } from '../event/promises.ts';
import { summarize } from '../event/reduce.ts';
import { count } from './recap.ts';
import { shorten } from './change-text.ts';

/** One of the three runs of a trial. */
export interface Pass {
  readonly events: readonly Event[];
  readonly code: number;
}

/** What is shown of a list at most. */
const SHOWN = 10;

/** What a check said: how much it predicts, and how much it cannot. */
export function checkLines({ events, code }: Pass): string[] {
  const undetermined = [...endings(events).values()].filter((end) => end.status === 'undetermined').length;
  const open = undetermined === 0 ? '' : `, ${count(undetermined, 'task')} undetermined`;
  return [line('Check', `${count(changedTasks(events).length, 'change')} predicted${open}${seconds(events)}`), ...failures(events, code)];
}

/** What the run did, held against the check. */
export function runLines(check: Pass, run: Pass): string[] {
  const made = `${count(changedTasks(run.events).length, 'change')} made`;
  if (run.code !== 0) return [line('Run', `failed; ${made}${seconds(run.events)}`), ...failures(run.events, run.code)];
  const broken = broke(check, run);
  const verdict = broken.length === 0 ? 'as predicted' : `${broken.length} not as predicted`;
  return [line('Run', `${made}, ${verdict}${seconds(run.events)}`), ...listed(broken)];
}

/** What a second run changed again. */
export function againLines(again: Pass): string[] {
  const changed = changedTasks(again.events);
  const verdict = again.code !== 0 ? 'failed' : changed.length === 0 ? 'nothing left to change' : `${count(changed.length, 'change')} made again`;
  return [line('Second run', `${verdict}${seconds(again.events)}`), ...listed(changed), ...failures(again.events, again.code)];
}

/** 0 when all is well, the run's own code when one failed, 3 when a run did what was not predicted, or a second one found something to do. */
export function trialCode(check: Pass, run: Pass, again: Pass | undefined): number {
  if (run.code !== 0 || again === undefined) return run.code;
  if (again.code !== 0) return again.code;
  return check.code !== 0 || broke(check, run).length > 0 || changedTasks(again.events).length > 0 ? 3 : 0;
}

/** A check that failed promised nothing. */
function broke(check: Pass, run: Pass): readonly string[] {
  return check.code === 0 ? brokenPromises(check.events, run.events) : [];
}

/** A line under a heading of its own. */
export function line(heading: string, text: string): string {
  return `${heading.padEnd(12)}${text}`;
}

function seconds(events: readonly Event[]): string {
  const { startedAt, endedAt } = summarize(events);
  return `, ${((endedAt - startedAt) / 1000).toFixed(1)} s`;
}

function listed(lines: readonly string[]): string[] {
  const shown = lines.slice(0, SHOWN).map((each) => `  ${shorten(withoutId(each), 200)}`);
  return lines.length > SHOWN ? [...shown, `  and ${lines.length - SHOWN} more`] : shown;
}

function failures(events: readonly Event[], code: number): string[] {
  if (code === 0) return [];
  return summarize(events).failures.flatMap(({ host, name, path, message }) => [`  ${host}: ${name} (${path})`, ...message.split('\n').slice(0, 8).map((each) => `    ${each}`)]);
}

/** A place without the task's number. */
function withoutId(place: string): string {
  return place.slice(place.indexOf(' ') + 1);
}
