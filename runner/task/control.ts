import type { z } from 'zod';
import type { Json, JsonObject } from '../util/json.ts';

/** A module that steers the run instead of working on a host: set_fact, assert, debug, pause … Needs no connection. */
export interface ControlDefinition<P> {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly examples?: string;
  readonly params: z.ZodType<P>;
  readonly freeForm?: string;
  /** Parameters that are bare expressions (`assert.that`, `debug.var`): handed over unrendered, as texts. */
  readonly expressions?: readonly string[];
  /** Its parameters are variables (`set_fact`): their names may be templates, and texts written as lists and dicts are such. */
  readonly templatedNames?: boolean;
  /** Runs once for all hosts of the batch, not per host (`pause`). */
  readonly once?: boolean;
  /** Acts. What it returns is merged into the result; `changed` included. @throws TaskFailure */
  act(params: P, control: Control): Promise<JsonObject> | JsonObject;
}

/** A control module whose types have been forgotten. */
export type AnyControl = ControlDefinition<any>;

/** What a control module may do to the run. */
export interface Control {
  readonly hostname: string;
  readonly check: boolean;
  readonly verbosity: number;
  readonly signal: AbortSignal;
  /** Evaluates an expression given by `expressions`; for one written as a list, by its index. @throws when a name is undefined */
  evaluate(parameter: string, index?: number): Json;
  /** The text of such an expression. */
  expressionText(parameter: string, index?: number): string;
  /** A variable of the host for this task, undefined when there is none. */
  variable(name: string): Json | undefined;
  /** A task that was put into the background on this host, and what it came to so far; `forget` takes it off the list. */
  job(id: string, forget: boolean): { readonly result?: JsonObject } | undefined;
  /** Sets host variables of set_fact's precedence. */
  setFacts(facts: JsonObject, cacheable: boolean): void;
  /** Loads a vars file (searched like Ansible does) at include_vars precedence; returns what was loaded. */
  includeVars(request: { file?: string; dir?: string; name?: string; extensions?: readonly string[]; depth?: number; filesMatching?: string; ignoreFiles?: readonly string[] }): JsonObject;
  /** Adds a host to the inventory for the following plays; true when that was new. */
  addHost(name: string, groups: readonly string[], vars: JsonObject): boolean;
  /** Puts this host into a group; true when that was new. */
  groupBy(key: string, parents: readonly string[]): boolean;
  /** Asks the person at the terminal; undefined when there is none. */
  prompt(text: string, echo: boolean): Promise<string | undefined>;
  /** Waits; ends early when the run is cancelled. */
  sleep(seconds: number): Promise<void>;
  /** A meta action: flush_handlers, end_play, end_host, end_batch, end_role, clear_facts, clear_host_errors, refresh_inventory, reset_connection, noop. */
  meta(action: string): Promise<void>;
  /** Publishes a note. */
  note(level: 'info' | 'warning', message: string): void;
}

/** Gives a control definition its types. */
export function defineControl<P>(definition: ControlDefinition<P>): ControlDefinition<P> {
  return definition;
}
