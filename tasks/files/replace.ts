import type { z } from 'zod';
import type { Change } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { parseReplacement } from '../../runner/util/python-replacement.ts';
import { translateRegex } from '../../runner/util/python-regex.ts';
import { attributeFields } from './common/attributes.ts';
import { contentChanges } from './common/content.ts';
import { complaint, Pattern } from './common/pattern.ts';
import { lookAtText, madeByEdit, type TextFile } from './common/text-file.ts';

const schema = params({
  path: Text.meta({ aliases: ['dest', 'destfile', 'name'] }).describe('The file to edit.'),
  regexp: Pattern.describe('Python pattern to look for in the whole text; `^` and `$` stand for line ends.'),
  replace: Text.default('').describe('What every match becomes; may refer to groups (`\\1`, `\\g<name>`). Empty removes the matches.'),
  after: Pattern.optional().describe('Only what comes after a match of this pattern is looked at.'),
  before: Pattern.optional().describe('Only what comes before a match of this pattern is looked at.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
  validate: Text.optional().describe('Command that must accept the new file, with `%s` in place of its path.'),
  encoding: Text.default('utf-8').describe('How the file is encoded: utf-8, latin1, ascii or utf-16le.'),
  ...attributeFields,
}).superRefine(({ regexp, replace }, context) => {
  // A pattern that also matches nothing tells which groups it has.
  const message = complaint(() => parseReplacement(replace)(new RegExp(`${translateRegex(regexp).source}|`).exec('')!));
  if (message !== undefined) context.addIssue({ code: 'custom', path: ['replace'], message });
});

type Params = z.output<typeof schema>;

/** The pattern for the part of the text that `after` and `before` leave; undefined for all of it. */
function sectionPattern({ after = '', before = '' }: Params): string | undefined {
  return after === '' && before === '' ? undefined : `${after}(?P<subsection>.*${after !== '' && before !== '' ? '?' : ''})${before}`;
}

/** The text after all replacements and how many there were; undefined when `after`/`before` match nothing. */
function replaced(given: Params, text: string): { readonly text: string; readonly count: number } | undefined {
  let [start, end] = [0, text.length];
  const within = sectionPattern(given);
  if (within !== undefined) {
    const section = translateRegex(within, 'sd').exec(text);
    const span = section?.indices?.groups?.['subsection'];
    if (!span) return undefined;
    [start, end] = span;
  }
  let count = 0;
  const expand = parseReplacement(given.replace);
  const pattern = translateRegex(given.regexp, 'gm');
  const section = text.slice(start, end);
  let out = '';
  let from = 0;
  for (const match of section.matchAll(pattern)) {
    out += section.slice(from, match.index) + expand(match);
    from = match.index + match[0].length;
    count += 1;
  }
  return { text: text.slice(0, start) + out + section.slice(from) + text.slice(end), count };
}

function edited(given: Params, seen: TextFile): { readonly content: Buffer; readonly message: string } {
  const encoding = given.encoding.toLowerCase().replace(/^utf_?8$/, 'utf-8').replace(/^(iso-8859-1|latin-1)$/, 'latin1') as BufferEncoding;
  if (!Buffer.isEncoding(encoding)) throw new TaskFailure(`the encoding '${given.encoding}' is not known`);
  const old = seen.content ?? Buffer.alloc(0);
  const outcome = replaced(given, old.toString(encoding));
  if (!outcome) return { content: old, message: `Pattern for before/after params did not match the given file: ${sectionPattern(given) ?? ''}` };
  const content = Buffer.from(outcome.text, encoding);
  return { content, message: content.equals(old) ? '' : `${outcome.count} replacements made` };
}

/** Replaces all matches of a pattern in a file. */
export default defineTask({
  name: 'replace',
  summary: 'Replaces every match of a pattern in a text file.',
  description: 'A pattern that matches what it was replaced by changes the file again each time.',
  examples: `
- name: The new name of the database host
  replace:
    path: /etc/app.conf
    regexp: '^(db_host\\s*=\\s*)old\\.example\\.org$'
    replace: '\\1new.example.org'
`,
  params: schema,
  foreseeable: true,
  probe: (given, host) => lookAtText(given.path, host, given),
  plan(given, seen): readonly Change[] {
    if (!seen.content) throw new TaskFailure(`Path ${seen.path} does not exist !`, { rc: 257 });
    const { content, message } = edited(given, seen);
    const again = !edited(given, { ...seen, content }).content.equals(content);
    return madeByEdit(contentChanges(seen, seen.content, { ...given, content }, { aspect: 'text', before: given.regexp, after: message }), again);
  },
  outcome(change): JsonObject {
    if (change.aspect !== 'text' && change.steps.length === 0) return {};
    return { msg: change.aspect === 'text' ? (change.after as string) : 'ownership, perms or SE linux context changed' };
  },
  result: (given, seen) => ({ rc: 0, msg: edited(given, seen).message }),
});
