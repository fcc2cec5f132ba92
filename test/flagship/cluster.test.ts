import { labKill } from '../../lab/lab.ts';
import { snapshotDifference, snapshotUpper } from '../../lab/snapshot.ts';
import { brokenPromises, changedTasks, endings, failedTasks } from './predictions.ts';
import type { Ran } from './program.ts';
import { type Site, siteUp } from './site.ts';

/** The life of one cluster, in order: foreseen, built, looked at, run again, broken. */
let site: Site;
let check: Ran;
let built: Ran;

beforeAll(async () => {
  site = await siteUp(50);
});
afterAll(() => site.down());

const disks = () => Promise.all(['n1', 'n2'].map((host) => snapshotUpper(site.lab.dir, host)));

test('--check leaves no trace on either host', async () => {
  const before = await disks();
  check = await site.run(['--check', '--diff']);
  const after = await disks();
  expect(failedTasks(check.events)).toEqual([]);
  expect(check.code).toBe(0);
  expect(before.map((each, index) => snapshotDifference(each, after[index] ?? new Map<string, string>()))).toEqual([[], []]);
});

test('the run changes what the check said, and nothing that it called right', async () => {
  built = await site.run(['--diff']);
  expect(failedTasks(built.events)).toEqual([]);
  expect(built.code).toBe(0);
  expect(changedTasks(check.events).length).toBeGreaterThan(10);
  expect(brokenPromises(check.events, built.events)).toEqual([]);
});

test('the cluster is what the tutorial ends with', async () => {
  for (const host of ['n1', 'n2']) {
    const clustat = await site.on(host, 'clustat');
    expect(clustat).toMatch(/n1 +1 Online.*rgmanager/);
    expect(clustat).toMatch(/n2 +2 Online.*rgmanager/);
    expect(clustat).toMatch(/service:IP +n1 +started/);
  }
  expect(await site.on('n1', 'ip -4 -o addr')).toContain(`${site.vip}/24`);
  expect(await site.on('n2', 'ip -4 -o addr')).not.toContain(site.vip);
  expect(await site.on('n1', 'sha256sum </etc/cluster/cluster.conf')).toBe(await site.on('n2', 'sha256sum </etc/cluster/cluster.conf'));
  // The relocation was really tried.
  expect(await site.on('n2', 'cat /var/log/messages')).toMatch(/service:IP started/i);
});

test('a second run changes nothing and writes nothing but logs', async () => {
  const before = await disks();
  const again = await site.run();
  expect(again.code).toBe(0);
  expect(changedTasks(again.events)).toEqual([]);
  expect([...endings(again.events).values()].some((end) => end.status === 'undetermined')).toBe(false);
  const after = await disks();
  const written = before.flatMap((each, index) => snapshotDifference(each, after[index] ?? new Map<string, string>()));
  expect(written.filter((line) => !line.includes('/var/log/'))).toEqual([]);
});

test('the owner dies: its peer fences it and takes the address', async () => {
  await labKill('n1', site.lab.dir);
  const deadline = Date.now() + 30_000;
  while (!(await site.on('n2', 'ip -4 -o addr')).includes(site.vip)) {
    if (Date.now() > deadline) throw new Error(await site.on('n2', 'clustat; tail -n 30 /var/log/messages'));
    await new Promise((wake) => setTimeout(wake, 200));
  }
  expect(await site.on('n2', 'cat /var/log/messages')).toMatch(/fence n1 .*success/);
  expect(await site.on('n2', 'clustat')).toMatch(/service:IP +n2 +started/);
});
