import type { Event, PlayStart, TrafficSummary } from '../event/event.ts';
import type { Json } from '../util/json.ts';
import type { Reporter } from './reporter.ts';
import type { Sink } from './sink.ts';

/** A span of the run's own row that has begun. */
interface Open {
  readonly category: 'run' | 'play' | 'phase';
  readonly name: string;
  readonly at: number;
}

/** The row of the run, its plays and their phases. */
const RUN = 0;

/**
 * The run on a time line, in the trace event format that chrome://tracing, Perfetto and speedscope open: one row for the run, its plays and
 * phases, and one for each host, with its connecting and its tasks and what these cost; what its connection carried in all stands at the
 * end of the row.
 */
export function traceReporter(sink: Sink): Reporter {
  const rows = new Map<string, number>();
  const names = new Map<string, string>();
  const open = new Map<string, Open>();
  let begun = false;
  let last = 0;
  const write = (entry: Readonly<Record<string, Json>>): void => {
    sink.write(`${begun ? ',\n' : '[\n'}${JSON.stringify({ pid: 1, ...entry })}`);
    begun = true;
  };
  const row = (tid: number, name: string): void => write({ ph: 'M', name: 'thread_name', tid, args: { name } });
  const rowOf = (host: string): number => {
    const known = rows.get(host);
    if (known !== undefined) return known;
    const tid = rows.size + 1;
    rows.set(host, tid);
    row(tid, host);
    return tid;
  };
  const span = (tid: number, name: string, category: string, { at, milliseconds }: { readonly at: number; readonly milliseconds: number }, args: Readonly<Record<string, Json>>): void => {
    write({ ph: 'X', name, cat: category, tid, ts: at * 1000, dur: milliseconds * 1000, args });
  };
  /** Keys are paths: those inside begin with that of the whole. */
  const begin = (key: string, stretch: Open): void => void open.set(key, stretch);
  /** Ends a span of the run's row, and those inside it that have not ended. */
  const end = (key: string, at: number): void => {
    for (const [each, { name, category, at: start }] of [...open].toReversed()) {
      if (each !== key && !each.startsWith(`${key} `)) continue;
      open.delete(each);
      span(RUN, name, category, { at: start, milliseconds: at - start }, {});
    }
  };
  return {
    handle(event: Event) {
      last = event.at;
      switch (event.type) {
        case 'run.start':
          row(RUN, 'run');
          return begin('run', { category: 'run', name: event.run, at: event.at });
        case 'play.start':
          return begin(`run ${event.play}`, { category: 'play', name: playName(event), at: event.at });
        case 'phase.start':
          return event.implicit ? undefined : begin(`run ${event.play} ${event.phase}`, { category: 'phase', name: event.phase, at: event.at });
        case 'phase.end':
          return end(`run ${event.play} ${event.phase}`, event.at);
        case 'play.end':
          return end(`run ${event.play}`, event.at);
        case 'task.start':
          return void names.set(event.task, event.name);
        case 'host.state':
          if (event.state === 'connected') span(rowOf(event.host), 'connect', 'connection', ending(event.at, event.duration ?? 0), {});
          return;
        case 'result':
          return span(rowOf(event.host), names.get(event.task) ?? event.task, 'task', ending(event.at, event.duration), { status: event.status, task: event.task, ...(event.traffic && figures(event.traffic)) });
        case 'host.traffic':
          return write({ ph: 'i', s: 't', name: 'traffic', cat: 'connection', tid: rowOf(event.host), ts: event.at * 1000, args: figures(event) });
        case 'run.end':
          return end('run', event.at);
        default:
      }
    },
    end() {
      // A record that was cut off: what was under way lasted until its end.
      end('run', last);
      sink.write(begun ? '\n]\n' : '[]\n');
      return sink.flush();
    },
  };
}

/** The same names as in the events, and nothing beside them. */
function figures({ roundTrips, sent, received, processes }: TrafficSummary): Readonly<Record<string, Json>> {
  return { roundTrips, sent, received, ...(processes !== undefined && { processes }) };
}

function ending(at: number, milliseconds: number): { at: number; milliseconds: number } {
  return { at: at - milliseconds, milliseconds };
}

function playName({ name, batch, batches }: PlayStart): string {
  return batches > 1 ? `${name} (batch ${batch + 1} of ${batches})` : name;
}
