import type { Event } from '../event/event.ts';

/** A fold of the event stream into something a person or a program reads. */
export interface Reporter {
  /** Takes the next event. Returns at once: output is buffered by the sink. */
  handle(event: Event): void;
  /** Gives the terminal free for a question, until what it returns is called. Reports that only add lines need none. */
  suspend?(): Promise<() => void>;
  /** Finishes what is open, whether or not the run ended, and resolves when everything is written. */
  end(): Promise<void>;
}

/** What a person can choose about reports. */
export interface ReportOptions {
  /** Number of `-v`. */
  readonly verbosity: number;
  /** False: reports that tell of each result leave out those that say "skipped". */
  readonly showSkipped?: boolean;
}
