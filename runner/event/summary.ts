import type { Note, RunEnd } from './event.ts';

/** What happened on one host: Ansible's seven counters, counted as Ansible counts, and one of our own. */
export interface HostSummary {
  /** Tasks that ended well, changed ones and ignored failures included. */
  ok: number;
  changed: number;
  unreachable: number;
  failed: number;
  skipped: number;
  rescued: number;
  ignored: number;
  /** Check mode could not say: depends on a change that was not made. */
  undetermined: number;
  /** Where the host stands now. `clear_host_errors` brings it back. */
  standing: 'active' | 'failed' | 'unreachable';
  /** Why, when no task's failure says it. */
  message?: string;
  /** Tasks begun and not ended, by id: what an interrupted run was doing. */
  running: readonly string[];
}

/** A failure that was neither ignored nor rescued. */
export interface FailureSummary {
  readonly host: string;
  readonly task: string;
  readonly name: string;
  readonly path: string;
  readonly message: string;
  readonly unreachable: boolean;
}

/** A handler that was notified on a host and has not run there yet: what a resumed run must do. */
export interface OwedHandler {
  readonly host: string;
  readonly handler: string;
  /** The task that notified it first. */
  readonly task: string;
}

/** A phase of a play, in order of appearance. */
export interface PhaseSummary {
  readonly play: number;
  readonly phase: string;
  readonly implicit: boolean;
  ended: boolean;
  failed: readonly string[];
}

/** What is known of a task from its start. */
export interface TaskSummary {
  readonly name: string;
  readonly path: string;
  readonly handler: boolean;
}

/** Everything that recap, exit code, JUnit, history and resume know about a run. Only `reduce` writes it. */
export interface RunSummary {
  run: string;
  playbooks: readonly string[];
  check: boolean;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Time of the last event. */
  endedAt: number;
  /** `running` until `run.end`; a journal that stays so was cut off. */
  outcome: RunEnd['outcome'] | 'running';
  readonly hosts: Map<string, HostSummary>;
  readonly tasks: Map<string, TaskSummary>;
  /** Tasks of a check that were carried out all the same, by id. */
  readonly carriedOut: Set<string>;
  readonly failures: FailureSummary[];
  readonly owed: OwedHandler[];
  readonly phases: PhaseSummary[];
  readonly notes: Note[];
  standing: Readonly<Record<string, string>>;
}

/** The summary of a run in which nothing has happened yet. */
export function emptySummary(): RunSummary {
  return {
    run: '', playbooks: [], check: false, startedAt: 0, endedAt: 0, outcome: 'running',
    hosts: new Map(), tasks: new Map(), carriedOut: new Set(), failures: [], owed: [], phases: [], notes: [], standing: {},
  };
}

/** Names of the hosts that are out because of a failure, sorted. */
export function failedHosts(summary: RunSummary): string[] {
  return [...summary.hosts].filter(([, host]) => host.standing !== 'active').map(([name]) => name).sort();
}
