import { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Json, JsonObject } from '../../runner/util/json.ts';

const schema = z.record(z.string(), z.custom<Json>(() => true));

const NAMES = ['name', 'hostname', 'host'];
const GROUPS = ['groups', 'group', 'groupname'];

/** Adds a host. */
export default defineControl<JsonObject>({
  name: 'add_host',
  summary: 'Adds a host to the inventory for the plays that follow.',
  description: '`name` is the host, `groups` a list or comma-separated text; anything else is a variable of the host.',
  examples: `
- add_host: { name: "{{ new_address }}", groups: fresh, ansible_user: root }
`,
  params: schema,
  once: true,
  act(given, control) {
    const name = NAMES.map((key) => given[key]).find((value) => value !== undefined);
    if (typeof name !== 'string' || name === '') throw new TaskFailure('name, host or hostname needs to be provided');
    const raw = GROUPS.map((key) => given[key]).find((value) => value !== undefined && value !== null) ?? [];
    const groups = (Array.isArray(raw) ? (raw as readonly Json[]).map(text) : text(raw).split(',')).map((group) => group.trim()).filter(Boolean);
    const vars = Object.fromEntries(Object.entries(given).filter(([key]) => !NAMES.includes(key) && !GROUPS.includes(key)));
    const changed = control.addHost(name, groups, vars);
    return { changed, add_host: { host_name: name, groups, host_vars: vars } };
  },
});

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
