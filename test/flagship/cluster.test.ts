import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { labKill } from '../../lab/lab.ts';
import { snapshotDifference, snapshotUpper } from '../../lab/snapshot.ts';
import { brokenPromises, changedTasks, endings } from '../../runner/event/promises.ts';
import { failedTasks } from './predictions.ts';
import type { Ran } from './program.ts';
import { type Site, siteUp, until } from './site.ts';
import { filesWith, forms, leftFiles, orphans, processes, setPassword, watchWords } from './traces.ts';

/** The life of one cluster, in order: foreseen, built, looked at, run again, broken. With passwords that nobody may ever see. */
let site: Site;
let check: Ran;
let built: Ran;
let watched: ReturnType<ReturnType<typeof watchWords>>;
const becomePassword = `pw-${randomBytes(9).toString('hex')}`;
const fencePassword = `fp-${randomBytes(9).toString('hex')}`;
const secrets = [becomePassword, fencePassword].flatMap(forms);

beforeAll(async () => {
  const fence = [{ name: 'power', agent: 'fence_lab', passwd: fencePassword }];
  site = await siteUp(50, {}, { ansible_become_password: becomePassword, ha_fence_devices: fence });
  await setPassword(site, 'admin', becomePassword);
});
afterAll(() => site.down());

const disks = () => Promise.all(['n1', 'n2'].map((host) => snapshotUpper(site.lab.dir, host)));

test('--check leaves no trace on either host', async () => {
  const before = await disks();
  const ran = await Promise.all(['n1', 'n2'].map((host) => processes(site, host)));
  check = await site.run(['--check', '--diff']);
  const after = await disks();
  expect(failedTasks(check.events)).toEqual([]);
  expect(check.code).toBe(0);
  expect(before.map((each, index) => snapshotDifference(each, after[index] ?? new Map<string, string>()))).toEqual([[], []]);
  expect(await leftFiles(site, 'n1')).toEqual([]);
  expect(await orphans(site, 'n1', ran[0] ?? [])).toEqual([]);
  expect(await orphans(site, 'n2', ran[1] ?? [])).toEqual([]);
});

test('the run changes what the check said, and nothing that it called right', async () => {
  const stop = watchWords(secrets);
  built = await site.run(['--diff', '-vvv', '--output', 'lines', '--output', `classic:${join(site.work, 'classic.txt')}`, '--output', `junit:${join(site.work, 'junit.xml')}`]);
  watched = stop();
  expect(failedTasks(built.events)).toEqual([]);
  expect(built.code).toBe(0);
  expect(changedTasks(check.events).length).toBeGreaterThan(10);
  expect(brokenPromises(check.events, built.events)).toEqual([]);
});

test('no password is in an output, the journal, or the words of a process', async () => {
  expect(watched.looks).toBeGreaterThan(50);
  expect(watched.seen).toEqual([]);
  // They were in use: to become root, and in the file that fenced reads.
  expect(filesWith(site.work, secrets)).toContain(site.inventory);
  expect(await site.on('n1', 'cat /etc/cluster/cluster.conf')).toContain(`passwd="${fencePassword}"`);
  expect(filesWith(site.work, secrets, [site.inventory, site.lab.dir])).toEqual([]);
  for (const { stdout, stderr } of [check, built]) for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
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
  await until(async () => (await site.on('n2', 'ip -4 -o addr')).includes(site.vip), 30, () => site.on('n2', 'clustat; tail -n 30 /var/log/messages'));
  await until(async () => /service:IP +n2 +started/.test(await site.on('n2', 'clustat')), 10, () => site.on('n2', 'clustat'));
  expect(await site.on('n2', 'cat /var/log/messages')).toMatch(/fence n1 .*success/);
});
