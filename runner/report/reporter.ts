import type { Event } from '../event/event.ts';

/** A fold of the event stream into something a person or a program reads. */
export interface Reporter {
  /** Takes the next event. Returns at once: output is buffered by the sink. */
  handle(event: Event): void;
  /** Finishes what is open, whether or not the run ended, and resolves when everything is written. */
  end(): Promise<void>;
}

/** What a person can choose about reports. */
export interface ReportOptions {
  /** Number of `-v`. */
  readonly verbosity: number;
}
