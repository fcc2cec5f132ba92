import type { Environment } from '../expr/scope.ts';
import type { Happening } from '../event/event.ts';
import type { ConnectionDefaults } from '../inventory/connection.ts';
import type { Inventory } from '../inventory/model.ts';
import type { LoadContext } from '../playbook/load-context.ts';
import type { Playbook } from '../playbook/model.ts';
import type { TagSelection } from '../plan/tags.ts';
import type { FileReader } from '../source/reader.ts';
import type { Registry } from '../task/registry.ts';
import type { Tree } from '../template/tree.ts';
import type { JsonObject } from '../util/json.ts';
import type { Sessions } from './sessions/sessions.ts';

/** How a run behaves, as asked for on the command line. Plain data. */
export interface RunSettings {
  readonly check: boolean;
  readonly diff: boolean;
  /** Hosts worked on at a time. */
  readonly forks: number;
  readonly limit?: string;
  readonly tags: TagSelection;
  readonly forceHandlers: boolean;
  readonly verbosity: number;
  /** Seconds a task may take when it says nothing itself; 0: no limit. */
  readonly taskTimeout: number;
  readonly step: boolean;
  /** A person is asked about whatever fails, and (unless `debuggerIgnoresErrors` says no) not about what `ignore_errors` forgives. */
  readonly debugger?: boolean;
  readonly debuggerIgnoresErrors?: boolean;
  /** Probes of later tasks travel ahead of the decisions on earlier ones. */
  readonly lookahead: boolean;
  readonly connection: ConnectionDefaults;
  readonly become: BecomeDefaults;
  /** Dicts of several levels of precedence are merged, not replaced (`hash_behaviour`). */
  readonly mergeHashes?: boolean;
  /** For plays and tasks that say nothing themselves. */
  readonly anyErrorsFatal?: boolean;
  readonly noLog?: boolean;
  /** When a play gathers: `explicit` only if it says so; `smart` not again what is known from an earlier run. */
  readonly gathering?: 'implicit' | 'explicit' | 'smart';
  /** The ansible.cfg that counts. */
  readonly configFile?: string;
  /** Text of `ansible_managed`, with `{host}`, `{uid}`, `{file}` and strftime's letters in it. */
  readonly managed?: string;
}

/** Facts of earlier runs, by host. */
export interface FactCache {
  read(host: string): JsonObject | undefined;
  write(host: string, facts: JsonObject): void;
  forget(host: string): void;
}

/** Privilege settings of the command line. */
export interface BecomeDefaults {
  readonly become: boolean;
  readonly method?: string;
  readonly user?: string;
  readonly password?: string;
  readonly exe?: string;
  readonly flags?: string;
}

/** Everything a run needs, made by the composition root; the engine reads no global. */
export interface RunContext {
  readonly settings: RunSettings;
  readonly inventory: Inventory;
  /** Reads the inventory's sources again. */
  readonly reloadInventory?: () => Inventory;
  readonly playbooks: readonly Playbook[];
  readonly load: LoadContext;
  readonly registry: Registry;
  readonly environment: Environment;
  readonly files: FileReader;
  readonly extraVars: ReadonlyMap<string, Tree>;
  readonly sessions: Sessions;
  readonly factCache?: FactCache;
  readonly signal: AbortSignal;
  publish(happening: Happening): void;
  /** Registers a value that no sink may show. */
  secret(value: string): void;
  /** Asks the person at the terminal; undefined when there is none. */
  prompt(text: string, echo: boolean): Promise<string | undefined>;
}
