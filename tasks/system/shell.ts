import type { z } from 'zod';
import { change } from '../../runner/task/change.ts';
import { rawCommand, sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Text, params } from '../../runner/task/params.ts';
import { certainty, commandFields, inFolder, isGuarded, judge, runAndTell, stdinOf, streamFields, tellSkipped, type Verdict } from './common/run-command.ts';

const schema = params({
  cmd: Text.describe("What the shell shall run; /bin/sh's language unless `executable` says otherwise."),
  executable: Text.optional().describe('Another shell, e.g. `/bin/bash`.'),
  ...commandFields,
  ...streamFields,
}).refine((given) => given.cmd.trim() !== '', 'no command given');

type Params = z.output<typeof schema>;

/** Runs a shell command. */
export default defineTask<Params, Verdict | null>({
  name: 'shell',
  summary: 'Runs a command line in a shell.',
  description: 'What it changes cannot be foreseen: check mode says that it would run. With `creates`, `removes`, `unless` or `onlyif` it can say when it would not.',
  examples: `
- shell: tar c /srv | ssh backup tar x
- shell: |
    set -o pipefail
    dump | gzip > /var/backups/dump.gz
  args: { executable: /bin/bash, creates: /var/backups/dump.gz }
`,
  params: schema,
  freeForm: 'cmd',
  predictable: false,
  guarded: isGuarded,
  probe: judge,
  plan: (given, verdict) => (verdict ? [] : [change('command', 'not run', 'run', [scriptOf(given)], certainty(given))]),
  apply: (_, host, given) => runAndTell(scriptOf(given), host, { cmd: given.cmd, strip: given.strip_empty_ends }),
  result: (given, verdict) => tellSkipped(verdict, given.cmd),
});

function scriptOf(given: Params): Command {
  const command = given.executable === undefined || given.executable === '/bin/sh' ? rawCommand(given.cmd) : sh`${given.executable} -c ${given.cmd}`;
  const stdin = stdinOf(given);
  return inFolder(given.chdir, stdin === undefined ? command : command.with({ stdin }));
}
