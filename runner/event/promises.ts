import type { ChangeSummary, Event, Status } from './event.ts';

/** How a task ended on a host, and what it changed there. */
export interface End {
  readonly status: Status;
  readonly changes: readonly string[];
}

/** How every task (every item of a loop) ended on every host: `task › item @ host`. The last try counts. */
export function endings(events: readonly Event[]): ReadonlyMap<string, End> {
  const names = new Map(events.flatMap((event) => (event.type === 'task.start' ? [[event.task, `${event.phase} › ${event.name}`] as const] : [])));
  const ends = new Map<string, End>();
  for (const event of events) {
    if (event.type !== 'item' && event.type !== 'result') continue;
    const item = event.type === 'item' ? ` [${event.label}]` : '';
    // What a loop changed stands in its items.
    const changes = event.type === 'result' && event.looped ? [] : event.changes.map(changeText).sort();
    ends.set(`${event.task} ${names.get(event.task) ?? ''}${item} @ ${event.host}`, { status: event.status, changes });
  }
  return ends;
}

function changeText({ aspect, before, after }: ChangeSummary): string {
  return `${aspect}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`;
}

/** Where a run did something else than the check before it had said. What the check called undetermined may go either way. */
export function brokenPromises(check: readonly Event[], run: readonly Event[]): readonly string[] {
  const said = endings(check);
  const done = endings(run);
  return [...new Set([...said.keys(), ...done.keys()])].flatMap((place) => {
    const before = said.get(place);
    const after = done.get(place);
    if (before?.status === 'undetermined') return [];
    if (before?.status === after?.status && JSON.stringify(before?.changes) === JSON.stringify(after?.changes)) return [];
    // A loop that could not be predicted has items in the run only.
    if (before === undefined && place.includes(' [') && said.get(place.replace(/ \[.*\] @/, ' @'))?.status === 'undetermined') return [];
    return [`${place}: said ${show(before)}, did ${show(after)}`];
  });
}

function show(end: End | undefined): string {
  return end === undefined ? 'nothing' : `${end.status} ${end.changes.join('; ')}`.trim();
}

/** The places where a run changed something. */
export function changedTasks(events: readonly Event[]): readonly string[] {
  return [...endings(events)].filter(([, end]) => end.status === 'changed').map(([place]) => place);
}
