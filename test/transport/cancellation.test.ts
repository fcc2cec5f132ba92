import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Deadline } from '../../runner/transport/cancellation.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is told to the listeners of a deadline's signal. */
function listen(deadline: Deadline): { readonly ends: () => readonly string[] } {
  const ends: string[] = [];
  deadline.signal.addEventListener('abort', () => ends.push((deadline.signal.reason as Error).name));
  return { ends: () => ends };
}

describe('a deadline', () => {
  test('ends after its time, whatever garbage was collected meanwhile', async () => {
    const deadline = new Deadline(100, new AbortController().signal);
    const { ends } = listen(deadline);
    for (let i = 0; i < 5; i++) {
      await sleep(5);
      collectGarbage();
    }
    await sleep(200);
    expect(ends()).toEqual(['TimeoutError']);
    expect(deadline.passed).toBe(true);
  });

  test.each([
    ['before it began', true],
    ['while it runs', false],
  ])('ends with its parent, which ended %s; its time has not passed', (_when, before) => {
    const parent = new AbortController();
    if (before) parent.abort(new DOMException('Ctrl-C', 'AbortError'));
    const deadline = new Deadline(1000, parent.signal);
    if (!before) parent.abort(new DOMException('Ctrl-C', 'AbortError'));
    expect([deadline.signal.aborted, (deadline.signal.reason as Error).name, deadline.passed]).toEqual([true, 'AbortError', false]);
    deadline.close();
  });

  test('that is closed ends no more', async () => {
    const parent = new AbortController();
    const deadline = new Deadline(20, parent.signal);
    deadline.close();
    parent.abort();
    await sleep(60);
    expect([deadline.signal.aborted, deadline.passed]).toEqual([false, false]);
  });

  test('of a month waits', async () => {
    const deadline = new Deadline(31 * 86_400_000, new AbortController().signal);
    await sleep(30);
    expect(deadline.signal.aborted).toBe(false);
    deadline.close();
  });
});
