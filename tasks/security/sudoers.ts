import { posix } from 'node:path';
import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Texts, Word, params } from '../../runner/task/params.ts';
import { contentChanges } from '../files/common/content.ts';
import { lookAtText, type TextFile } from '../files/common/text-file.ts';

const schema = params({
  name: Word.describe('Name of the file; sudo reads none with a dot in it.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the rule shall be there.'),
  user: Text.optional().describe('User it is for.'),
  group: Text.optional().describe('Group it is for.'),
  commands: Texts.optional().describe('Commands it allows, with their whole path, or ALL.'),
  host: Text.default('ALL').describe('Host it counts on.'),
  runas: Text.optional().describe('User that the commands may run as.'),
  nopassword: Flag.default(true).describe('Whether no password is asked for.'),
  setenv: Flag.default(false).describe('Whether variables of the environment may be kept.'),
  noexec: Flag.default(false).describe('Whether the commands may not start others.'),
  sudoers_path: Text.default('/etc/sudoers.d').describe('Folder of the file.'),
  validation: z.enum(['absent', 'detect', 'required']).default('detect').describe('Whether visudo must accept the rule: not, where there is a visudo, or always.'),
})
  .refine(({ user, group }) => user === undefined || group === undefined, 'parameters are mutually exclusive: user|group')
  .refine(({ state, commands }) => state === 'absent' || commands !== undefined, 'state is present but all of the following are missing: commands')
  .refine(({ state, user, group }) => state === 'absent' || user !== undefined || group !== undefined, 'one of the following is required: user, group');
type Params = z.output<typeof schema>;

type Seen = TextFile & { readonly refused?: string };

function rule({ user, group, commands = [], host, runas, nopassword, setenv, noexec }: Params): string {
  const tags = [...(noexec ? ['NOEXEC:'] : []), ...(nopassword ? ['NOPASSWD:'] : []), ...(setenv ? ['SETENV:'] : [])].join('');
  return `${user ?? `%${group ?? ''}`} ${host}=${runas === undefined ? '' : `(${runas})`}${tags} ${commands.join(', ')}\n`;
}

/** A rule of sudo. */
export default defineTask<Params, Seen>({
  name: 'sudoers',
  summary: 'A rule of sudo, in a file of its own.',
  description: 'visudo is asked before anything is written, so that check mode already refuses what sudo would not read.',
  examples: `
- sudoers: { name: deploy, user: deploy, commands: [/usr/bin/systemctl restart app] }
`,
  params: schema,
  async probe(given, host) {
    const file = await lookAtText(posix.join(given.sudoers_path, given.name), host, {});
    if (given.state === 'absent' || given.validation === 'absent') return file;
    const refused = await host.read(sh`visudo -c -f -`.with({ stdin: rule(given) }), ({ code, stdout, stderr }) => {
      if (code === 127) return given.validation === 'required' ? 'Failed to find required executable "visudo"' : undefined;
      return code === 0 ? undefined : `Failed to validate sudoers rule:\n${stdout || stderr}`;
    });
    return { ...file, ...(refused !== undefined && { refused }) };
  },
  plan(given, seen): readonly Change[] {
    if (given.state === 'absent') return seen.content ? [change('rule', seen.content.toString().trimEnd(), ABSENT, [{ remove: seen.path }])] : [];
    if (seen.refused !== undefined) throw new TaskFailure(seen.refused);
    const text = rule(given);
    return contentChanges(seen, seen.content, { content: Buffer.from(text), mode: '0440' }, { aspect: 'rule', before: seen.content?.toString().trimEnd() ?? ABSENT, after: text.trimEnd() });
  },
});
