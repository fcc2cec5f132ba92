import type { Event, Happening } from '../../runner/event/event.ts';
import { profileReporter } from '../../runner/report/profile.ts';
import { textSink } from '../../runner/report/sink.ts';
import { TimeLine } from '../../runner/report/time-line.ts';
import { hosts, play, result, run, runStart, STREAMS, stream, task } from './streams.ts';

async function profiled(events: readonly Event[], options: { color?: boolean } = {}): Promise<string> {
  const sink = textSink(options);
  const reporter = profileReporter(sink);
  for (const event of events) reporter.handle(event);
  await reporter.end();
  return sink.text();
}

const connected = (host: string, duration: number): Happening => ({ type: 'host.state', host, state: 'connected', duration });
const connecting = (host: string): Happening => ({ type: 'host.state', host, state: 'connecting' });
const carried = (roundTrips: number, processes?: number) => ({ traffic: { roundTrips, sent: 1000, received: 2100, ...(processes !== undefined && { processes }) } });
const bars = (text: string): string[] => text.split('\n').map((line) => line.slice(2, 34)).filter((bar) => bar.includes('█'));

/** Sixteen seconds: two columns of the time line for each. */
const SMALL = run(
  { type: 'play.start', play: 0, name: 'Servers', hosts: ['n1', 'n2'], batch: 0, batches: 1 },
  { type: 'phase.start', play: 0, phase: 'Prepare', implicit: false, hosts: ['n1', 'n2'] },
  task('0.0', 'Install', { phase: 'Prepare' }), connecting('n1'), connecting('n2'), connected('n1', 1500), connected('n2', 2100),
  result('0.0', 'n2', 'changed', {}, { duration: 3000, ...carried(2, 14) }), result('0.0', 'n1', 'ok', {}, { duration: 2500, ...carried(1, 1) }),
  task('0.1', 'Restart', { phase: 'Prepare', handler: true }), result('0.1', 'n2', 'changed', {}, { duration: 700, traffic: { roundTrips: 0, sent: 0, received: 0, processes: 0 } }),
  { type: 'phase.end', play: 0, phase: 'Prepare', failed: [] }, { type: 'play.end', play: 0 },
  { type: 'host.traffic', host: 'n1', roundTrips: 1, sent: 999, received: 1_234_567, processes: 1 }, { type: 'host.traffic', host: 'n2', roundTrips: 2, sent: 1000, received: 2100, processes: 14 },
);

test('a small run, every word', async () => {
  expect(await profiled(SMALL)).toBe(`
Where the time went: 16.00 s, 2 hosts
  ████████████████████████████████   16.00 s  the run
          ██████                      3.00 s  connecting           slowest: n2 2.10 s
    ████████████████████████         12.00 s  Servers
      ████████████████████           10.00 s    Prepare
        ████████████                  6.00 s      Install          slowest of 2: n2 3.00 s, 2 round trips, 3.1 KB, 14 processes
                      ██              1.00 s      handler Restart  n2 0.70 s, 0 round trips, 0 processes
Hosts (slowest first)
  n2  3.70 s in tasks, connected after 2.10 s, 2 round trips, 1.0 KB sent, 2.1 KB received, 14 processes
  n1  2.50 s in tasks, connected after 1.50 s, 1 round trip, 999 B sent, 1.2 MB received, 1 process
`);
});

test('a run that nobody profiled has times only', async () => {
  const text = await profiled(run(play('Web', ['n1']), task('0.0', 'Install'), result('0.0', 'n1', 'ok')));
  expect(text).toMatch(/ Install {2}n1 0\.01 s\n/);
  expect(text).not.toMatch(/round trip|process/);
});

test('nothing is said of nothing, and of no hosts only what there was', async () => {
  expect(await profiled([])).toBe('');
  const text = await profiled(STREAMS['no hosts']?.events ?? []);
  expect(text).toMatch(/^\nWhere the time went: 3\.00 s, 0 hosts\n.* the run\n.* Nobody\n$/);
});

test.each(Object.keys(STREAMS))('gets through, each bar inside the run: %s', async (name) => {
  const text = await profiled(STREAMS[name]?.events ?? []);
  for (const bar of bars(text)) expect(bar).toMatch(/^ *█+ *$/);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
});

test('what hosts and playbooks are called does not drive the terminal', async () => {
  const evil = 'n\u001b[2J\r\nx';
  const text = await profiled(run(play('P\u001b]0;x\u0007', [evil]), task('0.0', 'T\u001b[31m\nU'), connecting(evil), connected(evil, 1), result('0.0', evil, 'ok')));
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(text).toContain('T\\x1b[31m U');
  expect(text).toContain('n\\x1b[2J x');
});

test('colours only where they are wanted', async () => {
  expect(await profiled(SMALL, { color: true })).toContain('\u001b[');
  expect(await profiled(SMALL)).not.toContain('\u001b[');
});

test('the slowest tasks are listed in order of time, the others in one line', async () => {
  const tasks = Array.from({ length: 25 }, (_, index) => index);
  // From one moment to the next is a second; five tasks have no result and so no time.
  const text = await profiled(run(play('Many', ['n1']), tasks.map((index) => [task(`0.${index}`, `task ${index}`), ...(index % 5 === 0 ? [] : [result(`0.${index}`, 'n1', 'ok')])])
    .flat()));
  expect([...text.matchAll(/ task (\d+) /g)].map(([, number]) => Number(number))).toEqual(tasks.filter((index) => index % 5 !== 0));
  expect(text).toMatch(/^ {36,}0\.00 s {2}5 more tasks$/m);
});

test('batches and second passages add up, and say so', async () => {
  const batch = (number: number, host: string): Happening[] => [
    { type: 'play.start', play: 0, name: 'Rolling', hosts: [host], batch: number, batches: 2 }, task('0.0', 'Step'), result('0.0', host, 'ok', {}, { duration: 900 }), { type: 'play.end', play: 0 },
  ];
  const text = await profiled(run(batch(0, 'n1'), batch(1, 'n2')));
  expect(text).toMatch(/ 6\.00 s {2}Rolling +in 2 parts$/m);
  expect(text).toMatch(/ 2\.00 s +Step +in 2 parts, slowest of 2: n2 0\.90 s$/m);
});

test('what took no time has a cell all the same, also at the very end', async () => {
  const moment = { at: 1_760_000_100_000 };
  const events = [...stream(runStart(), play('Web', ['n1'])), ...[task('0.0', 'Install'), result('0.0', 'n1', 'ok', {}, { duration: 0 })].map((each) => ({ ...each, ...moment }) as Event)];
  expect(await profiled(events)).toMatch(/^ {33}█ {4}0\.00 s {4}Install /m);
  const later = { type: 'run.end', outcome: 'done', at: 1_760_000_200_000 } as const;
  expect(await profiled([...events, later])).toMatch(/^ {18}█ {19}0\.00 s {4}Install /m);
});

test('a run that was cut off: what was under way lasted until its end', async () => {
  const events = stream(runStart(), { type: 'play.start', play: 0, name: 'Web', hosts: ['n1'], batch: 0, batches: 1 }, task('0.0', 'Install'), { type: 'host.start', task: '0.0', host: 'n1' });
  expect(await profiled(events)).toMatch(/ 2\.00 s {2}Web$/m);
});

test('a host that could not be connected to', async () => {
  const text = await profiled(run(play('Web', ['n1']), connecting('n1'), { type: 'host.state', host: 'n1', state: 'unreachable', message: 'no' }));
  expect(text).toContain('n1  0.00 s in tasks, given up after 1.00 s\n');
});

describe('a thousand hosts', () => {
  const names = hosts(1000);
  const TASKS = 30;
  function* events(): Generator<Event> {
    let at = 0;
    const timed = (happening: Happening): Event => ({ ...happening, at: at++ }) as Event;
    yield timed(runStart());
    for (const happening of play('Fleet', names)) yield timed(happening);
    for (let number = 0; number < TASKS; number++) {
      yield timed(task(`0.${number}`, `task ${number}`));
      for (const [index, host] of names.entries()) yield timed(result(`0.${number}`, host, 'ok', {}, { duration: index === 700 ? 5000 : index, ...carried(1, index) }));
    }
    yield timed({ type: 'run.end', outcome: 'done' });
  }

  test('the slowest are named, and the one in the middle', async () => {
    const text = await profiled([...events()]);
    expect(text).toContain('slowest of 1000: n0701 5.00 s, 1 round trip, 3.1 KB, 700 processes');
    expect(text.match(/^ {2}n\d+ {2}/gm)).toEqual(['  n0701  ', '  n1000  ', '  n0999  ', '  n0998  ', '  n0997  ']);
    expect(text).toContain('the middle host of 1000: n0500  14.97 s in tasks');
    expect(text.split('\n').length).toBeLessThan(40);
  });

  test('one record for each task and one for each host are all that is kept', () => {
    const line = new TimeLine();
    for (const event of events()) line.handle(event);
    // Every object that can be reached from it: nothing is kept for a task on a host.
    const seen = new Set<unknown>();
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.add(value);
      for (const each of value instanceof Map || value instanceof Set ? [...value].flat() : Object.values(value)) visit(each);
    };
    visit(line);
    expect(seen.size).toBeLessThan(2 * names.length + 10 * TASKS);
  });
});
