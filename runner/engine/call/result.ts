import { fromJson } from '../../expr/convert.ts';
import { LazyMapping, Unknown, type Value } from '../../expr/value.ts';
import type { ChangeSummary, Status } from '../../event/event.ts';
import type { JsonObject } from '../../util/json.ts';

/** How one module call (one item of a loop) ended. */
export interface Result {
  readonly status: Status;
  /** What `register` sees, in JSON; `changed` and `failed` included. */
  readonly json: JsonObject;
  readonly changes: readonly ChangeSummary[];
  /** Check mode: why everything beside `json` is unknown. */
  readonly unknown?: string;
  /** What the task is made of could not be worked out: no further item is tried. */
  readonly hopeless?: true;
  /** What a meta action asks of the host's walk. */
  readonly steer?: Steer;
  /** The host that was worked on instead of the task's own. */
  readonly delegate?: string;
}

/** Meta actions that the walk of a host carries out. */
export type Steer = 'flush_handlers' | 'end_host' | 'end_play' | 'end_batch' | 'end_role';

/** What a registered variable holds: plain data, or a dict whose missing entries are unknown. */
export function resultValue(result: Result): Value {
  const known = fromJson(result.json);
  return result.unknown === undefined ? known : new PartlyKnown(known as ReadonlyMap<Value, Value>, result.unknown);
}

/** A result of check mode: what was predicted is known, everything else is `Unknown`. */
export class PartlyKnown extends LazyMapping {
  readonly #known: ReadonlyMap<Value, Value>;
  readonly #because: string;
  constructor(known: ReadonlyMap<Value, Value>, because: string) {
    super();
    this.#known = known;
    this.#because = because;
  }
  get(key: Value): Value {
    return this.#known.get(key) ?? new Unknown(this.#because);
  }
  has(): boolean {
    return true;
  }
  keys(): IterableIterator<Value> {
    return this.#known.keys();
  }
  get size(): number {
    return this.#known.size;
  }
}

/** A failed result. */
export function failedResult(msg: string, more: JsonObject = {}): Result {
  return { status: 'failed', json: withLines({ changed: false, failed: true, ...more, msg }), changes: [] };
}

/** A result of what a condition left out. */
export function skippedResult(): Result {
  return { status: 'skipped', json: { changed: false, skipped: true, skip_reason: 'Conditional result was False' }, changes: [] };
}

/** A result that check mode cannot tell. */
export function undetermined(because: string, more: JsonObject = {}): Result {
  return { status: 'undetermined', json: { failed: false, ...more, msg: because }, changes: [], unknown: because };
}

/** Adds what Ansible adds to every result with output: `stdout_lines`, `stderr_lines`. */
export function withLines(json: JsonObject): JsonObject {
  const lines: Record<string, string[]> = {};
  for (const stream of ['stdout', 'stderr']) {
    const text = json[stream];
    if (typeof text === 'string' && !(`${stream}_lines` in json)) lines[`${stream}_lines`] = text === '' ? [] : text.replace(/\n$/, '').split(/\r?\n/);
  }
  return { ...json, ...lines };
}

/** The result of a loop from the results of its items. */
export function loopResult(items: readonly { readonly result: Result; readonly ignored: boolean }[]): Result {
  if (items.length === 0) return { status: 'skipped', json: { changed: false, skipped: true, skipped_reason: 'No items in the list', results: [] }, changes: [] };
  const any = (status: Status): boolean => items.some(({ result }) => result.status === status);
  const skipped = items.every(({ result }) => result.status === 'skipped');
  const changed = items.some(({ result }) => result.json['changed'] === true);
  const unknown = items.find(({ result }) => result.unknown !== undefined)?.result.unknown;
  const changes = items.flatMap(({ result }) => result.changes);
  const json = (more: JsonObject): JsonObject => ({ results: items.map(({ result }) => result.json), changed, skipped, ...more });
  if (any('unreachable')) return { status: 'unreachable', json: json({ unreachable: true, msg: items.at(-1)?.result.json['msg'] ?? 'unreachable' }), changes };
  if (any('failed')) return { status: 'failed', json: json({ failed: true, msg: 'One or more items failed' }), changes };
  if (skipped) return { status: 'skipped', json: json({ msg: 'All items skipped' }), changes };
  const status = any('changed') ? 'changed' : any('undetermined') ? 'undetermined' : 'ok';
  return { status, json: json({ msg: 'All items completed' }), changes, ...(unknown !== undefined && { unknown }) };
}
