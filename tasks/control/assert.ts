import { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';

/** A condition: an expression without braces, or a boolean. */
const Condition = z.union([z.string(), z.boolean()]);

const schema = params({
  that: z.union([Condition, z.array(Condition)]).describe('Conditions (no braces) that must all hold.'),
  fail_msg: z.union([Text, z.array(Text)]).optional().meta({ aliases: ['msg'] }).describe('What to say when one does not hold.'),
  success_msg: z.union([Text, z.array(Text)]).optional().describe('What to say when all hold.'),
  quiet: Flag.default(false).describe('Taken for compatibility: the conditions are never listed.'),
});

/** Makes sure of something. */
export default defineControl<z.output<typeof schema>>({
  name: 'assert',
  summary: 'Fails unless all its conditions hold.',
  examples: `
- assert:
    that:
      - groups['cluster'] | length == 2
      - ansible_facts.memtotal_mb > 1000
    fail_msg: not the cluster this was written for
`,
  params: schema,
  expressions: ['that'],
  act({ that, fail_msg = 'Assertion failed', success_msg = 'All assertions passed' }, control) {
    const list = Array.isArray(that) ? that : undefined;
    for (let index = 0; index < (list?.length ?? 1); index++) {
      const at = list ? index : undefined;
      const holds = control.evaluate('that', at);
      if (holds === true) continue;
      const assertion = control.expressionText('that', at);
      if (typeof holds !== 'boolean') throw new TaskFailure(`the condition '${assertion}' is ${JSON.stringify(holds)}, neither true nor false`, { assertion, evaluated_to: holds });
      throw new TaskFailure(Array.isArray(fail_msg) ? fail_msg.join('\n') : fail_msg, { assertion, evaluated_to: false, msg: fail_msg });
    }
    return { msg: success_msg };
  },
});
