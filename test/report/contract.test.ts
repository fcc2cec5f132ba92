import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCode } from '../../runner/event/exit-code.ts';
import { openJournal, readJournal } from '../../runner/event/journal.ts';
import { summarize } from '../../runner/event/reduce.ts';
import { classicReporter } from '../../runner/report/classic.ts';
import { jsonReporter } from '../../runner/report/json.ts';
import { failureLines } from '../../runner/report/failure-text.ts';
import { junitReporter } from '../../runner/report/junit.ts';
import { linesReporter } from '../../runner/report/lines.ts';
import type { Reporter } from '../../runner/report/reporter.ts';
import { textSink, type Sink } from '../../runner/report/sink.ts';
import { treeReporter } from '../../runner/report/tree.ts';
import { STREAMS } from './streams.ts';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';

test('output is shown unless the message repeats it whole', () => {
  expect(failureLines({ msg: 'non-zero return code', rc: 3, stderr: 'no' }, 0)).toEqual(['non-zero return code', 'exit code 3', 'stderr | no']);
  expect(failureLines({ msg: 'exit code 3: cannot open the lock file', rc: 3, stderr: 'cannot open the lock file\n' }, 0)).toEqual(['exit code 3: cannot open the lock file']);
});

const REPORTERS: Readonly<Record<string, (sink: Sink, verbosity: number) => Reporter | Promise<Reporter>>> = {
  lines: (sink, verbosity) => linesReporter(sink, { verbosity }),
  classic: (sink, verbosity) => classicReporter(sink, { verbosity }),
  json: (sink) => jsonReporter(sink),
  junit: (sink) => junitReporter(sink),
  tree: (sink, verbosity) => treeReporter(sink, { verbosity }),
};

describe.each(Object.keys(REPORTERS))('%s', (name) => {
  const report = async (stream: string, options: { color?: boolean; verbosity?: number; columns?: number } = {}): Promise<string> => {
    const sink = textSink(options);
    const reporter = await REPORTERS[name]?.(sink, options.verbosity ?? 0);
    for (const event of STREAMS[stream]?.events ?? []) reporter?.handle(event);
    await reporter?.end();
    return sink.text();
  };

  test.each(Object.keys(STREAMS))('gets through and names every failed host: %s', async (stream) => {
    for (const verbosity of [0, 1, 4]) {
      const text = await report(stream, { verbosity });
      for (const host of STREAMS[stream]?.failed ?? []) expect(text).toContain(host);
    }
  });

  test('says why a host failed, with the end of its output', async () => {
    const text = await report('a failed host');
    for (const part of ['it broke', 'two', 'why it broke']) expect(text).toContain(part);
  });

  test('sends no control character of a host to the terminal', async () => {
    const text = await report('hostile text', { color: false });
    // The tree moves the cursor itself; what hosts and playbooks say must still not get through.
    expect(text).not.toMatch(/\u001b\[2J|\u001b\[31m|\u001b\]0|\u0007/);
  });

  test('survives a narrow terminal', async () => {
    expect(await report('loops, retries, skips, rescues and ignored failures', { columns: 20 })).toMatch(/n1/);
  });
});

test('a journal that is replayed gives the same text as the run itself', async () => {
  for (const { events } of Object.values(STREAMS)) {
    if (events.length === 0) continue;
    const journal = openJournal(mkdtempSync(join(tmpdir(), 'rollcall-replay-')), 'r');
    const [direct, replayed] = [textSink(), textSink()];
    const [first, second] = [linesReporter(direct, { verbosity: 1 }), linesReporter(replayed, { verbosity: 1 })];
    events.forEach((event) => {
      journal.write(event);
      first.handle(event);
    });
    journal.close();
    const read = [];
    if (events[0]?.type !== 'run.start') continue;
    for await (const event of readJournal(journal.path)) {
      read.push(event);
      second.handle(event);
    }
    await Promise.all([first.end(), second.end()]);
    expect(replayed.text()).toBe(direct.text());
    expect(exitCode(summarize(read), { check: false, exitOnChange: false })).toBe(exitCode(summarize(events), { check: false, exitOnChange: false }));
    expect(readFileSync(journal.path, 'utf8').split('\n')).toHaveLength(events.length + 1);
  }
});
