import type { Reporter } from './reporter.ts';
import type { Sink } from './sink.ts';

/** The event stream itself: one JSON object a line (docs/events.md), as it happens. */
export function jsonReporter(sink: Sink): Reporter {
  return {
    handle: (event) => sink.write(`${JSON.stringify(event)}\n`),
    end: () => sink.flush(),
  };
}
