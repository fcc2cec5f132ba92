import type { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';
import { Text, Texts, params } from '../../runner/task/params.ts';

const schema = params({
  key: Text.describe('Name of the group; spaces become dashes.'),
  parents: Texts.default(['all']).describe('Groups that this one belongs to.'),
});

const name = (group: string): string => group.replaceAll(' ', '-');

/** Groups hosts. */
export default defineControl<z.output<typeof schema>>({
  name: 'group_by',
  summary: 'Puts the host into a group made from a variable, for the plays that follow.',
  examples: `
- group_by: { key: "os_{{ ansible_facts.distribution }}" }
`,
  params: schema,
  act({ key, parents }, control) {
    const groups = parents.map(name);
    return { changed: control.groupBy(name(key), groups), add_group: name(key), parent_groups: groups };
  },
});
