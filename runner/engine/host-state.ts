import { ForeseenFiles } from './call/foresee.ts';
import { recallFacts } from './vars/fact-memory.ts';
import type { FactCache } from './request.ts';
import type { IncludeNode, TaskNode } from '../playbook/model.ts';
import type { Way } from './call/target.ts';
import { HostVars, type VarsClock } from '../vars/host-vars.ts';
import type { Job } from './task/async-call.ts';
import type { Change } from '../task/change.ts';
import { Semaphore } from '../util/semaphore.ts';

/** How far the lookahead has gone on one host. */
export interface Ahead {
  /** The leaves it goes along. */
  readonly list: readonly (TaskNode | IncludeNode)[];
  /** The host's effects when it began: after another one, it begins anew. */
  readonly generation: number;
  /** The first leaf that was not asked for. */
  until: number;
  /** The leaf behind which nothing can be known before it has run; -1 for none. */
  wall: number;
  /** Leaves in view. */
  width: number;
  /** Most leaves in view for now. */
  widest: number;
  /** The first leaf behind what was in view when that was last judged, and when that was: milliseconds since the program began. */
  judged: { readonly until: number; readonly at: number };
  /** Looks further once it is clear that the task whose turn it is changes nothing. */
  postponed?: (() => void) | undefined;
  /** Parameters as they were worked out for looking, and when: where something changes they are wanted again. */
  readonly prepared?: Map<TaskNode, { readonly at: string; readonly params: unknown }>;
  /** What tasks without a loop saw, until their turn. */
  readonly seen: Map<TaskNode, Seen>;
  /** Ends what is still being looked at when the host is changed: the rest of it would only be forgotten. */
  readonly stop: AbortController;
}

/** What a task's probe saw before its turn. */
export interface Seen {
  readonly params: unknown;
  readonly way: Way | undefined;
  /** Of the host, when it began to look. */
  readonly generation: number;
  readonly result: Promise<unknown>;
}

/** Changes of a task that were made before its turn. */
export interface Made {
  readonly changes: readonly Change[];
  /** What they were planned from, and when as far as variables are concerned. */
  readonly params: unknown;
  readonly at: string;
}

/** What a run knows about one host, through all its plays. */
export class HostState {
  readonly name: string;
  readonly vars: HostVars;
  /** Out of the run: failed or unreachable; undefined while it is in. */
  out: 'failed' | 'unreachable' | undefined;
  /** Tasks in the background, by their `ansible_job_id`. */
  readonly jobs = new Map<string, Job>();
  /** Check mode: names of the tasks whose changes were predicted and not made. */
  readonly pending: string[] = [];
  /** Check mode: its files as they would be by now. */
  readonly foreseen = new ForeseenFiles();
  /** Milliseconds since 1970 before which it begins no task: a block that failed is tried again after its delay. */
  pausedUntil = 0;
  /** What it is doing, for the report of an interrupted run. */
  standing = 'not started';
  /** Changes made on it so far: what was read ahead before the last one counts no more. */
  effects = 0;
  /** How far the lookahead has gone. */
  ahead: Ahead = { list: [], generation: 0, until: 0, wall: -1, width: 0, widest: 0, judged: { until: 0, at: 0 }, seen: new Map(), stop: new AbortController() };
  /** Leaves it has yet to come to before what was read from it grows older. */
  untilOlder = 0;
  /** What was done along with the changes of a task before, until the turn of its own. */
  readonly made = new Map<TaskNode, Made>();
  /** Tasks of which the host would not make the changes together. */
  readonly alone = new WeakSet<TaskNode>();
  /** Ways to it that were worked out, by what the keywords that have a say were, and when. */
  readonly ways = new Map<string, { readonly at: string; readonly way: Way }>();
  readonly #locks = new Map<string, Semaphore>();

  constructor(name: string, clock: VarsClock) {
    this.name = name;
    this.vars = new HostVars(clock);
  }

  /** It is about to be changed. */
  changing(): void {
    this.effects++;
    // A reason of its own spares the making of an error that nobody sees.
    this.ahead.stop.abort('changed');
  }

  /** Runs work that must not run beside other work of the same kind on this host. */
  exclusively<T>(kind: string | undefined, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (kind === undefined) return work();
    let lock = this.#locks.get(kind);
    if (!lock) this.#locks.set(kind, (lock = new Semaphore(1)));
    return lock.run(work, signal);
  }
}

/** The states of all hosts that a run has met. */
export class HostStates {
  readonly #states = new Map<string, HostState>();

  readonly #cache: FactCache | undefined;

  /** Of the variables of all hosts. */
  readonly clock: VarsClock = { ticks: 0 };

  /** The debugger was wanted where nobody can be asked; that has been said. */
  unasked = false;

  /** `cache` has the facts that hosts begin with. */
  constructor(cache?: FactCache) {
    this.#cache = cache;
  }

  /** The state of a host, made when it is asked for the first time. */
  of(name: string): HostState {
    let state = this.#states.get(name);
    if (!state) {
      this.#states.set(name, (state = new HostState(name, this.clock)));
      const remembered = this.#cache?.read(name);
      if (remembered) recallFacts(state.vars, remembered);
    }
    return state;
  }

  all(): IterableIterator<HostState> {
    return this.#states.values();
  }
}
