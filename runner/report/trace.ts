import type { Event } from '../event/event.ts';
import type { Json } from '../util/json.ts';
import type { Reporter } from './reporter.ts';
import type { Sink } from './sink.ts';

/**
 * The run on a time line, in the trace event format that chrome://tracing, Perfetto and speedscope open: one row for each host, with its
 * connecting and its tasks; what its connection carried stands at the end of the row.
 */
export function traceReporter(sink: Sink): Reporter {
  const rows = new Map<string, number>();
  const names = new Map<string, string>();
  let begun = false;
  const write = (entry: Readonly<Record<string, Json>>): void => {
    sink.write(`${begun ? ',\n' : '[\n'}${JSON.stringify({ pid: 1, ...entry })}`);
    begun = true;
  };
  const rowOf = (host: string): number => {
    const known = rows.get(host);
    if (known !== undefined) return known;
    const row = rows.size + 1;
    rows.set(host, row);
    write({ ph: 'M', name: 'thread_name', tid: row, args: { name: host } });
    return row;
  };
  const span = (host: string, name: string, category: string, end: number, milliseconds: number, args: Readonly<Record<string, Json>>): void => {
    write({ ph: 'X', name, cat: category, tid: rowOf(host), ts: (end - milliseconds) * 1000, dur: milliseconds * 1000, args });
  };
  return {
    handle(event: Event) {
      if (event.type === 'task.start') names.set(event.task, event.name);
      else if (event.type === 'host.state' && event.state === 'connected') span(event.host, 'connect', 'connection', event.at, event.duration ?? 0, {});
      else if (event.type === 'result') span(event.host, names.get(event.task) ?? event.task, 'task', event.at, event.duration, { status: event.status, task: event.task });
      else if (event.type === 'host.traffic') write({ ph: 'i', s: 't', name: 'traffic', cat: 'connection', tid: rowOf(event.host), ts: event.at * 1000, args: { roundTrips: event.roundTrips, sent: event.sent, received: event.received } });
    },
    end() {
      sink.write(begun ? '\n]\n' : '[]\n');
      return sink.flush();
    },
  };
}
