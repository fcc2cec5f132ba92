import { posix } from 'node:path';
import { z } from 'zod';
import { ABSENT, type Change } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Texts, Word, params } from '../../runner/task/params.ts';
import { contentChanges } from '../files/common/content.ts';
import { lookAtText, type TextFile } from '../files/common/text-file.ts';
import { editPam, pamArguments } from '../parse/pam-edit.ts';

const Type = z.enum(['account', '-account', 'auth', '-auth', 'password', '-password', 'session', '-session']);
const Control = Text.refine((control) => /^(required|requisite|sufficient|optional|include|substack|definitive|\[.*\])$/.test(control), 'must be a control such as required or sufficient, or [value=action …]');

const schema = params({
  name: Word.describe('The service: a file in `path`.'),
  type: Type.describe('Type of the rule that is looked for.'),
  control: Text.describe('Its control.'),
  module_path: Text.describe('Its module.'),
  new_type: Type.optional().describe('Type that it gets, or that a new rule has.'),
  new_control: Control.optional().describe('Control that it gets, or that a new rule has.'),
  new_module_path: Text.optional().describe('Module that it gets, or that a new rule has.'),
  module_arguments: Texts.optional().describe("The module's arguments; an empty one takes all away."),
  state: z.enum(['absent', 'after', 'args_absent', 'args_present', 'before', 'updated']).default('updated').describe('updated: the rule gets what is given as new. before, after: a new rule stands beside it. args_present, args_absent: only its arguments. absent: there is no such rule.'),
  path: Text.default('/etc/pam.d').describe('Folder of the services.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
})
  .refine(({ state, module_arguments }) => !state.startsWith('args_') || module_arguments !== undefined, 'state is args_present or args_absent but all of the following are missing: module_arguments')
  .refine(({ state, new_type, new_control, new_module_path }) => !['before', 'after'].includes(state) || (new_type !== undefined && new_control !== undefined && new_module_path !== undefined), 'state is before or after but any of the following are missing: new_control, new_type, new_module_path')
  .refine(({ state, module_arguments }) => state !== 'args_present' || !pamArguments(module_arguments ?? []).some((arg) => arg.startsWith('[')), "Unable to process bracketed '[' complex arguments with 'args_present'. Please use 'updated'.");
type Params = z.output<typeof schema>;

function edited(given: Params, content: Buffer): { readonly text: string; readonly count: number } {
  const { state, type, control, module_path, new_type, new_control, new_module_path, module_arguments } = given;
  return editPam(content.toString(), {
    state,
    find: { type, control, path: module_path },
    put: { type: new_type, control: new_control, path: new_module_path, args: module_arguments && pamArguments(module_arguments) },
  });
}

/** A rule of a PAM service. */
export default defineTask<Params, TextFile>({
  name: 'pamd',
  summary: 'A rule of a PAM service: changed, put beside another, or removed.',
  description: 'A rule is found by type, control and module. All other lines stay byte for byte, and no line says when the file was changed.',
  examples: `
- pamd: { name: system-auth, type: auth, control: required, module_path: pam_faildelay.so, module_arguments: delay=4000000 }
`,
  params: schema,
  probe: ({ path, name }, host) => lookAtText(posix.join(path, name), host, {}),
  plan(given, seen): readonly Change[] {
    if (!seen.content) throw new TaskFailure(`Unable to open/read PAM module file ${seen.path}: there is none.`);
    const { text, count } = edited(given, seen.content);
    if (count === 0) return [];
    const only = (a: string, b: string): Change['before'] => {
      const lines = a.split('\n').filter((line) => !b.split('\n').includes(line));
      return lines.length === 0 ? ABSENT : lines.length === 1 ? (lines[0] ?? '') : lines;
    };
    const old = seen.content.toString();
    return contentChanges(seen, seen.content, { content: Buffer.from(text), backup: given.backup }, { aspect: 'rule', before: only(old, text), after: only(text, old) });
  },
  result: () => ({ change_count: 0, backupdest: '' }),
});
