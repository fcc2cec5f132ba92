import { localTransport } from '../../runner/transport/local/transport.ts';
import { ProcessCount } from '../../runner/transport/process-count.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { FrameReader } from '../../runner/transport/shell/frame.ts';
import { prelude } from '../../runner/transport/shell/prelude.ts';
import { localShells } from './shells.ts';

const shells = localShells();
afterAll(() => shells.remove());

const sessionOf = (shell: string, more: { profile?: boolean } = {}): HostSession => new HostSession({ name: 'here', transport: 'local', address: 'here' }, localTransport(), { shell, ...more });
const MANY = 'for i in 1 2 3 4 5 6 7 8 9 10; do /bin/true; done';

describe.each(['dash', 'bash', 'busybox'] as const)('%s', (name) => {
  test('with a profile, the processes that an answer took are counted, and the answers are as ever', async () => {
    const session = sessionOf(shells[name], { profile: true });
    expect(session.traffic.processes).toBeUndefined();
    const shell = await session.shell();
    await shell.inquire(':');
    const made = (): number => session.traffic.processes ?? Number.NaN;
    const counted = async (act: () => Promise<unknown>): Promise<number> => {
      const before = made();
      await act();
      return made() - before;
    };
    expect(await counted(() => shell.read(MANY))).toBeGreaterThanOrEqual(10);
    expect(await counted(() => shell.effect(MANY))).toBeGreaterThanOrEqual(10);
    expect(await counted(() => shell.effect(`cat; ${MANY}`, { stdin: 'x' }))).toBeGreaterThanOrEqual(11);
    // Another shell of the host goes on where the first one was.
    const spare = await session.spare();
    expect(await counted(() => Promise.all([spare.read(MANY), shell.read(MANY)]))).toBeGreaterThanOrEqual(20);
    expect(await shell.read('echo out; echo err >&2; exit 7')).toMatchObject({ code: 7, stdout: 'out\n', stderr: 'err\n' });
    expect(await shell.effect('cat; echo err >&2; exit 8', { stdin: 'in' })).toMatchObject({ code: 8, stdout: 'in', stderr: 'err\n' });
    expect((await shell.inquire('echo asked; (exit 9)')).code).toBe(9);
    await session.close();
  });

  test('without one nothing is counted', async () => {
    const session = sessionOf(shells[name]);
    await (await session.shell()).read(MANY);
    expect(session.traffic).toEqual({ roundTrips: 1, sent: expect.any(Number), received: expect.any(Number) });
    await session.close();
  });
});

test('what a shell is told is no longer than before where nothing is counted', () => {
  const [plain, counting] = [prelude('0123'), prelude('0123', { counting: true })];
  expect(plain).not.toMatch(/loadavg|_rl|_rp/);
  // All that counting adds, taken away again.
  const without = counting.replace(/^_rl\(\) \{\n[^]*?\n\}\n/m, '').replaceAll('_rl\n', '').replaceAll('> %s\\n', '>\\n').replaceAll(' "$_rp"', '');
  expect(without).toBe(plain);
  expect(prelude('0123', { counting: false })).toBe(plain);
});

test('the end of a frame tells the newest process, where the host knows it', () => {
  const ends: unknown[][] = [];
  const none = (): void => undefined;
  const reader = new FrameReader('n', { noise: none, ready: none, start: none, stdout: none, code: none, stderr: none, end: (...args) => void ends.push(args) });
  for (const [id, end] of ['>', '> ', '> 4711'].entries()) reader.feed(Buffer.from(`\nn ${id} <\n\nn ${id} 0\n\nn ${id} ${end}\n`));
  expect(ends).toEqual([[0, undefined], [1, undefined], [2, 4711]]);
});

test.each<[string, (count: ProcessCount) => void, number | undefined]>([
  ['nothing was said', () => undefined, undefined],
  ['a host that cannot tell', (count) => {
    count.began(100);
    count.began(120);
  }, undefined],
  ['from the first shell on', (count) => {
    count.began(100);
    count.saw(100);
    count.began(104);
    count.saw(110);
  }, 10],
  ['answers of two shells that came in another order', (count) => {
    count.began(100);
    for (const pid of [110, 105, 112]) count.saw(pid);
  }, 12],
  ['ids that began anew', (count) => {
    count.began(32_760);
    for (const pid of [32_765, 310, 312]) count.saw(pid);
  }, 7],
  ['a host that was started anew', (count) => {
    count.began(700);
    count.saw(710);
    count.interrupted();
    count.began(650);
    count.saw(655);
  }, 15],
])('counts: %s', (_name, happen, made) => {
  const count = new ProcessCount();
  happen(count);
  expect(count.made).toBe(made);
});
