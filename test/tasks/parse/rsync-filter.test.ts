import { isLeftOut, parseRsyncOptions, type RsyncRule } from '../../../tasks/parse/rsync-filter.ts';

const rules = (...words: readonly string[]): readonly RsyncRule[] => parseRsyncOptions(words).rules;

test.each([
  ['.git/', ['--exclude=.git'], true],
  ['a/.git/config', ['--exclude=.git'], true],
  ['a/x.git', ['--exclude=.git'], false],
  ['a/b.tmp', ['--exclude=*.tmp'], true],
  ['log', ['--exclude=log/'], false],
  ['log/', ['--exclude=log/'], true],
  ['log/x', ['--exclude=log/'], true],
  ['a/top', ['--exclude=/top'], false],
  ['top', ['--exclude=/top'], true],
  ['a/b/c', ['--exclude=a/*/c'], true],
  ['a/b/b/c', ['--exclude=a/*/c'], false],
  ['a/b/b/c', ['--exclude=a/**/c'], true],
  ['keep.tmp', ['--include=keep.tmp', '--exclude=*.tmp'], false],
  ['other.tmp', ['--include', 'keep.tmp', '--exclude', '*.tmp'], true],
  ['a b.x', ["--exclude='a b.x'"], true],
])('%s with %j: left out %j', (path, words, wanted) => expect(isLeftOut(path, rules(...words))).toBe(wanted));

test('what only says how is passed over, what changes the copy is told', () => {
  expect(parseRsyncOptions(['-avz', '-L', '--stats', '--chown=a:b', '--chmod', 'u=rw', '--no-owner', '--bwlimit=5'])).toEqual({ rules: [], unknown: ['-L'], chown: 'a:b', chmod: 'u=rw' });
});
