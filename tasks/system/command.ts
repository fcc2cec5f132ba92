import { z } from 'zod';
import { change } from '../../runner/task/change.ts';
import { quoteWord, rawCommand, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Text, params } from '../../runner/task/params.ts';
import { splitShellWords } from '../parse/shell-words.ts';
import { certainty, commandFields, inFolder, isGuarded, judge, runAndTell, stdinOf, streamFields, tellSkipped, type Verdict } from './common/run-command.ts';

const schema = params({
  cmd: Text.optional().describe('The command, split into words as a shell would; nothing but `$NAME` and a leading `~` is special.'),
  argv: z.array(Text).optional().describe('The command as a list of words, instead of `cmd`.'),
  ...commandFields,
  ...streamFields,
})
  .refine((given) => (given.cmd ?? '').trim() !== '' || (given.argv ?? []).length > 0, 'no command given')
  .refine((given) => given.cmd === undefined || given.argv === undefined, 'only command or argv can be given, not both')
  .superRefine(({ cmd = '' }, context) => {
    try {
      splitShellWords(cmd);
    } catch (error) {
      context.addIssue({ code: 'custom', path: ['cmd'], message: (error as RangeError).message });
    }
  });

type Params = z.output<typeof schema>;

const wordsOf = ({ cmd, argv }: Params): readonly string[] => argv ?? splitShellWords(cmd ?? '');

/** Runs a program. */
export default defineTask<Params, Verdict | null>({
  name: 'command',
  summary: 'Runs a program, without a shell in between.',
  description: 'What it changes cannot be foreseen: check mode says that it would run. With `creates`, `removes`, `unless` or `onlyif` it can say when it would not.',
  examples: `
- command: mkfs.ext4 /dev/sdb1
  args: { unless: blkid /dev/sdb1 }
- command:
    argv: [createdb, --owner, app, app]
    creates: /var/lib/pgsql/app
`,
  params: schema,
  freeForm: 'cmd',
  predictable: false,
  guarded: isGuarded,
  probe: judge,
  plan: (given, verdict) => (verdict ? [] : [change('command', 'not run', 'run', [scriptOf(given)], certainty(given))]),
  apply: (_, host, given) => runAndTell(scriptOf(given), host, { cmd: wordsOf(given), strip: given.strip_empty_ends }),
  result: (given, verdict) => tellSkipped(verdict, wordsOf(given)),
});

function scriptOf(given: Params): Command {
  const command = rawCommand(wordsOf(given).map(expandedWord).join(' '));
  const stdin = stdinOf(given);
  return inFolder(given.chdir, stdin === undefined ? command : command.with({ stdin }));
}

/** One word in which `$NAME`, `\${NAME}` (when set) and a leading `~` are expanded, as Ansible does for this module. */
function expandedWord(word: string): string {
  const [, home = '', rest = ''] = /^(~[A-Za-z0-9_-]*(?=\/|$))?([\s\S]*)$/.exec(word) ?? [];
  if (!/\$\{?\w/.test(rest)) return home + (home !== '' && rest === '' ? '' : quoteWord(rest));
  const parts = rest.split(/(\$\w+|\$\{\w+\})/).filter((part) => part !== '');
  return home + parts.map((part) => {
    const name = /^\$\{?([A-Za-z_]\w*)\}?$/.exec(part)?.[1];
    return name === undefined ? quoteWord(part) : `"\${${name}-${part.replaceAll(/[$}]/g, '\\$&')}}"`;
  }).join('');
}
