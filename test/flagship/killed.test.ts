import { changedTasks } from '../../runner/event/promises.ts';
import { failedTasks } from './predictions.ts';
import { type Site, siteUp } from './site.ts';
import { leftFiles, processes } from './traces.ts';

let site: Site;
beforeAll(async () => {
  site = await siteUp(53, {}, { ha_relocation_test: false });
});
afterAll(() => site.down());

test('killed at any moment, the run is finished by the next', async () => {
  const moments: string[] = [];
  let killed = 0;
  // Never the same two moments, each further on than the last: the hosts' state is different every time.
  for (const phase of ['Names', 'Packages', 'Describe the cluster', 'Start the daemons', 'Put the address into service']) {
    const running = site.start();
    const begun = await running.until((event) => event.type === 'phase.start' && event.phase === phase);
    const late = Math.floor(Math.random() * (phase === 'Start the daemons' ? 1500 : 400));
    await new Promise((wake) => setTimeout(wake, late));
    running.child.kill('SIGKILL');
    moments.push(`${late} ms after the start of ${phase} (${String(begun.at)})`);
    // The last phases have little left to do once they have been through: a run may be over before it is killed, and then it ended well.
    const { code } = await running.done;
    if (code === null) killed++;
    else expect([phase, code]).toEqual([phase, 0]);
  }
  expect(killed).toBeGreaterThanOrEqual(3);
  const finished = await site.run();
  if (finished.code !== 0) throw new Error(`killed ${moments.join(', ')}\n${finished.stdout}${finished.stderr}${await site.on('n1', 'iptables -S INPUT; clustat; ps -ef; tail -n 20 /var/log/messages')}`);
  expect(failedTasks(finished.events)).toEqual([]);
  expect((await site.run()).code).toBe(0);
  expect(changedTasks((await site.run()).events)).toEqual([]);
  expect(await site.on('n1', 'clustat')).toMatch(/service:IP +n\d +started/);
}, 120_000);

// cman's own breakpoints end a start where a connection that breaks may end it.
test.each([
  ['daemons', 'join'],
  ['join', 'quorum'],
])('starts of cman that were cut off after %s and %s are taken down and begun again', async (first, second) => {
  const stopped = 'service rgmanager stop; service cman stop';
  await Promise.all([site.on('n1', `${stopped}; service cman start ${first}`), site.on('n2', `${stopped}; service cman start ${second}`)]);
  const ran = await site.run();
  if (ran.code !== 0) throw new Error(`${ran.stdout}${ran.stderr}`);
  expect(ran.stdout).toMatch(/cman: partial → running/);
  expect(await site.on('n1', 'clustat')).toMatch(/service:IP +n\d +started/);
  expect(changedTasks((await site.run()).events)).toEqual([]);
}, 120_000);

test('no process or file of the killed runs is left on a host', async () => {
  for (const host of ['n1', 'n2']) {
    expect((await processes(site, host)).filter((line) => /^(sshd: admin|sudo |su |\/bin\/sh -s|yum)/.test(line))).toEqual([]);
    expect(await leftFiles(site, host)).toEqual([]);
  }
});
