import type { Json, JsonObject } from '../util/json.ts';

/** Version of the event schema (docs/events.md); raised when a field changes its meaning or goes. */
export const EVENT_VERSION = 1;

/** Everything that happens in a run. JSON only, redacted before it is published. `at` is milliseconds since 1970. */
export type Event =
  | RunStart | PlayStart | PhaseStart | TaskStart | HostTaskStart | Output | Retry | ItemResult | TaskResult
  | Notified | GateTry | PhaseEnd | HostState | HostTraffic | Note | PlayEnd | RunEnd;

interface Base { readonly at: number }

/** The run begins. First event. */
export interface RunStart extends Base {
  readonly type: 'run.start';
  readonly version: typeof EVENT_VERSION;
  readonly run: string;
  readonly playbooks: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
}
/** A play (or one batch of `serial`) begins. */
export interface PlayStart extends Base {
  readonly type: 'play.start';
  readonly play: number;
  readonly name: string;
  readonly hosts: readonly string[];
  /** Batch number from 0, and how many there are. */
  readonly batch: number;
  readonly batches: number;
}
/** A named phase begins. */
export interface PhaseStart extends Base { readonly type: 'phase.start'; readonly play: number; readonly phase: string; readonly implicit: boolean; readonly hosts: readonly string[] }
/** A task is about to run on its first host. */
export interface TaskStart extends Base {
  readonly type: 'task.start';
  readonly play: number;
  /** `TaskNode.id` joined by dots. */
  readonly task: string;
  readonly name: string;
  readonly module: string;
  readonly phase: string;
  readonly handler: boolean;
  readonly role?: string;
  /** file:line */
  readonly path: string;
}
/** A task begins on one host. */
export interface HostTaskStart extends Base { readonly type: 'host.start'; readonly task: string; readonly host: string }
/** A running command said something. */
export interface Output extends Base { readonly type: 'output'; readonly task: string; readonly host: string; readonly stream: 'stdout' | 'stderr'; readonly text: string }
/** A task failed its `until` and will be tried again. */
export interface Retry extends Base { readonly type: 'retry'; readonly task: string; readonly host: string; readonly attempt: number; readonly left: number; readonly result: JsonObject }

/** How a task ended on one host. `undetermined`: check mode could not say (depends on a change that was not made). */
export type Status = 'ok' | 'changed' | 'skipped' | 'failed' | 'unreachable' | 'undetermined';

/** One item of a loop ended. */
export interface ItemResult extends Base {
  readonly type: 'item';
  readonly task: string;
  readonly host: string;
  readonly status: Status;
  readonly label: string;
  readonly item: Json;
  readonly result: JsonObject;
  readonly changes: readonly ChangeSummary[];
  readonly ignored: boolean;
  /** Where it was delegated to. */
  readonly delegate?: string;
}
/** A task ended on one host. */
export interface TaskResult extends Base {
  readonly type: 'result';
  readonly task: string;
  readonly host: string;
  readonly status: Status;
  /** What `register` saw. Masked by no_log. */
  readonly result: JsonObject;
  readonly changes: readonly ChangeSummary[];
  /** Failed, but `ignore_errors` (or `ignore_unreachable`) let the host go on. */
  readonly ignored: boolean;
  /** Failed inside a block that has a rescue. */
  readonly rescued: boolean;
  readonly looped: boolean;
  /** Where it was delegated to. */
  readonly delegate?: string;
  /** In a check: it was carried out all the same, since it says `check_mode: false`. */
  readonly carriedOut?: boolean;
  /** Milliseconds. */
  readonly duration: number;
  /** Only in a run that was profiled: what the host's connection carried while the task had its turn. */
  readonly traffic?: TrafficSummary;
}
/** What went to and from a host: batches of requests that were waited for, bytes before encryption, and, where it is counted, the processes made on the host meanwhile. */
export interface TrafficSummary {
  readonly roundTrips: number;
  readonly sent: number;
  readonly received: number;
  readonly processes?: number;
}
/** One change, as people and machines see it. */
export interface ChangeSummary {
  readonly aspect: string;
  readonly before: Json;
  readonly after: Json;
  /** Unified diff text, present when the run or task asked for diffs. */
  readonly diff?: string;
  /** Commands and writes, as shown text. */
  readonly steps: readonly string[];
  readonly risk?: string;
}
/** A handler was notified. */
export interface Notified extends Base { readonly type: 'notified'; readonly host: string; readonly handler: string; readonly task: string }
/** A phase's gate was evaluated. */
export interface GateTry extends Base { readonly type: 'gate'; readonly play: number; readonly phase: string; readonly attempt: number; readonly passed: boolean; readonly waitingFor: readonly string[]; readonly message: string }
/** A phase ended. */
export interface PhaseEnd extends Base { readonly type: 'phase.end'; readonly play: number; readonly phase: string; readonly failed: readonly string[] }
/** A host changed its standing: connected, lost, out of the play. `unreachable` and `failed`: out because of it; `cleared`: `clear_host_errors` took it back in. */
export interface HostState extends Base { readonly type: 'host.state'; readonly host: string; readonly state: 'connecting' | 'connected' | 'unreachable' | 'failed' | 'ended' | 'cleared'; readonly message?: string; readonly duration?: number }
/** What a connection carried, when it is closed; the same figures as in a summary of traffic. */
export interface HostTraffic extends Base { readonly type: 'host.traffic'; readonly host: string; readonly roundTrips: number; readonly sent: number; readonly received: number; readonly processes?: number }
/** Something a person should know that belongs to no task. */
export interface Note extends Base { readonly type: 'note'; readonly level: 'info' | 'warning' | 'error'; readonly code: string; readonly message: string; readonly host?: string }
/** A play (or batch) ended. */
export interface PlayEnd extends Base { readonly type: 'play.end'; readonly play: number }
/** The run ended. Last event. */
export interface RunEnd extends Base {
  readonly type: 'run.end';
  readonly outcome: 'done' | 'interrupted' | 'refused' | 'crashed';
  /** Where each host stands when the run was interrupted: host → sentence. */
  readonly standing?: Readonly<Record<string, string>>;
}

/** An event without its time: what the engine hands to the bus. */
export type Happening = Event extends infer E ? (E extends Event ? Omit<E, 'at'> : never) : never;
