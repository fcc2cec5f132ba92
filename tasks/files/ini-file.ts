import { z } from 'zod';
import { ABSENT, type Change } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Texts, params } from '../../runner/task/params.ts';
import { performSteps } from '../../runner/task/perform.ts';
import { editIni, type IniEdited } from '../parse/ini-edit.ts';
import { attributeFields } from './common/attributes.ts';
import { contentChanges } from './common/content.ts';
import { lookAtText, madeByEdit, parentSteps, type TextFile } from './common/text-file.ts';

const schema = params({
  path: Text.meta({ aliases: ['dest'] }).describe('The file.'),
  section: Text.optional().describe('The section, without brackets; without it, what stands before the first one.'),
  option: Text.optional().describe('The option; without it, only the section is looked at.'),
  value: Text.optional().describe('Its value.'),
  values: Texts.optional().describe('Its values, each on a line of its own.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the option (or the section) shall be there.'),
  exclusive: Flag.default(true).describe('Remove other values of the option; `absent` then needs no value.'),
  allow_no_value: Flag.default(false).describe('Let the option stand without `=`.'),
  no_extra_spaces: Flag.default(false).describe('Write `a=b` instead of `a = b`.'),
  create: Flag.default(true).describe('Create the file when there is none.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
  ...attributeFields,
})
  .refine(({ value, values }) => value === undefined || values === undefined, 'parameters are mutually exclusive: value|values')
  .refine(({ state, allow_no_value, value, values }) => state === 'absent' || allow_no_value || value !== undefined || (values?.length ?? 0) > 0, "Parameter 'value(s)' must be defined if state=present and allow_no_value=False.");
type Params = z.output<typeof schema>;

// Bytes that are no UTF-8 stay as they are: everything is edited as latin1.
const bytes = (text: string): string => Buffer.from(text).toString('latin1');
const text = (latin1: string): string => Buffer.from(latin1, 'latin1').toString();

function edited(given: Params, { content }: TextFile): IniEdited {
  const values = given.value === undefined ? [...new Set(given.values ?? [])] : [given.value];
  return editIni((content?.toString('latin1') ?? '').replace(/^\xef\xbb\xbf/, ''), {
    section: given.section === undefined || given.section === '' ? undefined : bytes(given.section),
    option: given.option === undefined || given.option === '' ? undefined : bytes(given.option),
    values: values.map(bytes),
    state: given.state,
    exclusive: given.exclusive,
    noExtraSpaces: given.no_extra_spaces,
    allowNoValue: given.allow_no_value,
  });
}

/** An option of an ini file. */
export default defineTask<Params, TextFile>({
  name: 'ini_file',
  summary: 'Keeps an option or a section in an ini file, or out of it.',
  description: 'The file is edited line by line: comments, order and all other lines stay. An option that is commented out is taken into use where it stands.',
  examples: `
- ini_file: { path: /etc/php/8.2/fpm/php.ini, section: PHP, option: memory_limit, value: 256M, mode: '0644' }
- ini_file: { path: /etc/app.ini, section: old, state: absent }
`,
  params: schema,
  foreseeable: true,
  probe: (given, host) => lookAtText(given.path, host, given),
  plan(given, seen): readonly Change[] {
    if (!seen.content && !given.create) throw new TaskFailure(`Destination ${seen.path} does not exist!`, { rc: 257 });
    const edit = edited(given, seen);
    if (!edit.changed) return seen.content ? contentChanges(seen, seen.content, { ...given, content: seen.content }) : [];
    const content = Buffer.from(edit.text, 'latin1');
    const again = edited(given, { ...seen, content }).text !== edit.text;
    const changes = contentChanges(seen, seen.content, { ...given, content }, { aspect: edit.msg === 'OK' ? 'end of line' : edit.msg, before: shown(edit.removed), after: shown(edit.added) });
    return parentSteps(seen, madeByEdit(changes, again));
  },
  async apply(change, host) {
    await performSteps(change.steps, host);
    return /added|removed|changed/.test(change.aspect) ? { msg: change.aspect } : {};
  },
  result: (_, seen) => ({ path: seen.path, msg: 'OK' }),
});

function shown(lines: readonly string[]): Change['before'] {
  return lines.length === 0 ? ABSENT : lines.length === 1 ? text(lines[0] ?? '') : lines.map(text);
}
