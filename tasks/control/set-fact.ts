import { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Json, JsonObject } from '../../runner/util/json.ts';

const schema = z.record(z.string(), z.custom<Json>(() => true));

const TRUE = new Set<Json>([true, 'yes', 'true', 'True', 'on', '1', 1]);

/** Sets variables. */
export default defineControl<JsonObject>({
  name: 'set_fact',
  summary: 'Sets variables of the host for the rest of the run.',
  description: 'Any name is a variable to be set. `cacheable: true` also puts them among the facts.',
  examples: `
- set_fact:
    primary: "{{ groups['cluster'] | first }}"
    cacheable: true
`,
  params: schema,
  freeForm: '_raw_params',
  templatedNames: true,
  act(given, control) {
    const { cacheable = false, ...assigned } = given;
    const facts = '_raw_params' in assigned ? { ...assigned, ...assignments(assigned['_raw_params']) } : assigned;
    const names = Object.keys(facts).filter((name) => name !== '_raw_params');
    if (names.length === 0) throw new TaskFailure("No key/value pairs provided, at least one is required for this action to succeed");
    const wrong = names.find((name) => !/^[A-Za-z_]\w*$/.test(name));
    if (wrong !== undefined) throw new TaskFailure(`The variable name '${wrong}' is not valid. Variables must start with a letter or underscore character, and contain only letters, numbers and underscores.`);
    const values = Object.fromEntries(names.map((name) => [name, truthWord((facts as JsonObject)[name] ?? null)]));
    control.setFacts(values, TRUE.has(cacheable));
    return { ansible_facts: values };
  },
});

/** Ansible makes booleans of these words, wherever they come from. */
function truthWord(value: Json): Json {
  if (typeof value !== 'string' || !/^(?:true|false|yes|no)$/i.test(value)) return value;
  return /^(?:true|yes)$/i.test(value);
}

/** `a=1 b='two words'`, from a task written on one line. */
function assignments(text: Json | undefined): JsonObject {
  if (typeof text !== 'string') return {};
  return Object.fromEntries([...text.matchAll(/(\w+)=("[^"]*"|'[^']*'|\S*)/g)].map(([, name = '', value = '']) => [name, value.replace(/^(["'])([\s\S]*)\1$/, '$2')]));
}
