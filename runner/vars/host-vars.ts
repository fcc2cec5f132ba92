import type { Value } from '../expr/value.ts';
import type { Tree } from '../template/tree.ts';

/** Goes on whenever a variable of any host changes: what was worked out from variables holds until then. */
export interface VarsClock {
  ticks: number;
}

/** What a run learns and sets about one host, beside what inventory and playbook say. Values from hosts are data, never templates. */
export class HostVars {
  /** Without the `ansible_` prefix; undefined until gathered. */
  facts: Map<Value, Value> | undefined;
  /** The facts are those of an earlier run. */
  remembered = false;
  /** Facts were gathered, set or forgotten in this run. */
  factsChanged = false;
  /** What the facts still cannot know, e.g. because the host could not be asked: then they count as absent. */
  factsUnavailable = false;
  /** `include_vars`, in the order of the files. */
  readonly included = new Map<string, Tree>();
  /** `set_fact` and `register`. */
  readonly set = new Map<string, Value>();
  /** `set_fact` with `cacheable`, and facts that modules bring with their results: facts' precedence. */
  readonly cached = new Map<string, Value>();
  readonly #clock: VarsClock;

  /** The clock is shared by all hosts: a variable of one may be made of another's. */
  constructor(clock: VarsClock = { ticks: 0 }) {
    this.#clock = clock;
  }

  /** Sets a variable of `register` and `set_fact` precedence. */
  assign(name: string, value: Value): void {
    this.set.set(name, value);
    this.#clock.ticks++;
  }

  /** Takes over the variables of a file (`include_vars`). */
  include(vars: ReadonlyMap<string, Tree>): void {
    for (const [name, tree] of vars) this.included.set(name, tree);
    this.#clock.ticks++;
  }

  /** Takes over a fact that a module brought with its result. */
  learn(name: string, value: Value): void {
    this.cached.set(name, value);
    this.factsChanged = true;
    this.#clock.ticks++;
  }

  /** Takes over gathered facts; a later gathering adds to an earlier one. */
  addFacts(facts: ReadonlyMap<Value, Value>): void {
    if (this.remembered) this.facts = undefined;
    this.remembered = false;
    this.factsChanged = true;
    this.facts ??= new Map();
    for (const [name, value] of facts) this.facts.set(name, value);
    this.#clock.ticks++;
  }

  /** Forgets facts (`meta: clear_facts`). */
  clearFacts(): void {
    this.facts = undefined;
    this.remembered = false;
    this.factsChanged = true;
    this.factsUnavailable = false;
    this.cached.clear();
    this.#clock.ticks++;
  }
}
