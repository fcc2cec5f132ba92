import { Writable } from 'node:stream';
import { jsonReporter } from '../../runner/report/json.ts';
import { streamSink, wantsColor } from '../../runner/report/sink.ts';
import { STREAMS } from './streams.ts';

test('a reader that goes away in the middle neither throws nor holds the end up', async () => {
  let taken = 0;
  const pipe = new Writable({
    write(_chunk, _encoding, next) {
      taken++;
      next(taken > 3 ? Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }) : null);
    },
  });
  const reporter = jsonReporter(streamSink(pipe, {}));
  for (const event of STREAMS['a thousand hosts']?.events ?? []) reporter.handle(event);
  await reporter.end();
  expect(taken).toBeLessThan(10);
});

test('the end waits until a slow reader has everything', async () => {
  const parts: string[] = [];
  const slow = new Writable({ highWaterMark: 10, write: (chunk: Buffer, _encoding, next) => void setTimeout(() => (parts.push(chunk.toString()), next()), 1) });
  const reporter = jsonReporter(streamSink(slow, {}));
  const events = STREAMS['a failed host']?.events ?? [];
  for (const event of events) reporter.handle(event);
  await reporter.end();
  expect(parts.join('').trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(events);
});

test.each([
  [true, {}, true], [false, {}, false], [true, { NO_COLOR: '1' }, false], [true, { NO_COLOR: '' }, true], [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false], [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true], [true, { TERM: 'dumb' }, false],
])('colours on a terminal: %s, with %j: %s', (isTerminal, environment, expected) => {
  expect(wantsColor(isTerminal, environment)).toBe(expected);
});
