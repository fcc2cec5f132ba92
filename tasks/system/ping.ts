import type { z } from 'zod';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Text, params } from '../../runner/task/params.ts';

const schema = params({ data: Text.default('pong').describe('What to answer; `crash` fails.') });

/** Proves that a host answers. */
export default defineTask<z.output<typeof schema>, boolean>({
  name: 'ping',
  summary: 'Proves that the host can be reached and runs commands. Changes nothing.',
  examples: `
- ping: {}
`,
  params: schema,
  volatile: true,
  probe: (_, host) => host.read(sh`echo pong`, ({ stdout }) => stdout.trim() === 'pong'),
  plan({ data }, answered) {
    if (data === 'crash') throw new TaskFailure('boom');
    if (!answered) throw new TaskFailure('the shell of the host does not run commands');
    return [];
  },
  result: ({ data }) => ({ ping: data }),
});
