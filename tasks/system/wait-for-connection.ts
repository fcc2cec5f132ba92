import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Whole, params } from '../../runner/task/params.ts';

const schema = params({
  timeout: Whole.default(600).describe('Seconds until it counts as failed.'),
  connect_timeout: Whole.default(5).describe('Seconds for one try.'),
  delay: Whole.default(0).describe('Seconds to wait before the first try.'),
  sleep: Whole.default(1).describe('Seconds between tries.'),
});

/** Waits for the host itself. */
export default defineTask<z.output<typeof schema>, null>({
  name: 'wait_for_connection',
  summary: 'Waits until the host can be reached and runs commands.',
  description: 'Check mode does not wait. A wait is never a change: the task ends as ok.',
  examples: `
- wait_for_connection: { delay: 10, timeout: 300 }
`,
  params: schema,
  probe: async () => null,
  plan: ({ timeout }) => [change('waiting', 'not yet', `connected within ${timeout} s`, [sh`true`], { waits: true, repeats: true })],
  async apply(_, host, { timeout, connect_timeout, delay, sleep: pause }) {
    const begin = Date.now();
    const elapsed = (): number => Math.floor((Date.now() - begin) / 1000);
    await sleep(delay * 1000, undefined, { signal: host.signal });
    for (;;) {
      try {
        await host.run(sh`true`.with({ timeout: connect_timeout }));
        return { elapsed: elapsed() };
      } catch (error) {
        // Whatever the reason, it may have gone a second later: that is what is being waited for.
        if (host.signal.aborted) throw error;
        if (Date.now() - begin >= timeout * 1000) throw new TaskFailure(`timed out waiting for ping module test: ${error instanceof Error ? error.message : String(error)}`, { elapsed: elapsed() });
      }
      await sleep(pause * 1000, undefined, { signal: host.signal });
    }
  },
  result: () => ({ elapsed: 0 }),
});
