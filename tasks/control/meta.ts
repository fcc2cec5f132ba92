import { z } from 'zod';
import { defineControl } from '../../runner/task/control.ts';
import { params } from '../../runner/task/params.ts';

const ACTIONS = ['noop', 'flush_handlers', 'end_play', 'end_host', 'end_batch', 'end_role', 'clear_facts', 'clear_host_errors', 'refresh_inventory', 'reset_connection'] as const;

const schema = params({ action: z.enum(ACTIONS).describe('What to do.') });

/** Steers the run. */
export default defineControl<z.output<typeof schema>>({
  name: 'meta',
  summary: 'Steers the run: runs handlers now, ends the play or the host, forgets facts.',
  examples: `
- meta: flush_handlers
- meta: end_host
  when: already_installed
`,
  params: schema,
  freeForm: 'action',
  async act({ action }, control) {
    await control.meta(action);
    return { msg: action };
  },
});
