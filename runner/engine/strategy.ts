import type { Outcome } from './walk/outcome.ts';
import { compareIds, type Walk, type WalkEnd, type Wish } from './walk/walk.ts';
import { ignore } from '../util/ignore.ts';

/** One host on its way through a list of nodes. */
export interface Lane {
  readonly host: string;
  readonly walk: Walk;
}

/** How the lanes of a section ended, by host. */
export type Ends = ReadonlyMap<string, WalkEnd>;

/** What a strategy needs from the engine. */
export interface Conductor {
  /** Waited for before a host takes its next step, where many take theirs: what a step holds is not held by all of them while they wait. */
  readonly turn?: ((host: string) => Promise<void>) | undefined;
  /** Carries out one wish; never rejects for what a host does wrong. */
  execute(host: string, wish: Wish): Promise<Outcome>;
  /** Told of every lane that ended; true when all others must stop now (any_errors_fatal, max_fail_percentage, end_play). */
  ended(host: string, end: WalkEnd): boolean;
  readonly signal: AbortSignal;
}

/**
 * Runs lanes in lockstep: the wishes that stand first in document order go together, and nobody goes on before all of them are done.
 * This is Ansible's `linear`, also when hosts are in different files or blocks.
 */
export async function linear(lanes: readonly Lane[], conductor: Conductor): Promise<Ends> {
  const course = new Course(lanes, conductor);
  while (course.active.size > 0 && !course.stopped) {
    const [first] = [...course.active.values()].map(({ wish }) => wish.position).sort(compareIds);
    const group = [...course.active.values()].filter(({ wish }) => first !== undefined && compareIds(wish.position, first) === 0);
    await together(group, conductor, (step) => course.advance(step));
  }
  return course.ends;
}

/** Lets hosts take a step each, one beginning after the other, and waits for all of them. */
async function together(group: readonly Step[], { turn }: Conductor, advance: (step: Step) => Promise<void>): Promise<void> {
  if (!turn) return void (await Promise.all(group.map(advance)));
  const taken: Promise<void>[] = [];
  for (const step of group) {
    await turn(step.lane.host);
    const advanced = advance(step);
    // Told below, when all have begun.
    advanced.catch(ignore);
    taken.push(advanced);
  }
  for (const each of taken) await each;
}

/** Runs lanes free of each other. */
export async function free(lanes: readonly Lane[], conductor: Conductor): Promise<Ends> {
  const course = new Course(lanes, conductor);
  await Promise.all([...course.active.keys()].map(async (host) => {
    for (let step = course.active.get(host); step && !course.stopped; step = course.active.get(host)) {
      await conductor.turn?.(host);
      await course.advance(step);
    }
  }));
  return course.ends;
}

interface Step {
  readonly lane: Lane;
  readonly wish: Wish;
}

/** Where every lane stands; shared by the strategies. */
class Course {
  readonly active = new Map<string, Step>();
  readonly ends = new Map<string, WalkEnd>();
  readonly #conductor: Conductor;
  #stopped = false;

  constructor(lanes: readonly Lane[], conductor: Conductor) {
    this.#conductor = conductor;
    for (const lane of lanes) this.#place(lane, lane.walk.next());
  }

  get stopped(): boolean {
    return this.#stopped || this.#conductor.signal.aborted;
  }

  async advance({ lane, wish }: Step): Promise<void> {
    const outcome = await this.#conductor.execute(lane.host, wish);
    this.#place(lane, lane.walk.next(outcome));
  }

  #place(lane: Lane, next: IteratorResult<Wish, WalkEnd>): void {
    if (next.done !== true) {
      this.active.set(lane.host, { lane, wish: next.value });
      return;
    }
    this.active.delete(lane.host);
    this.ends.set(lane.host, next.value);
    if (this.#conductor.ended(lane.host, next.value)) this.#stopped = true;
  }
}
