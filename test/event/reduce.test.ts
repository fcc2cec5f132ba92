import { exitCode } from '../../runner/event/exit-code.ts';
import { summarize } from '../../runner/event/reduce.ts';
import { failedHosts } from '../../runner/event/summary.ts';
import { play, result, run, runStart, stream, STREAMS, task } from '../report/streams.ts';

const notified = (host: string) => ({ type: 'notified', host, handler: 'restart', task: '1' }) as const;
const batch = (failed: string[]) => [{ type: 'phase.start', play: 0, phase: 'P', implicit: false, hosts: [] }, { type: 'phase.end', play: 0, phase: 'P', failed }] as const;
const plain = { exitOnChange: false, check: false };

test('counters are those of Ansible', () => {
  const { hosts } = summarize(run(play('p', ['h']),
    task('1', 'a'), result('1', 'h', 'ok'),
    task('2', 'b'), result('2', 'h', 'changed'),
    task('3', 'c'), result('3', 'h', 'skipped'),
    task('4', 'd'), result('4', 'h', 'failed', { changed: true }, { ignored: true }),
    task('5', 'e'), result('5', 'h', 'unreachable', {}, { ignored: true }),
    task('6', 'f'), result('6', 'h', 'failed', {}, { rescued: true }),
    task('7', 'g'), result('7', 'h', 'undetermined'),
    task('8', 'h'), result('8', 'h', 'failed')));
  expect(hosts.get('h')).toMatchObject({ ok: 4, changed: 2, unreachable: 0, failed: 1, skipped: 1, rescued: 1, ignored: 2, undetermined: 1, standing: 'failed' });
});

test('a host without any result is counted too', () => {
  expect([...summarize(run(play('p', ['a', 'b']))).hosts.keys()]).toEqual(['a', 'b']);
});

test('a handler is owed from its notification until it has run on that host', () => {
  const start = [play('p', ['a', 'b', 'c']), task('1', 'x'), notified('a'), notified('a'), notified('b'), notified('c'), task('9', 'web : restart', { handler: true })];
  const summary = summarize(stream(runStart(), ...start, result('9', 'a', 'changed'), result('9', 'b', 'failed')));
  expect(summary.owed).toEqual([{ host: 'b', handler: 'restart', task: '1' }, { host: 'c', handler: 'restart', task: '1' }]);
});

test('clear_host_errors brings a host back, its counters stay', () => {
  const summary = summarize(run(play('p', ['h']), task('1', 'x'), result('1', 'h', 'failed'), { type: 'host.state', host: 'h', state: 'failed' }, { type: 'host.state', host: 'h', state: 'cleared' }));
  expect(failedHosts(summary)).toEqual([]);
  expect(summary.hosts.get('h')?.failed).toBe(1);
  expect(exitCode(summary, plain)).toBe(0);
});

test('phases of several batches add up their failures', () => {
  expect(summarize(run(batch(['a']), batch(['b']))).phases).toEqual([{ play: 0, phase: 'P', implicit: false, ended: true, failed: ['a', 'b'] }]);
});

test.each([
  ['all is well', 0], ['no hosts', 0], ['a failed host', 2], ['an unreachable host', 4], ['unreachable before any task', 4],
  ['loops, retries, skips, rescues and ignored failures', 0], ['a check', 0], ['interrupted', 130], ['cut off', 130], ['crashed', 1], ['a thousand hosts', 2],
] as const)('exit code of %s is %d', (name, code) => {
  expect(exitCode(summarize(STREAMS[name]?.events ?? []), plain)).toBe(code);
});

test('pending changes are an exit code of their own, only with --check --exit-on-change', () => {
  const check = summarize(STREAMS['a check']?.events ?? []);
  expect(exitCode(check, { check: true, exitOnChange: true })).toBe(3);
  expect(exitCode(check, { check: true, exitOnChange: false })).toBe(0);
  expect(exitCode(check, { check: false, exitOnChange: true })).toBe(0);
  expect(exitCode(summarize(run(play('p', ['h']))), { check: true, exitOnChange: true })).toBe(0);
});

test.each(Object.entries(STREAMS))('failed hosts of: %s', (_name, { events, failed }) => {
  expect(failedHosts(summarize(events))).toEqual(failed);
});
