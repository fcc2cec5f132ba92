import { z } from 'zod';
import { ABSENT, type Change } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { editBlock, type BlockEdited } from '../parse/block-edit.ts';
import { attributeFields } from './common/attributes.ts';
import { contentChanges } from './common/content.ts';
import { Pattern } from './common/pattern.ts';
import { lookAtText, madeByEdit, parentSteps, type TextFile } from './common/text-file.ts';

const schema = params({
  path: Text.meta({ aliases: ['dest', 'destfile', 'name'] }).describe('The file to edit.'),
  block: Text.default('').meta({ aliases: ['content'] }).describe('The lines between the markers. Empty removes the block.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the block shall be there.'),
  marker: Text.default('# {mark} ANSIBLE MANAGED BLOCK').describe('The line before and after the block; `{mark}` becomes `marker_begin` or `marker_end`.'),
  marker_begin: Text.default('BEGIN').describe('What `{mark}` becomes in the line before the block.'),
  marker_end: Text.default('END').describe('What `{mark}` becomes in the line after the block.'),
  insertafter: Pattern.optional().describe('Where a new block goes: after the last line that matches this pattern, or `EOF`.'),
  insertbefore: Pattern.optional().describe('Where a new block goes: before the last line that matches this pattern, or `BOF`.'),
  prepend_newline: Flag.default(false).describe('Have an empty line before a new block that is not at the top.'),
  append_newline: Flag.default(false).describe('Have an empty line after a new block that is not at the end.'),
  create: Flag.default(false).describe('Create the file when there is none.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
  validate: Text.optional().describe('Command that must accept the new file, with `%s` in place of its path.'),
  ...attributeFields,
}).refine((given) => given.insertafter === undefined || given.insertbefore === undefined, 'parameters are mutually exclusive: insertbefore|insertafter');

type Params = z.output<typeof schema>;

const bytes = (text: string): string => Buffer.from(text).toString('latin1');
const optional = (text: string | undefined): string | undefined => (text === undefined ? undefined : bytes(text));

function edited(given: Params, seen: TextFile): BlockEdited {
  const mark = (word: string): string => bytes(given.marker.replaceAll('{mark}', () => word));
  return editBlock(seen.content?.toString('latin1') ?? '', {
    block: given.state === 'absent' ? '' : bytes(given.block),
    begin: mark(given.marker_begin),
    end: mark(given.marker_end),
    insertAfter: optional(given.insertafter),
    insertBefore: optional(given.insertbefore),
    prependNewline: given.prepend_newline,
    appendNewline: given.append_newline,
  });
}

/** Keeps a marked block of lines in a text file. */
export default defineTask({
  name: 'blockinfile',
  summary: 'Keeps a block of lines between two marker lines in a text file, or out of it.',
  description: 'Several blocks in one file need different markers.',
  examples: `
- name: Addresses of the cluster
  blockinfile:
    path: /etc/hosts
    marker: '# {mark} cluster'
    block: |
      10.0.0.1 node1
      10.0.0.2 node2
`,
  params: schema,
  foreseeable: true,
  probe: (given, host) => lookAtText(given.path, host, given),
  plan(given, seen): readonly Change[] {
    if (!seen.content) {
      if (!given.create) throw new TaskFailure(`Path ${seen.path} does not exist !`, { rc: 257 });
      if (given.state === 'absent') return [];
    }
    const { text, before } = edited(given, seen);
    const after = given.state === 'absent' || given.block === '' ? ABSENT : given.block;
    const shown = { aspect: seen.content ? 'block' : 'file', before: before === undefined ? ABSENT : Buffer.from(before, 'latin1').toString(), after };
    const content = Buffer.from(text, 'latin1');
    const again = edited(given, { ...seen, content }).text !== text;
    return parentSteps(seen, madeByEdit(contentChanges(seen, seen.content, { ...given, content }, shown), again));
  },
  outcome(change): JsonObject {
    if (change.aspect === 'file') return { msg: 'File created' };
    if (change.aspect !== 'block') return change.steps.length === 0 ? {} : { msg: 'ownership, perms or SE linux context changed' };
    return { msg: change.after === ABSENT ? 'Block removed' : 'Block inserted' };
  },
  result(given, seen) {
    if (!seen.content) return { msg: given.state === 'absent' ? `File ${seen.path} not present` : 'File created' };
    if (edited(given, seen).text === seen.content.toString('latin1')) return { msg: '' };
    return { msg: given.state === 'absent' || given.block === '' ? 'Block removed' : 'Block inserted' };
  },
});
