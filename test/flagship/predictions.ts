import type { Event } from '../../runner/event/event.ts';

/** Tasks that failed on a host for good. */
export function failedTasks(events: readonly Event[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'result' && (event.status === 'failed' || event.status === 'unreachable') && !event.ignored ? [`${event.task} @ ${event.host}: ${JSON.stringify(event.result['msg'])}`] : []));
}
