import type { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, params } from '../../runner/task/params.ts';

const schema = params({ msg: Text.default('Failed as requested from task').describe('Why.') });

/** Gives up. */
export default defineControl<z.output<typeof schema>>({
  name: 'fail',
  summary: 'Fails with a message; to be used with `when`.',
  examples: `
- fail: { msg: CentOS 6 is required }
  when: ansible_facts.distribution_major_version != '6'
`,
  params: schema,
  act({ msg }) {
    throw new TaskFailure(msg);
  },
});
