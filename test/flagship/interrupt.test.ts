import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Running } from './program.ts';
import { type Site, siteUp } from './site.ts';
import { leftFiles, orphans, processes } from './traces.ts';

/** Ctrl-C in the middle of something long: nothing goes on on any host, and it is said where each stands. */
let site: Site;
let quiet: readonly (readonly string[])[];
const HOSTS = ['n1', 'n2'];
beforeAll(async () => {
  site = await siteUp(54);
  writeFileSync(join(site.work, 'long.sh'), 'sleep 6666\n');
  quiet = await Promise.all(HOSTS.map((host) => processes(site, host)));
});
afterAll(() => site.down());

const long = (task: string): string => `- hosts: cluster\n  gather_facts: false\n  become: true\n  tasks:\n    - name: Before\n      ping:\n    - name: Long\n      ${task}\n    - name: After\n      ping:\n`;

/** Starts the playbook and waits until the words of a process on every host show that the long task is under way. */
async function underWay(task: string, words: string): Promise<Running> {
  const running = site.start([], long(task));
  for (const host of HOSTS) {
    for (const deadline = Date.now() + 20_000; !(await processes(site, host)).some((line) => line.includes(words));) {
      if (Date.now() > deadline) throw new Error(`'${words}' does not run on ${host}:\n${running.said()}`);
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
  return running;
}

async function nothingLeft(): Promise<void> {
  for (const [index, host] of HOSTS.entries()) {
    expect(await orphans(site, host, quiet[index] ?? [])).toEqual([]);
    expect(await leftFiles(site, host)).toEqual([]);
  }
}

test.each([
  ['a command', 'command: sleep 1111', 'sleep 1111', ''],
  ['a command with children that ignore signals', "shell: trap '' INT TERM HUP; sleep 2222 & sleep 2222; echo", 'sleep 2222', ''],
  ['a program that is talked to', 'expect: { command: sleep 3333, responses: { never: said }, timeout: 100 }', 'sleep 3333', ''],
  ['a script of the controller', 'script: long.sh', 'sleep 6666', ''],
  ['yum', 'yum: { name: omping }', 'sleep 333', 'SLOW_YUM=333'],
  ['a daemon that starts slowly', 'service: { name: oddjobd, state: started }', 'sleep 444', 'SLOW_START=444'],
])('in %s', async (_what, task, words, setting) => {
  for (const host of HOSTS) await site.on(host, `${setting.includes('START') ? 'yum -y -q install oddjob;' : ''} echo '${setting}' >>/etc/rollcall-lab.conf`);
  const running = await underWay(task, words);
  const begun = Date.now();
  running.child.kill('SIGINT');
  const ran = await running.done;
  expect(ran.code).toBe(130);
  expect(Date.now() - begun).toBeLessThan(15_000);
  expect(ran.stdout).not.toMatch(/ok +n\d +After/);
  expect(ran.events.at(-1)).toMatchObject({ type: 'run.end', outcome: 'interrupted', standing: { n1: "stopped in 'Long'", n2: "stopped in 'Long'" } });
  for (const host of HOSTS) expect(ran.stdout + ran.stderr).toMatch(new RegExp(`^  ${host}  stopped in 'Long'`, 'm'));
  await nothingLeft();
});

afterEach(async () => {
  for (const host of HOSTS) await site.on(host, "sed -i '/SLOW_/d' /etc/rollcall-lab.conf");
});

test('the second Ctrl-C ends at once', async () => {
  const running = await underWay('command: sleep 555', 'sleep 555');
  running.child.kill('SIGINT');
  running.child.kill('SIGINT');
  const begun = Date.now();
  await new Promise((wake) => setTimeout(wake, 30));
  running.child.kill('SIGINT');
  expect((await running.done).code).toBe(130);
  expect(Date.now() - begun).toBeLessThan(1000);
  for (const [index, host] of HOSTS.entries()) expect(await orphans(site, host, quiet[index] ?? [])).toEqual([]);
});
