import { ReadMemo } from '../../runner/transport/memo.ts';

/** Asks for a key; says whether that had to be asked for. */
async function isAsked(memo: ReadMemo, key: string): Promise<boolean> {
  let asked = false;
  await memo.get(key, () => {
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
    expect(memo.known('wanted')).toBeDefined();
  }
  expect(await isAsked(memo, 'left')).toBe(true);
});

test('what is a little old is there without being asked for', async () => {
  const memo = new ReadMemo({ value: 0 });
  await isAsked(memo, 'a');
  memo.age();
  expect(await memo.here('a')).toBe('a');
  expect(memo.known('b')).toBeUndefined();
});

test('a change forgets what is old, too', async () => {
  const memo = new ReadMemo({ value: 0 });
  await isAsked(memo, 'a');
  memo.age();
  memo.changed();
  expect(memo.known('a')).toBeUndefined();
  expect(await isAsked(memo, 'a')).toBe(true);
});

test('what failed while it grew old is asked for again', async () => {
  const memo = new ReadMemo({ value: 0 });
  let fail = (_error: Error): void => undefined;
  const failing = memo.get('a', () => new Promise((_resolve, reject) => (fail = reject)));
  memo.age();
  void memo.known('a');
  fail(new Error('gone'));
  await expect(failing).rejects.toThrow('gone');
  expect(await isAsked(memo, 'a')).toBe(true);
});
