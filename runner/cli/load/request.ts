import type { Redactor } from '../../event/redact.ts';
import type { FactCache, RunSettings } from '../../engine/request.ts';
import type { Reporter } from '../../report/reporter.ts';
import type { Sources } from './load-run.ts';

/** What `rollcall run` was asked to do. */
export interface RunRequest extends Sources {
  readonly settings: RunSettings;
  readonly mode: 'run' | 'syntax-check' | 'list-hosts' | 'list-tasks' | 'list-tags' | 'list-tasks-and-tags' | 'list-matching';
  readonly exitOnChange: boolean;
  readonly journal: boolean;
  readonly signal: AbortSignal;
  /** Facts of earlier runs; forgotten first when `flushCache` says so. */
  readonly factCache?: FactCache;
  readonly flushCache?: boolean;
  /** What each task costs is wanted by one of the reports. */
  readonly profile?: boolean;
  /** Folder for lists of the hosts that failed; empty: beside the playbook. */
  readonly retryFiles?: string;
  /** Knows the passwords given on the command line; the run adds what it decrypts. */
  readonly redactor: Redactor;
  reporter(): Promise<Reporter>;
  prompt(text: string, echo: boolean): Promise<string | undefined>;
  print(text: string): void;
  complain(text: string): void;
}
