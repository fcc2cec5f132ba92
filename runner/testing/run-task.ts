import { isDeepStrictEqual } from 'node:util';
import { unmade, type Change } from '../task/change.ts';
import type { AnyTask, Controller } from '../task/define.ts';
import { makeChanges } from '../task/perform.ts';
import type { JsonObject } from '../util/json.ts';
import { fakeController } from './fake-controller.ts';
import type { FakeHost } from './fake-host.ts';

/** What came of applying a task. */
export interface Applied {
  readonly changes: readonly Change[];
  /** What `register` would see, without `changed` and `diff`. */
  readonly result: JsonObject;
}

/** The host half of a fake: all that these functions need. */
export type TestHost = Pick<FakeHost, 'observer' | 'actuator'> & Partial<Pick<FakeHost, 'files' | 'ran'>>;

/** What a task would change on a host, given its parameters as a playbook would write them. Proves on the way that looking changed nothing. */
export async function checkTask(definition: AnyTask, params: JsonObject, host: TestHost, controller: Controller = fakeController()): Promise<readonly Change[]> {
  const before = host.files?.snapshot();
  const { changes } = await look(definition, await prepare(definition, params, controller), host);
  if (!isDeepStrictEqual(before, host.files?.snapshot())) throw new Error(`checking '${definition.name}' changed the host`);
  return changes;
}

/** Applies a task to a host, then looks again: a task that still wants changes fails here as it would in a run, and so does one that foretold another result. */
export async function applyTask(definition: AnyTask, params: JsonObject, host: TestHost, controller: Controller = fakeController()): Promise<Applied> {
  const prepared = await prepare(definition, params, controller);
  const { changes, seen } = await look(definition, prepared, host);
  const result = await makeChanges(definition, changes, host.actuator, prepared);
  if (definition.predictable === false) return { changes, result: { ...definition.result?.(prepared, seen), ...result } };
  const after = await look(definition, prepared, host);
  const unsettled = unmade(changes, after.changes);
  if (unsettled.length > 0) {
    const left = unsettled.map(({ aspect, before, after: wanted }) => `${aspect}: ${JSON.stringify(before)} → ${JSON.stringify(wanted)}`);
    throw new Error(`'${definition.name}' did not settle; after apply it still wants\n  ${left.join('\n  ')}`);
  }
  const told: JsonObject = { ...definition.result?.(prepared, after.seen), ...result };
  const foretold: JsonObject = { ...definition.foretell?.(prepared, seen) };
  const wrong = Object.keys(foretold).filter((key) => !isDeepStrictEqual(foretold[key], told[key]));
  if (wrong.length > 0) throw new Error(`'${definition.name}' foretells another result than it gives: ${wrong.map((key) => `${key} ${JSON.stringify(foretold[key])}, then ${JSON.stringify(told[key])}`).join('; ')}`);
  return { changes, result: told };
}

async function prepare(definition: AnyTask, params: JsonObject, controller: Controller): Promise<unknown> {
  const parsed: unknown = definition.params.parse(params);
  return definition.prepare ? definition.prepare(parsed as never, controller) : parsed;
}

async function look(definition: AnyTask, prepared: unknown, { observer }: TestHost): Promise<{ changes: readonly Change[]; seen: unknown }> {
  const seen: unknown = await definition.probe(prepared, observer);
  const changes = definition.plan(prepared, seen);
  if (!isDeepStrictEqual(changes, definition.plan(prepared, seen))) throw new Error(`the plan of '${definition.name}' is not pure: two calls gave two answers`);
  return { changes, seen };
}
