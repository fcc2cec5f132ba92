import * as fc from 'fast-check';
import { applyPatch } from 'diff';
import { unifiedDiff } from '../../runner/event/unified-diff.ts';
import { runs } from '../runs.ts';

const diff = (before: string, after: string): Promise<string> => unifiedDiff({ before, after, beforeLabel: '/etc/a', afterLabel: '/etc/b' });

/** As Python's difflib, and so Ansible, writes them. */
test.each([
  ['a new file', '', 'x\n', '@@ -0,0 +1 @@\n+x\n'],
  ['a removed file', 'x\ny\n', '', '@@ -1,2 +0,0 @@\n-x\n-y\n'],
  ['a line added', 'one\n', 'one\ntwo\n', '@@ -1 +1,2 @@\n one\n+two\n'],
  ['no final newline', 'x', 'y', '@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+y\n\\ No newline at end of file\n'],
  ['three lines of context', '1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nx\n6\n7\n8\n9\n', '@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n'],
])('%s', async (_name, before, after, hunks) => {
  expect(await diff(before, after)).toBe(`--- before: /etc/a\n+++ after: /etc/b\n${hunks}`);
});

test('equal texts have no diff; labels may be missing', async () => {
  expect(await diff('a\n', 'a\n')).toBe('');
  expect(await unifiedDiff({ before: '', after: 'a\n', beforeLabel: '', afterLabel: '' })).toBe('--- before\n+++ after\n@@ -0,0 +1 @@\n+a\n');
});

test('what is too large or binary is said, not computed', async () => {
  expect(await diff('a\0b', 'c')).toContain('binary');
  expect(await diff('x\n'.repeat(600_000), 'y\n'.repeat(600_000))).toContain('too large');
});

test('a diff that is applied gives the other text', async () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((all) => all.join('\n'));
  await fc.assert(
    fc.asyncProperty(lines, lines, async (before, after) => {
      fc.pre(before !== after);
      expect(applyPatch(before, await diff(before, after))).toBe(after);
    }),
    runs(),
  );
});
