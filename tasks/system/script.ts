import type { z } from 'zod';
import { change } from '../../runner/task/change.ts';
import { rawCommand, sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { splitShellWords } from '../parse/shell-words.ts';
import { certainty, commandFields, inFolder, isGuarded, judge, runAndTell, tellSkipped, type Verdict } from './common/run-command.ts';

const schema = params({
  cmd: Text.describe('Script on the controller, with its arguments.'),
  executable: Text.optional().describe("Program that runs it, instead of the one in its first line or /bin/sh."),
  decrypt: Flag.default(true).describe('Taken for compatibility: encrypted scripts are always decrypted.'),
  ...commandFields,
});

interface Prepared extends z.output<typeof schema> {
  readonly content: Buffer;
  readonly args: readonly string[];
}

/** Runs a script of the controller. */
export default defineTask<z.output<typeof schema>, Verdict | null, Prepared>({
  name: 'script',
  summary: 'Runs a script of the controller on the host.',
  description: 'The script is put into a folder that only the user can read, run, and removed. Its first line may name an interpreter; without one, /bin/sh runs it.',
  examples: `
- script: init-db.sh --fast
  args: { creates: /var/lib/db }
`,
  params: schema,
  freeForm: 'cmd',
  predictable: false,
  guarded: isGuarded,
  async prepare(given, controller) {
    const [name, ...args] = splitShellWords(given.cmd);
    if (name === undefined) throw new TaskFailure('no script given');
    return { ...given, args, content: await controller.readFile(await controller.find(name, 'files')) };
  },
  probe: judge,
  plan: (given, verdict) => (verdict ? [] : [change('command', 'not run', 'run', [scriptOf(given)], certainty(given))]),
  async apply(_, host, given) {
    const { rc, stdout, stderr } = await runAndTell(scriptOf(given), host, { cmd: given.cmd, strip: false });
    return { rc: rc ?? 0, stdout: stdout ?? '', stderr: stderr ?? '' };
  },
  result: (given, verdict) => tellSkipped(verdict, given.cmd),
});

function scriptOf({ content, executable, args, chdir }: Prepared): Command {
  const named = /^#!\s*([^\r\n]+)/.exec(content.toString('latin1', 0, 256))?.[1]?.trim().split(/\s+/);
  const program = executable === undefined ? (named ?? ['/bin/sh']) : [executable];
  const run = inFolder(chdir, sh`${program} "$d/script" ${args} </dev/null`);
  // The folder's name cannot be guessed into a trap: mkdir fails when something is there already, a link included. It ends in the session's
  // process id, as session folders do: what is left of it without its session is swept up with them.
  return sh`umask 077
d=\${TMPDIR:-/tmp}/.rollcall-script-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \\n').$$
mkdir "$d" || exit 1
trap 'rm -rf "$d"' EXIT
trap 'exit 143' HUP INT TERM
cat >"$d/script" || exit 1
umask 022
${rawCommand('(')} ${run}
${rawCommand(')')}`.with({ stdin: content });
}
