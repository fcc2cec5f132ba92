import { ReadMemo } from '../../runner/transport/memo.ts';

/** Asks for a key; says whether that had to be asked for. */
async function isAsked(memo: ReadMemo, key: string): Promise<boolean> {
  let asked = false;
  await memo.get('read', key, () => {
    asked = true;
    return Promise.resolve(key);
  });
  return asked;
}

test('what is wanted again stays, what nobody has wanted for a whole age is forgotten', async () => {
  const memo = new ReadMemo({ value: 0 });
  await isAsked(memo, 'wanted');
  await isAsked(memo, 'left');
  for (let age = 0; age < 3; age++) {
    memo.age();
    expect(await isAsked(memo, 'wanted')).toBe(false);
    expect(memo.known('read', 'wanted')).toBeDefined();
  }
  expect(await isAsked(memo, 'left')).toBe(true);
});

test('what is a little old is there without being asked for', async () => {
  const memo = new ReadMemo({ value: 0 });
  await isAsked(memo, 'a');
  memo.age();
  expect(await memo.here('read', 'a')).toBe('a');
  expect(memo.known('read', 'b')).toBeUndefined();
});

test('a change forgets what is old, too', async () => {
  const memo = new ReadMemo({ value: 0 });
  await isAsked(memo, 'a');
  memo.age();
  memo.changed();
  expect(memo.known('read', 'a')).toBeUndefined();
  expect(await isAsked(memo, 'a')).toBe(true);
});

test('what is under way is waited for, and is there once it has come, whatever its age', async () => {
  const memo = new ReadMemo({ value: 0 });
  let come = (_value: string): void => undefined;
  const answer = memo.get('read', 'a', () => new Promise<string>((resolve) => (come = resolve)));
  memo.age();
  expect(memo.here('read', 'a')).toBeUndefined();
  expect(memo.known('read', 'a')).toBe(answer);
  come('told');
  await answer;
  expect(await memo.here('read', 'a')).toBe('told');
  memo.age();
  expect(await memo.here('read', 'a')).toBe('told');
});

test('the same word is another question in each kind, and nothing there is an answer', async () => {
  const memo = new ReadMemo({ value: 0 });
  expect(await memo.get('stat', 'a', () => Promise.resolve(null))).toBeNull();
  expect(await memo.here('stat', 'a')).toBeNull();
  expect(memo.known('stat -L', 'a')).toBeUndefined();
});

test('what comes after the host has changed is no answer to who asks then', async () => {
  const memo = new ReadMemo({ value: 0 });
  let come = (_value: string): void => undefined;
  const early = memo.get('read', 'a', () => new Promise<string>((resolve) => (come = resolve)));
  memo.changed();
  const late = memo.get('read', 'a', () => Promise.resolve('new'));
  come('old');
  expect([await early, await late, await memo.here<string>('read', 'a')]).toEqual(['old', 'new', 'new']);
});

test('what failed while it grew old is asked for again', async () => {
  const memo = new ReadMemo({ value: 0 });
  let fail = (_error: Error): void => undefined;
  const failing = memo.get('read', 'a', () => new Promise<never>((_resolve, reject) => (fail = reject)));
  memo.age();
  void memo.known('read', 'a');
  fail(new Error('gone'));
  await expect(failing).rejects.toThrow('gone');
  expect(await isAsked(memo, 'a')).toBe(true);
});
