import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { Event } from '../../runner/event/event.ts';
import { exitCode } from '../../runner/event/exit-code.ts';
import { readJournal } from '../../runner/event/journal.ts';
import { reduce } from '../../runner/event/reduce.ts';
import { emptySummary } from '../../runner/event/summary.ts';
import { classicReporter } from '../../runner/report/classic.ts';
import { jsonReporter } from '../../runner/report/json.ts';
import { junitReporter } from '../../runner/report/junit.ts';
import { linesReporter } from '../../runner/report/lines.ts';
import { minimalReporter } from '../../runner/report/minimal.ts';
import { profileReporter } from '../../runner/report/profile.ts';
import { textSink } from '../../runner/report/sink.ts';
import { traceReporter } from '../../runner/report/trace.ts';
import { treeReporter } from '../../runner/report/tree.ts';
import { STREAMS } from '../report/streams.ts';
import { runs } from '../runs.ts';
import { mutated } from './mutate.ts';
import { orRefusedLater } from './refusal.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-journals-'));
afterAll(() => rmSync(folder, { recursive: true }));

const journals = Object.values(STREAMS).map(({ events }) => events);
const asText = (events: readonly unknown[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');

/** Reads a journal as `rollcall replay` does, into every form of report. Returns how many events came. */
async function replayed(text: string): Promise<number> {
  const path = join(folder, 'x.jsonl');
  writeFileSync(path, text);
  const options = { verbosity: 4 };
  const reporters = [
    classicReporter(textSink(), options), jsonReporter(textSink()), junitReporter(textSink()), linesReporter(textSink(), options), minimalReporter(textSink(), { ...options, oneLine: false }),
    profileReporter(textSink()), traceReporter(textSink()), await treeReporter(textSink(), options),
  ];
  const summary = emptySummary();
  let count = 0;
  try {
    for await (const event of readJournal(path)) {
      count++;
      reduce(summary, event);
      for (const each of reporters) each.handle(event);
    }
  } finally {
    // A tree draws until it is told that there is no more.
    for (const each of reporters) await each.end();
  }
  exitCode(summary, { check: summary.check, exitOnChange: true });
  return count;
}

/** A value in place of another: of any type, and words that every object of JavaScript has. */
const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('constructor', '__proto__', 'toString', '', null, -1, 1e300, [], {}, [null], { constructor: 1 }));

/** Events with some fields replaced or taken away, and some events moved, doubled or left out. */
const damaged = fc.tuple(fc.constantFrom(...journals), fc.array(fc.tuple(fc.nat(), fc.nat(), fc.option(anything, { nil: undefined })), { maxLength: 4 }), fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3 }))
  .map(([events, replacements, moves]) => {
    const lines: Record<string, unknown>[] = events.map((event: Event) => ({ ...event }));
    for (const [line, field, value] of replacements) {
      const event = lines[line % lines.length] ?? {};
      const names = Object.keys(event);
      const name = names[field % Math.max(1, names.length)] ?? 'type';
      if (value === undefined) delete event[name];
      else event[name] = value;
    }
    for (const [from, to] of moves) lines.splice(to % lines.length, 0, { ...lines[from % lines.length] });
    return asText(lines);
  });

test('every recorded stream is replayed by every report', async () => {
  for (const events of journals) expect(await replayed(asText(events))).toBe(events.length);
});

test('a journal whose text is damaged is replayed or refused, and nothing else', async () => {
  await fc.assert(fc.asyncProperty(mutated(journals.map(asText)), async (text) => void (await orRefusedLater(() => replayed(text)))), runs(200));
});

test('a journal whose events are damaged is replayed or refused, and nothing else', async () => {
  let through = 0;
  await fc.assert(fc.asyncProperty(damaged, async (text) => {
    if ((await orRefusedLater(() => replayed(text))) !== undefined) through++;
  }), runs(300));
  // Most damage is refused; what gets through must have been tried, too.
  expect(through).toBeGreaterThan(10);
});
