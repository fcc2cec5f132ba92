import { z } from 'zod';
import { ABSENT, type Change } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { ensureLine, removeLines, type Edited } from '../parse/line-edit.ts';
import { attributeFields } from './common/attributes.ts';
import { contentChanges } from './common/content.ts';
import { Pattern } from './common/pattern.ts';
import { lookAtText, madeByEdit, parentSteps, type TextFile } from './common/text-file.ts';

const schema = params({
  path: Text.meta({ aliases: ['dest', 'destfile', 'name'] }).describe('The file to edit.'),
  line: Text.optional().meta({ aliases: ['value'] }).describe('The line that shall be in the file. With `backrefs`, may refer to groups of `regexp`.'),
  regexp: Pattern.optional().meta({ aliases: ['regex'] }).describe('Python pattern of the line to replace (the last one that matches) or, with `state: absent`, of the lines to remove.'),
  search_string: Text.optional().describe('Like `regexp`, but a text to be found as it is.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the line shall be there.'),
  insertafter: Pattern.optional().describe('Where a new line goes: after the last line that matches this pattern, or `EOF`.'),
  insertbefore: Pattern.optional().describe('Where a new line goes: before the last line that matches this pattern, or `BOF`.'),
  backrefs: Flag.default(false).describe('Fill groups of `regexp` into `line`; without a match the file stays as it is.'),
  firstmatch: Flag.default(false).describe('Let the first match count instead of the last.'),
  create: Flag.default(false).describe('Create the file when there is none.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
  validate: Text.optional().describe('Command that must accept the new file, with `%s` in place of its path.'),
  ...attributeFields,
})
  .refine((given) => given.insertafter === undefined || given.insertbefore === undefined, 'parameters are mutually exclusive: insertbefore|insertafter')
  .refine((given) => given.regexp === undefined || given.search_string === undefined, 'parameters are mutually exclusive: regexp|search_string')
  .refine((given) => !given.backrefs || given.search_string === undefined, 'parameters are mutually exclusive: backrefs|search_string')
  .refine((given) => !given.backrefs || given.regexp !== undefined || given.state === 'absent', 'regexp is required with backrefs=true')
  .refine((given) => given.line !== undefined || given.state === 'absent', 'line is required with state=present')
  .refine((given) => given.state === 'present' || given.line !== undefined || given.regexp !== undefined || given.search_string !== undefined, 'one of line, search_string, or regexp is required with state=absent');

type Params = z.output<typeof schema>;

const bytes = (text: string): string => Buffer.from(text).toString('latin1');
const bytesOrNone = (text: string | undefined): string | undefined => (text === undefined ? undefined : bytes(text));
const text = (latin1: string): string => Buffer.from(latin1, 'latin1').toString();

function edited(given: Params, seen: TextFile): Edited {
  const old = seen.content?.toString('latin1') ?? '';
  const find = { regexp: bytesOrNone(given.regexp), searchString: bytesOrNone(given.search_string) };
  if (given.state === 'absent') return removeLines(old, { ...find, line: bytesOrNone(given.line) });
  const insertAfter = given.insertafter ?? (given.insertbefore === undefined ? 'EOF' : undefined);
  return ensureLine(old, { ...find, line: bytes(given.line ?? ''), insertAfter: bytesOrNone(insertAfter), insertBefore: bytesOrNone(given.insertbefore), backrefs: given.backrefs, firstMatch: given.firstmatch });
}

function message({ removed, added }: { removed: readonly unknown[]; added: readonly unknown[] }): string {
  if (added.length > 0) return removed.length > 0 ? 'line replaced' : 'line added';
  return removed.length > 0 ? `${removed.length} line(s) removed` : '';
}

/** Keeps one line in a text file. */
export default defineTask({
  name: 'lineinfile',
  summary: 'Keeps a particular line in a text file, or out of it.',
  description: 'Finds a line by a Python pattern or text and replaces it, or adds the line where it is missing. For many lines at once `blockinfile`, for whole files `config` or `template` are better.',
  examples: `
- name: No root logins over SSH
  lineinfile:
    path: /etc/ssh/sshd_config
    regexp: '^#?PermitRootLogin'
    line: PermitRootLogin no
    validate: sshd -t -f %s
- name: No swap in fstab
  lineinfile: { path: /etc/fstab, regexp: '\\sswap\\s', state: absent }
`,
  params: schema,
  foreseeable: true,
  probe: (given, host) => lookAtText(given.path, host, given),
  plan(given, seen): readonly Change[] {
    if (!seen.content) {
      if (given.state === 'absent') return [];
      if (!given.create) throw new TaskFailure(`Destination ${seen.path} does not exist !`, { rc: 257 });
    }
    const edit = edited(given, seen);
    const content = Buffer.from(edit.text, 'latin1');
    const shown = { aspect: 'line', before: shownLines(edit.removed), after: shownLines(edit.added) };
    const changes = contentChanges(seen, seen.content, { ...given, content }, shown);
    const again = edited(given, { ...seen, content }).text !== edit.text;
    return parentSteps(seen, madeByEdit(changes, again));
  },
  outcome(change): JsonObject {
    if (change.aspect !== 'line') return change.steps.length === 0 ? {} : { msg: 'ownership, perms or SE linux context changed' };
    const [removed, added] = [counted(change.before), counted(change.after)];
    return { msg: message({ removed, added }), ...(added.length === 0 && { found: removed.length }) };
  },
  result(given, seen) {
    if (!seen.content) return { msg: given.state === 'absent' ? 'file not present' : 'line added', backup: '' };
    const edit = edited(given, seen);
    return { msg: message(edit), backup: '', ...(given.state === 'absent' && { found: edit.removed.length }) };
  },
});

function counted(side: Change['before']): readonly unknown[] {
  if (side === ABSENT) return [];
  return Array.isArray(side) ? side : [side];
}

function shownLines(lines: readonly string[]): Change['before'] {
  return lines.length === 0 ? ABSENT : lines.length === 1 ? text(lines[0] ?? '') : lines.map(text);
}
