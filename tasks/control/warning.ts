import { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';

const params = z.strictObject({
  msg: z.string().min(1).describe('The warning, in one or more sentences: what is wrong and what follows from it.'),
});

/** Tells the person who runs the playbook something that must not drown among the tasks. */
export default defineControl<z.output<typeof params>>({
  name: 'warning',
  summary: 'Publishes a warning that is shown at once and again at the end of the run.',
  description: 'For playbooks that know a risk which is no failure, such as a cluster without fencing.',
  examples: `- name: Say what a missing fence device means
  warning:
    msg: No fence device is given; a crashed node's services will not be taken over.
  when: fence_devices | length == 0
  run_once: true
`,
  params,
  freeForm: 'msg',
  act({ msg }, control) {
    control.note('warning', msg);
    return { msg };
  },
});
