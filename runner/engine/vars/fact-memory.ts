import { fromJson, toJson, toText } from '../../expr/convert.ts';
import type { Value } from '../../expr/value.ts';
import type { HostVars } from '../../vars/host-vars.ts';
import type { JsonObject } from '../../util/json.ts';
import type { HostState } from '../host-state.ts';
import type { FactCache } from '../request.ts';

const PREFIX = 'ansible_';

/** Gives a host the facts of an earlier run, in the form in which Ansible keeps them: gathered ones with their prefix, set ones without. */
export function recallFacts(vars: HostVars, kept: JsonObject): void {
  const facts = new Map<Value, Value>();
  for (const [name, value] of Object.entries(kept)) {
    if (name.startsWith(PREFIX)) facts.set(name.slice(PREFIX.length), fromJson(value));
    // Names with an underscore first are Ansible's own notes.
    else if (!name.startsWith('_')) vars.cached.set(name, fromJson(value));
  }
  if (facts.size > 0) {
    vars.facts = facts;
    vars.remembered = true;
  }
}

/** Keeps what hosts have learnt in this run for the next one. */
export function keepFacts(states: Iterable<HostState>, cache: FactCache): void {
  for (const { name, vars } of states) {
    if (!vars.factsChanged) continue;
    const gathered = [...(vars.facts ?? [])].map(([key, value]) => [`${PREFIX}${toText(key)}`, toJson(value)] as const);
    const facts = Object.fromEntries([...gathered, ...[...vars.cached].map(([key, value]) => [key, toJson(value)] as const)]);
    if (Object.keys(facts).length === 0) cache.forget(name);
    else cache.write(name, facts);
  }
}
