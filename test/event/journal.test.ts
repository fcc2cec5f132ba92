import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../runner/event/event.ts';
import { journalFolder, newRunId, openJournal, readJournal } from '../../runner/event/journal.ts';
import { InputError } from '../../runner/source/diagnostic.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import { STREAMS } from '../report/streams.ts';

const folder = (): string => join(mkdtempSync(join(tmpdir(), 'rollcall-journal-')), '.rollcall', 'runs');
const events = STREAMS['a failed host']?.events ?? [];

async function all(path: string): Promise<Event[]> {
  const read: Event[] = [];
  for await (const event of readJournal(path)) read.push(event);
  return read;
}

function written(): string {
  const journal = openJournal(folder(), newRunId());
  events.forEach((event) => journal.write(event));
  journal.close();
  return journal.path;
}

test('what is written is read back, and only its owner may read it', async () => {
  const path = written();
  expect(await all(path)).toEqual(events);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(path, '..', '..', '.gitignore'), 'utf8')).toBe('*\n');
});

test('a line that was cut off by a kill is left out', async () => {
  const path = written();
  appendFileSync(path, '{"type":"result","at":17');
  expect(await all(path)).toEqual(events);
});

test.each([
  ['a file that is no journal', 'hello\n', "line 1 of"],
  ['another JSONL file', '{"a":1}\n{"b":2}\n', 'line 1 of'],
  ['damage in the middle', `${JSON.stringify(events[0])}\nxx\n${JSON.stringify(events[1])}\n`, 'line 2 of'],
  ['an event without its hosts', `${JSON.stringify(events[0])}\n${JSON.stringify({ ...events[1], hosts: undefined })}\n{}\n`, "line 2 of"],
  ['an event of another kind', `${JSON.stringify(events[0])}\n{"type":"constructor","at":1}\n`, 'there is no event of type "constructor"'],
  ['a time that is none', `${JSON.stringify({ ...events[0], at: 1e300 })}\n`, "'at' must be a time in milliseconds"],
  ['a journal of a later version', `${JSON.stringify({ ...events[0], version: 99 })}\n`, 'version 99'],
])('%s is refused', async (_name, text, message) => {
  const path = join(mkdtempSync(join(tmpdir(), 'rollcall-journal-')), 'x.jsonl');
  writeFileSync(path, text);
  await expect(all(path)).rejects.toThrow(message);
});

test('damage is shown with its place, its cause and a way out', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'rollcall-journal-')), 'x.jsonl');
  writeFileSync(path, `${JSON.stringify(events[0])}\n{"type":"play.start","at":1,"play":0,"name":"p","hosts":"n1"}\n${JSON.stringify(events[1])}\n`);
  const error: unknown = await all(path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).diagnostics.map((each) => formatDiagnostic(each)).join('\n').replaceAll(path, 'x.jsonl')).toBe([
    "error[bad-journal]: line 2 of 'x.jsonl' is no event: 'hosts' of a play.start must be a list of texts",
    '  --> x.jsonl:2:1',
    '  2 | {"type":"play.start","at":1,"play":0,"name":"p","hosts":"n1"}',
    `    | ${'^'.repeat(61)}`,
    '  fix: what came before it is still there: head -n 1 shows it, and can be replayed',
  ].join('\n'));
});

test('a missing journal is refused', async () => {
  await expect(all('/nonexistent.jsonl')).rejects.toThrow("there is no journal '/nonexistent.jsonl'");
});

test('names of runs sort by time', () => {
  expect(newRunId(new Date('2026-01-02T15:04:05Z'))).toMatch(/^20260102-150405-000[0-9a-f]{3}$/);
});

test('the folder is the state folder where the working folder cannot be used', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'rollcall-journal-'));
  expect(journalFolder(cwd, {})).toBe(join(cwd, '.rollcall', 'runs'));
  // Not even root makes folders in /proc.
  expect(journalFolder('/proc', { XDG_STATE_HOME: cwd })).toBe(join(cwd, 'rollcall', 'runs'));
});

test('kill -9 loses nothing that was written before', async () => {
  const target = folder();
  // Plain node cannot load TypeScript on 20: the same calls through jiti.
  const child = spawn(process.execPath, ['-e', `
    const { createJiti } = require('jiti');
    const { openJournal } = createJiti(process.cwd() + '/')(${JSON.stringify(join(import.meta.dirname, '../../runner/event/journal.ts'))});
    const journal = openJournal(${JSON.stringify(target)}, 'killed');
    const events = ${JSON.stringify(events)};
    events.forEach((event) => journal.write(event));
    console.log('written');
    setInterval(() => {}, 1000);
  `], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await all(join(target, 'killed.jsonl'))).toEqual(events);
});
