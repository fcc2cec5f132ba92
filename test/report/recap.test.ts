import { summarize } from '../../runner/event/reduce.ts';
import { recap } from '../../runner/report/recap.ts';
import { play, result, runStart, stream, task } from './streams.ts';

const plain = (_style: unknown, text: string): string => text;
const heading = (...carriedOut: boolean[]): string | undefined =>
  recap(summarize(stream(runStart({ check: true }), play('p', ['a', 'b']), ...carriedOut.flatMap((each, index) =>
    [task(String(index), 'x'), ...['a', 'b'].map((host) => result(String(index), host, 'changed', {}, each ? { carriedOut: true } : {}))]))), plain).split('\n')[1];

test('a check says that nothing was changed, and of tasks that ran all the same how many there were', () => {
  expect(heading(false, false)).toMatch(/^Check \(nothing was changed\): 2 hosts/);
  expect(heading(false, true)).toMatch(/^Check \(nothing was changed but by 1 task with check_mode: false\): 2 hosts/);
  expect(heading(true, true)).toMatch(/by 2 tasks with check_mode: false\)/);
});
