import { stripVTControlCharacters } from 'node:util';
import { textSink } from '../../runner/report/sink.ts';
import { treeReporter } from '../../runner/report/tree.ts';
import { hosts, play, result, run, runStart, STREAMS, stream, task } from './streams.ts';

/** What the terminal shows in the end of each drawing: the frames, colours and movements taken out. */
function frames(text: string): string[] {
  return text.split('\u001b[2K').map((frame) => stripVTControlCharacters(frame));
}

test('phases, tasks and hosts stand below each other, with what changed', async () => {
  const sink = textSink();
  const reporter = await treeReporter(sink, { verbosity: 0 });
  for (const event of STREAMS['phases, gates, handlers and notes']?.events ?? []) reporter.handle(event);
  await reporter.end();
  expect(stripVTControlCharacters(sink.text())).toMatch(/Cluster \(1 host\)\n {2}. Let the nodes talk\n {4}. Allow the peer {2}changed 1.*\n {6}. n1 {2}runtime: absent → .*\n {4}. handler save rules/);
  expect(sink.text()).toContain('look out');
});

test('output of a running command is shown while it runs, and gone afterwards', async () => {
  const sink = textSink();
  const reporter = await treeReporter(sink, { verbosity: 0 });
  const events = run(play('Web', ['n1']), task('0', 'Build'), { type: 'host.start', task: '0', host: 'n1' }, { type: 'output', task: '0', host: 'n1', stream: 'stdout', text: 'compiling\n' }, result('0', 'n1', 'ok'));
  for (const event of events) {
    reporter.handle(event);
    if (event.type === 'output') await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await reporter.end();
  const drawn = frames(sink.text());
  expect(drawn.some((frame) => frame.includes('compiling'))).toBe(true);
  expect(drawn.at(-1)).not.toContain('compiling');
});

test('above thirty hosts there are counts, and lines only for those that fail', async () => {
  const sink = textSink();
  const reporter = await treeReporter(sink, { verbosity: 0 });
  const names = hosts(40);
  for (const event of run(play('Fleet', names), task('0', 'Install'), names.map((host, index) => result('0', host, index === 7 ? 'failed' : 'ok', index === 7 ? { msg: 'broken' } : {})))) reporter.handle(event);
  await reporter.end();
  const text = stripVTControlCharacters(sink.text());
  expect(text).toMatch(/Install {2}ok 39, failed 1\n {4}. n08 {2}broken\n/);
  expect(text).not.toMatch(/. n09 {2}/);
});

test('while a question is asked nothing is drawn, afterwards everything is', async () => {
  const sink = textSink();
  const reporter = await treeReporter(sink, { verbosity: 0 });
  const [start, ...rest] = run(play('Web', ['n1']), task('0', 'First'), result('0', 'n1', 'ok'));
  if (start) reporter.handle(start);
  const resume = await reporter.suspend?.();
  const before = sink.text();
  rest.forEach((event) => reporter.handle(event));
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(sink.text()).toBe(before);
  resume?.();
  await reporter.end();
  expect(sink.text()).toContain('First');
});

test('a run that stops anywhere ends, shows the cursor again, and says where each host was', async () => {
  const whole = stream(runStart(), play('Web', ['n1', 'n2']), task('0', 'Install'), { type: 'host.start', task: '0', host: 'n1' }, { type: 'host.start', task: '0', host: 'n2' }, result('0', 'n1', 'changed'), task('1', 'Start'), { type: 'host.start', task: '1', host: 'n1' });
  for (let length = 1; length <= whole.length; length++) {
    const sink = textSink();
    const reporter = await treeReporter(sink, { verbosity: 0 });
    whole.slice(0, length).forEach((event) => reporter.handle(event));
    await reporter.end();
    const text = sink.text();
    expect(text.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(text.lastIndexOf('\u001b[?25l'));
    if (length === whole.length) expect(text).toMatch(/n1 {2}in the middle of Start\n {2}n2 {2}in the middle of Install/);
  }
});
