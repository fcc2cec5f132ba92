import type { Redactor } from '../event/redact.ts';

/** What the commands get from the process. */
export interface Process {
  readonly redactor: Redactor;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Says something on standard error. */
  complain(text: string): void;
  /** Sets the exit code. */
  finish(exitCode: number): void;
}
