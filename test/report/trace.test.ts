import type { Event, Happening } from '../../runner/event/event.ts';
import { textSink } from '../../runner/report/sink.ts';
import { traceReporter } from '../../runner/report/trace.ts';
import { result, run, runStart, STREAMS, stream, task } from './streams.ts';

interface Entry {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly args: Readonly<Record<string, unknown>>;
}

async function traced(events: readonly Event[]): Promise<readonly Entry[]> {
  const sink = textSink();
  const reporter = traceReporter(sink);
  for (const event of events) reporter.handle(event);
  await reporter.end();
  return JSON.parse(sink.text()) as Entry[];
}

const START = 1_760_000_000_000;
const playStart: Happening = { type: 'play.start', play: 0, name: 'Servers', hosts: ['n1'], batch: 0, batches: 1 };
const phaseStart: Happening = { type: 'phase.start', play: 0, phase: 'Let them talk', implicit: false, hosts: ['n1'] };

test('the run, its plays and phases on a row of their own, tasks and what they cost on those of the hosts', async () => {
  const entries = await traced(run(
    playStart, phaseStart, task('0.0', 'Install', { phase: 'Let them talk' }), { type: 'host.state', host: 'n1', state: 'connected', duration: 300 },
    result('0.0', 'n1', 'changed', {}, { duration: 900, traffic: { roundTrips: 2, sent: 10, received: 20, processes: 14 } }), result('0.0', 'n2', 'ok'),
    { type: 'phase.end', play: 0, phase: 'Let them talk', failed: [] }, { type: 'play.end', play: 0 },
    { type: 'host.traffic', host: 'n1', roundTrips: 3, sent: 30, received: 40, processes: 15 },
  ));
  const seconds = (number: number): number => (START + number * 1000) * 1000;
  expect(entries).toEqual([
    { pid: 1, ph: 'M', name: 'thread_name', tid: 0, args: { name: 'run' } },
    { pid: 1, ph: 'M', name: 'thread_name', tid: 1, args: { name: 'n1' } },
    { pid: 1, ph: 'X', name: 'connect', cat: 'connection', tid: 1, ts: seconds(4) - 300_000, dur: 300_000, args: {} },
    { pid: 1, ph: 'X', name: 'Install', cat: 'task', tid: 1, ts: seconds(5) - 900_000, dur: 900_000, args: { status: 'changed', task: '0.0', roundTrips: 2, sent: 10, received: 20, processes: 14 } },
    { pid: 1, ph: 'M', name: 'thread_name', tid: 2, args: { name: 'n2' } },
    { pid: 1, ph: 'X', name: 'Install', cat: 'task', tid: 2, ts: seconds(6) - 12_000, dur: 12_000, args: { status: 'ok', task: '0.0' } },
    { pid: 1, ph: 'X', name: 'Let them talk', cat: 'phase', tid: 0, ts: seconds(2), dur: 5_000_000, args: {} },
    { pid: 1, ph: 'X', name: 'Servers', cat: 'play', tid: 0, ts: seconds(1), dur: 7_000_000, args: {} },
    { pid: 1, ph: 'i', s: 't', name: 'traffic', cat: 'connection', tid: 1, ts: seconds(9), args: { roundTrips: 3, sent: 30, received: 40, processes: 15 } },
    { pid: 1, ph: 'X', name: '20260102-150405-3f2a', cat: 'run', tid: 0, ts: seconds(0), dur: 10_000_000, args: {} },
  ]);
});

test('what has not ended in a record that was cut off lasted until its end', async () => {
  const spans = (await traced(stream(runStart(), playStart, phaseStart, task('0.0', 'Install')))).filter(({ ph }) => ph === 'X');
  expect(spans.map(({ cat, dur }) => [cat, dur])).toEqual([['phase', 1_000_000], ['play', 2_000_000], ['run', 3_000_000]]);
});

test.each(Object.keys(STREAMS))('is a list of trace events whose row of the run nests: %s', async (name) => {
  const entries = await traced(STREAMS[name]?.events ?? []);
  for (const entry of entries) {
    expect(entry).toMatchObject({ ph: expect.stringMatching(/^[MXi]$/), pid: 1, tid: expect.any(Number), name: expect.any(String), args: expect.any(Object) });
    if (entry.ph === 'X') expect([entry.ts, entry.dur].every((time) => Number.isFinite(time) && (time ?? -1) >= 0)).toBe(true);
  }
  // Viewers stack the spans of one row: each pair is apart or one inside the other.
  const row = entries.filter(({ ph, tid }) => ph === 'X' && tid === 0).map(({ ts = 0, dur = 0 }) => [ts, ts + dur] as const);
  for (const [from, until] of row) {
    for (const [start, end] of row) expect(until <= start || end <= from || (from <= start && end <= until) || (start <= from && until <= end)).toBe(true);
  }
});
