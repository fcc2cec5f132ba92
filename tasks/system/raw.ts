import type { z } from 'zod';
import { change } from '../../runner/task/change.ts';
import { rawCommand, sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Text, params } from '../../runner/task/params.ts';
import { runAndTell } from './common/run-command.ts';

const schema = params({
  cmd: Text.describe('What the shell shall run.'),
  executable: Text.optional().describe('Another shell than /bin/sh.'),
});

type Params = z.output<typeof schema>;

/** Runs a shell command, with no guards. */
export default defineTask<Params, null>({
  name: 'raw',
  summary: 'Runs a command line in a shell, as it is and without conditions.',
  description: 'The same as `shell` here, since no module needs more than /bin/sh on the host; kept for existing playbooks.',
  examples: `
- raw: yum -y install python3
`,
  params: schema,
  freeForm: 'cmd',
  predictable: false,
  probe: async () => null,
  plan: (given) => [change('command', 'not run', 'run', [scriptOf(given)])],
  async apply(_, host, given) {
    const { rc, stdout, stderr } = await runAndTell(scriptOf(given), host, { cmd: given.cmd, strip: false });
    return { rc: rc ?? 0, stdout: stdout ?? '', stderr: stderr ?? '' };
  },
});

function scriptOf({ cmd, executable }: Params): Command {
  return executable === undefined ? rawCommand(cmd) : sh`${executable} -c ${cmd}`;
}
