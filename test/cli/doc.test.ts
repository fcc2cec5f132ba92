import { z } from 'zod';
import { docMarkdown } from '../../runner/cli/doc/doc-markdown.ts';
import { docSnippet, docText } from '../../runner/cli/doc/doc-text.ts';
import { moduleDoc } from '../../runner/cli/doc/module-doc.ts';
import { allDocs, showDoc } from '../../runner/cli/doc/show-doc.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Flag, params, Text, Word } from '../../runner/task/params.ts';

const sample = moduleDoc({
  kind: 'task',
  definition: defineTask({
    name: 'sample',
    summary: 'Shows how a module is described.',
    params: params({
      path: Word.describe('Where it is.').meta({ aliases: ['dest'] }),
      state: z.enum(['present', 'absent']).default('present').describe('Whether it is there.'),
      force: Flag.default(false).describe('Also when | it hurts.'),
      text: Text.optional(),
    }),
    freeForm: 'path',
    probe: async () => null,
    plan: () => [],
  }),
});

test('parameters come from the schema: required first, with types, defaults, choices and aliases', () => {
  expect(sample.params).toEqual([
    { name: 'path', type: expect.any(String) as string, required: true, aliases: ['dest'], description: 'Where it is.' },
    { name: 'force', type: 'yes or no', required: false, aliases: [], default: false, description: 'Also when | it hurts.' },
    { name: 'state', type: 'a choice', required: false, aliases: [], default: 'present', choices: ['present', 'absent'], description: 'Whether it is there.' },
    { name: 'text', type: 'a text', required: false, aliases: [], description: '' },
  ]);
});

test('as text, as a snippet, as a page', () => {
  const text = docText(sample, 80);
  for (const part of ['= path', '- state', 'one of present, absent', 'default "present"', 'also dest', "which is the parameter 'path'"]) expect(text).toContain(part);
  expect(docSnippet(sample)).toContain('  sample:\n    path: …  # Where it is.\n    # force: false');
  expect(docMarkdown(sample)).toContain('Also when \\| it hurts.');
});

test('every module of the product can be described, and every parameter says what it means', () => {
  const docs = allDocs();
  expect(docs.length).toBeGreaterThan(10);
  const silent = docs.flatMap((doc) => doc.params.filter((param) => param.description === '').map((param) => `${doc.name}.${param.name}`));
  expect(silent).toEqual([]);
  for (const doc of docs) expect(docText(doc, 100)).toContain(doc.summary.slice(0, 20));
});

test('an unknown module is refused with the nearest name', async () => {
  await expect(showDoc(['coppy'], { taskPath: [] })).rejects.toThrow(expect.objectContaining({ diagnostics: [expect.objectContaining({ help: "did you mean 'copy'?" })] }) as Error);
});
