import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sessions } from '../../runner/engine/sessions/sessions.ts';
import { createActuator } from '../../runner/transport/actuator.ts';
import { createObserver, createRecollection } from '../../runner/transport/observer.ts';
import { type ToolHost, toolHosts } from '../transport/host.ts';
import { runs } from '../runs.ts';
import { accountTools } from './account-tools.ts';
import { play } from './harness.ts';

const hosts = toolHosts();
afterAll(async () => {
  for (const host of hosts) await host.close();
});

/** The real ways to a real shell; `together` counts the requests in which several tasks' changes travelled, and how many came along. */
function sessionsOf({ access }: ToolHost): { sessions: Sessions; travelled: number[] } {
  const travelled: number[] = [];
  const sessions: Sessions = {
    access: () => ({
      observer: (signal) => createObserver(access, signal),
      generation: () => access.memo.generation,
      recollection: (signal) => createRecollection(access, signal),
      actuator(signal) {
        const actuator = createActuator(access, signal);
        return {
          ...actuator,
          async together(parts, plain, behind) {
            const made = await actuator.together!(parts, plain, behind);
            travelled.push(made);
            return made;
          },
        };
      },
      forget: () => access.memo.changed(),
      reconnect: () => Promise.resolve(),
    }),
    forget: () => access.memo.changed(),
    close: () => Promise.resolve(),
  };
  return { sessions, travelled };
}

/** What is there when a play begins: a file with an odd owner, a folder, and other names for both. */
function prepare(root: string): void {
  rmSync(root, { recursive: true, force: true });
  for (const folder of ['d', 'd/e']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'd/a'), 'one\ntwo\n', { mode: 0o640 });
  chownSync(join(root, 'd/a'), 1, 3);
  symlinkSync('d', join(root, 'ln'));
  symlinkSync('d/a', join(root, 'la'));
}

/** All that a folder holds, a line each. */
function listing(root: string, below = ''): string[] {
  return readdirSync(join(root, below)).sort().flatMap((name) => {
    const path = join(below, name);
    const { mode, uid, gid } = lstatSync(join(root, path));
    const kind = mode & 0o170000;
    const head = `${path} ${mode.toString(8)} ${uid}:${gid}`;
    if (kind === 0o120000) return [`${path} -> ${readlinkSync(join(root, path)).replace(root, 'ROOT')}`];
    return kind === 0o040000 ? [head, ...listing(root, path)] : [`${head} ${JSON.stringify(readFileSync(join(root, path), 'latin1'))}`];
  });
}

/** What two runs of the same commands never have in common. */
const TIMES = { start: '', end: '', delta: '' };

async function outcome(host: ToolHost, tasks: readonly string[], lookahead: boolean): Promise<{ story: readonly string[]; results: readonly unknown[]; files: string[]; travelled: number[] }> {
  const root = join(host.folder, 'root');
  prepare(root);
  // Somebody else has worked on the host.
  host.access.memo.changed();
  const { sessions, travelled } = sessionsOf(host);
  const playbook = `- hosts: all\n  gather_facts: false\n  vars: { root: ${root} }\n  tasks:\n${tasks.map((task, index) => `    - name: t${index}\n      ignore_errors: true\n      ${task}\n`).join('')}  handlers:\n    - name: nobody\n      debug: { msg: told }\n`;
  const { story, events } = await play({ playbook, hosts: { h: {} }, sessions, settings: { lookahead, diff: true } });
  const results = events.flatMap((event) => (event.type === 'result' ? [{ ...event.result, ...TIMES }] : []));
  return { story, results, files: listing(root), travelled };
}

const path = fc.constantFrom('d', 'd/a', 'd/b', 'd/c', 'd/f', 'd/g', 'd/e', 'd/e/c', 'd/e/h', 'n', 'n/f', 'n/m/g', 'ln', 'ln/a', 'ln/b', 'la', 'k', 'k/a');
const mode = fc.constantFrom('', ", mode: '0755'", ", mode: '0600'", ", mode: '0640', owner: root, group: root", ', owner: daemon', ', group: sys');
const content = fc.constantFrom('one', 'two', 'three');
const at = (name: string): string => `"{{ root }}/${name}"`;
const plain = fc.integer({ min: 0, max: 9 }).map((index) => `copy: { dest: ${at(`d/p${index}`)}, content: x }`);
const task: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: plain },
  fc.tuple(path, mode).map(([name, more]) => `file: { path: ${at(name)}, state: directory${more} }`),
  fc.tuple(path, mode).map(([name, more]) => `file: { path: ${at(name)}${more} }`),
  fc.tuple(path, content, mode).map(([name, text, more]) => `copy: { dest: ${at(name)}, content: "${text}\\n"${more} }`),
  fc.tuple(path, content, mode).map(([name, text, more]) => `lineinfile: { path: ${at(name)}, line: ${text}, create: true${more} }`),
  fc.tuple(path, content).map(([name, text]) => `lineinfile: { path: ${at(name)}, regexp: '^t', line: ${text} }`),
  fc.tuple(path, content).map(([name, text]) => `blockinfile: { path: ${at(name)}, block: ${text} }`),
  fc.tuple(path, content).map(([name, text]) => `replace: { path: ${at(name)}, regexp: o, replace: ${text} }`),
  fc.tuple(path, path).map(([name, target]) => `file: { path: ${at(name)}, src: ${at(target)}, state: link, force: true }`),
  path.map((name) => `file: { path: ${at(name)}, state: absent }`),
  path.map((name) => `command: { argv: [touch, ${at(name)}], creates: ${at(name)} }`),
);
const guarded = fc.tuple(task, fc.constantFrom(...Array.from({ length: 16 }, () => ''), '\n      register: r', '\n      when: r is defined and r is changed', '\n      when: false', '\n      failed_when: false')).map(([text, more]) => text + more);

test.each(hosts.map((host) => [host.name, host] as const))('changes that travel together come to the same as one by one: %s', async (_name, host) => {
  let along = 0;
  await fc.assert(fc.asyncProperty(fc.array(guarded, { minLength: 4, maxLength: 12 }), async (tasks) => {
    const { travelled, ...together } = await outcome(host, tasks, true);
    const { travelled: _none, ...alone } = await outcome(host, tasks, false);
    along += travelled.filter((made) => made > 1).reduce((sum, made) => sum + made, 0);
    expect(together).toEqual(alone);
  }), runs(60));
  // Or nothing was tried.
  expect(along).toBeGreaterThan(20);
});

const who = fc.constantFrom('ann', 'bob', 'app', 'old');
const id = fc.constantFrom('', ', uid: 4200', ', uid: 4201', ', uid: 1');
const member = fc.constantFrom('', ', group: app', ', group: sys', ', group: nobody', ", group: '4200'");
const account: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(who, fc.constantFrom('', ', gid: 4200', ', gid: 4201')).map(([name, more]) => `group: { name: ${name}${more} }`) },
  { weight: 4, arbitrary: fc.tuple(who, id, member, fc.constantFrom('', ', shell: /bin/false'), fc.constantFrom(', create_home: false', `, home: ${at('d/home')}`)).map(([name, ...more]) => `user: { name: ${name}${more.join('')} }`) },
  fc.tuple(fc.constantFrom('group', 'user'), who).map(([module, name]) => `${module}: { name: ${name}, state: absent }`),
  { weight: 3, arbitrary: plain },
  fc.tuple(path, mode).map(([name, more]) => `file: { path: ${at(name)}, state: directory${more} }`),
  path.map((name) => `file: { path: ${at(name)}, owner: daemon }`),
  fc.constantFrom('d/home', 'd/home/x').map((name) => `copy: { dest: ${at(name)}, content: x }`),
);

test('accounts travel, too (simulated tools)', async () => {
  const host = hosts[0]!;
  const tools = accountTools(host.folder);
  const shell = await host.access.shell();
  await shell.inquire(`kept_path=$PATH; PATH=${tools.folder}:$PATH`);
  let along = 0;
  try {
    await fc.assert(fc.asyncProperty(fc.array(account, { minLength: 3, maxLength: 10 }), async (tasks) => {
      const run = async (lookahead: boolean): Promise<unknown> => {
        tools.reset();
        const { travelled, ...come } = await outcome(host, tasks, lookahead);
        along += travelled.filter((made) => made > 1).reduce((sum, made) => sum + made, 0);
        return { ...come, accounts: tools.lines() };
      };
      expect(await run(true)).toEqual(await run(false));
    }), runs(60));
  } finally {
    await shell.inquire('PATH=$kept_path');
  }
  expect(along).toBeGreaterThan(20);
});

test('a group, a user in it and its files are made in one request (simulated tools)', async () => {
  const host = hosts[0]!;
  const tools = accountTools(host.folder);
  const shell = await host.access.shell();
  await shell.inquire(`kept_path=$PATH; PATH=${tools.folder}:$PATH`);
  tools.reset();
  const { story, travelled } = await outcome(host, ['group: { name: app, gid: 4200 }', 'user: { name: app, uid: 4200, group: app, create_home: false }', ...files(2)], true);
  await shell.inquire('PATH=$kept_path');
  expect([story.map((line) => line.split(': ').at(-1)), travelled, tools.lines().filter((line) => line.startsWith('app'))]).toEqual([
    ['changed', 'changed', 'changed', 'changed'], [4], ['app:x:4200:4200::/home/app:/bin/sh', 'app:x:4200:'],
  ]);
});

const files = (count: number, more = ''): string[] => Array.from({ length: count }, (_, index) => `copy: { dest: "{{ root }}/d/f${index}", content: x${index} }${more}`);

describe.each(hosts.slice(0, 1).map((host) => [host.name, host] as const))('%s', (_name, host) => {
  test('files that nothing comes between travel in one request', async () => {
    const { story, travelled } = await outcome(host, files(12), true);
    expect(story).toHaveLength(12);
    expect(story.every((line) => line.endsWith(': changed'))).toBe(true);
    expect(travelled).toEqual([12]);
  });

  test.each([
    ['what it registers may decide what comes behind it', '\n      register: r', [2]],
    ['a handler is told of it', '\n      notify: nobody', [2]],
    ['it judges itself whether it has failed', '\n      failed_when: false', [2]],
    ['it is done elsewhere', '\n      delegate_to: h', []],
    ['it is done once', '\n      run_once: true', []],
    ['it has a time limit', '\n      timeout: 60', []],
    ['its failure ends the play', '\n      any_errors_fatal: true', []],
  ])('nothing travels behind a task when %s', async (_why, more, expected) => {
    const [first = '', ...others] = files(4);
    const tasks = [first, `${others[0]}${more}`, others[1] ?? ''];
    const { story, travelled } = await outcome(host, tasks, true);
    expect([story.filter((line) => line.startsWith('h: t')).length, travelled]).toEqual([3, expected]);
  });

  test('a text that is another one each time it is worked out is written once', async () => {
    const { results, travelled } = await outcome(host, [...files(1), 'copy: { dest: "{{ root }}/d/any", content: "{{ 999999999 | random }}" }', 'file: { path: "{{ root }}/d/a", owner: daemon }', ...files(3).slice(2)], true);
    const text = readFileSync(join(host.folder, 'root/d/any'));
    expect(results[1]).toMatchObject({ changed: true, checksum: createHash('sha1').update(text).digest('hex'), diff: [{ after: text.toString() }] });
    expect([(results[1] as { diff: unknown[] }).diff.length, travelled]).toEqual([1, [3]]);
  });

  test('tasks that have nothing to do in between are looked at with the others', async () => {
    const trips = async (tasks: readonly string[]): Promise<number> => {
      const before = host.session.roundTrips;
      const { travelled } = await outcome(host, tasks, true);
      expect(travelled).toEqual([3]);
      return host.session.roundTrips - before;
    };
    const idle = ['file: { path: "{{ root }}/d/a", owner: daemon }', 'lineinfile: { path: "{{ root }}/d/a", line: one }'];
    expect(await trips([...files(1), ...idle, ...files(3).slice(1)])).toBe(await trips(files(3)));
  });

  test('a task that cannot be done keeps those behind it where they are until it has failed', async () => {
    const [first = '', ...others] = files(4);
    const { story, files: left, travelled } = await outcome(host, [first, 'copy: { dest: "{{ root }}/d/x", content: x, owner: nobody-like-this }', ...others], true);
    expect(story.map((line) => line.replace('h: ', ''))).toEqual(['t0: changed', 't1: failed (ignored)', 't2: changed', 't3: changed', 't4: changed']);
    expect(left.some((line) => line.startsWith('d/x'))).toBe(false);
    expect(travelled[0]).toBe(0);
  });
});
