import type { z } from 'zod';
import type { Json, JsonObject } from '../util/json.ts';
import type { Change } from './change.ts';
import type { Actuator, Observer } from './host.ts';

/**
 * A task module: four small functions, of which one is pure and decides everything.
 * P: parameters as validated. Q: parameters as prepared on the controller (P when there is no `prepare`). S: what the probe saw.
 */
export interface TaskDefinition<P = never, Q = P, S = unknown> {
  /** The word in playbooks. */
  readonly name: string;
  /** Other names it answers to, e.g. `ansible.posix.seboolean`; `ansible.builtin.NAME` is automatic. */
  readonly aliases?: readonly string[];
  /** One sentence for `rollcall doc`. */
  readonly summary: string;
  /** More for `rollcall doc`: a few paragraphs. */
  readonly description?: string;
  /** YAML of one or more tasks, for `rollcall doc`; run by a test. */
  readonly examples?: string;
  /** Strict schema; every field has a `.describe()`. Documentation, validation and completion come from here. */
  readonly params: z.ZodType<P>;
  /** The parameter that takes the text of a free-form task (`command: ls -l`). */
  readonly freeForm?: string;
  /** Never two of the same kind at once on one host, e.g. `rpm-db`. */
  readonly exclusive?: string;
  /**
   * false for modules whose effect nobody can predict (command, shell, raw, script): check mode says so, what they
   * register is unknown there, and they are not verified after apply.
   */
  readonly predictable?: false;
  /** Of such a module: whether a guard (`creates`, `unless` …) says if there is anything to do. What comes behind is looked at ahead of time, as behind all others. */
  guarded?(params: Q): boolean;
  /** Reads what the task needs from the controller (files, templates) before any host is asked. */
  prepare?(params: P, controller: Controller): Promise<Q> | Q;
  /** What it looks at changes by itself or through other hosts (cluster membership, a port): always looked at anew, never ahead of time. */
  readonly volatile?: true;
  /**
   * Looks at nothing but files and accounts (`stat`, `readFile`, `checksum`, `getent`, `command -v`), and nearly always changes nothing else:
   * what it would see after a neighbour's change can be told beforehand, so its changes may travel together with those of tasks beside it.
   */
  readonly foreseeable?: true;
  /** Looks. Read-only, repeatable, may be called early or twice. */
  probe(params: Q, host: Observer): Promise<S>;
  /** Decides. Pure and synchronous; [] means "already right". @throws TaskFailure when what is wanted cannot be reached from what was seen. */
  plan(params: Q, seen: S): readonly Change[];
  /** Acts; without it the change's steps are carried out in order. What it returns is merged into the result. */
  apply?(change: Change, host: Actuator, params: Q): Promise<JsonObject | void>;
  /** What a change that was made adds to the result, for a task without an `apply` of its own. Pure. */
  outcome?(change: Change): JsonObject;
  /** What of the result is certain before anything is done; in check mode `register` sees it when a change is predicted. Pure. */
  foretell?(params: Q, seen: S): JsonObject;
  /** What `register` sees beside `changed`, `diff` and the like; computed from the last look. */
  result?(params: Q, seen: S): JsonObject;
  /** Seconds the host may take to settle after apply; the probe is repeated until the plan is empty. Default 0: one look. */
  readonly settleWithin?: number;
}

/** A module whose types have been forgotten, as the engine and the registry handle it. */
export type AnyTask = TaskDefinition<any, any, any>;

/** The controller's side, for `prepare`: files beside the playbook and role, templates over the host's variables. */
export interface Controller {
  /** Finds a file the way Ansible does: role's folder of that kind, then beside the playbook. Absolute paths stay. @throws TaskFailure with the places tried. */
  find(path: string, kind: 'files' | 'templates' | 'tasks' | 'vars'): Promise<string>;
  /** Reads a file of the controller, whole. */
  readFile(path: string): Promise<Buffer>;
  /** What is known of a file or folder of the controller without reading it (links followed); null when there is none. */
  inspect?(path: string): Promise<LocalFile | null>;
  /** Hex SHA-256 of a file of the controller, read in pieces: memory stays flat whatever its size. */
  checksum?(path: string): Promise<string>;
  /** Lists a folder recursively: paths relative to it, folders end in `/`. */
  listFiles(path: string): Promise<readonly string[]>;
  /** Renders a template file (`.hbs` by handlebars, everything else as Jinja) with this host's variables and `more`. `options` are the Jinja ones of Ansible's `template`: trim_blocks, variable_start_string … */
  render(path: string, more?: JsonObject, options?: JsonObject): Promise<string>;
  /** A variable of this host, rendered. */
  variable(name: string): Json | undefined;
  /** The name of the host the task is for. */
  readonly hostname: string;
  /** `--check` is on. */
  readonly check: boolean;
}

/** A file or folder of the controller. */
export interface LocalFile {
  readonly directory: boolean;
  /** Bytes; 0 for a folder. */
  readonly size: number;
  /** Four octal digits. */
  readonly mode: string;
}

/** Gives a task definition its types. An identity function: the definition stays plain data. */
export function defineTask<P, S, Q = P>(definition: TaskDefinition<P, Q, S>): TaskDefinition<P, Q, S> {
  return definition;
}
