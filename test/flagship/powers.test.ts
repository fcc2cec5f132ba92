import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtProgram, type Ran } from './program.ts';
import { type Site, siteUp, until } from './site.ts';
import { filesWith, forms, setPassword, watchWords } from './traces.ts';

/** Whose rights a task has, which hosts and tasks a run takes, and what a host does about a rule that locks the controller out. */
let site: Site;
const password = `rp-${randomBytes(9).toString('hex')}`;
beforeAll(async () => {
  site = await siteUp(56);
  await setPassword(site, 'root', password);
});
afterAll(() => site.down());

const play = (lines: string, head = ''): string => `- name: All\n  hosts: cluster\n  gather_facts: false\n${head}  tasks:\n${lines.replace(/^/gm, '    ')}\n`;
const ID = play('- name: Who\n  command: id -un');

/** The hosts on which a task ran, in the order of their ends. */
function hostsOf({ events }: Ran, name: string): readonly string[] {
  const ids = events.flatMap((event) => (event.type === 'task.start' && event.name === name ? [event.task] : []));
  return events.flatMap((event) => (event.type === 'result' && ids.includes(event.task) && event.status !== 'skipped' ? [event.host] : []));
}
const said = ({ events }: Ran): readonly unknown[] => events.flatMap((event) => (event.type === 'result' && 'stdout' in event.result ? [event.result['stdout']] : []));

describe('a task has the rights', () => {
  test.each([
    ['of the login user', [], 'admin'],
    ['of root by sudo, which asks for a password and a terminal', ['-b'], 'root'],
    ['of another user by sudo', ['-b', '--become-user', 'nobody'], 'nobody'],
  ])('%s', async (_what, words, user) => {
    const ran = await site.run(words, ID);
    expect(said(ran)).toEqual([user, user]);
    expect(ran.code).toBe(0);
  });

  test('of root by su; its password is in no output and no process', async () => {
    const secret = join(site.work, 'su.json');
    writeFileSync(secret, JSON.stringify({ ansible_become_password: password }));
    const stop = watchWords(forms(password));
    const ran = await site.run(['-b', '--become-method', 'su', '-e', `@${secret}`, '-vvv', '--output', 'lines', '--output', `classic:${join(site.work, 'su.txt')}`], ID);
    expect(stop().seen).toEqual([]);
    expect(said(ran)).toEqual(['root', 'root']);
    expect(filesWith(site.work, forms(password), [secret, site.lab.dir])).toEqual([]);
    expect(ran.stdout + ran.stderr).not.toContain(password);
  });

  test('of root by sudo without a password, with a terminal and without', async () => {
    await site.on('n1', "sed -i 's/^admin ALL=(ALL) ALL/admin ALL=(ALL) NOPASSWD: ALL/' /etc/sudoers");
    await site.on('n2', "sed -i 's/^admin ALL=(ALL) ALL/admin ALL=(ALL) NOPASSWD: ALL/; /requiretty/d' /etc/sudoers");
    const ran = await site.run(['-b', '-e', '{"ansible_become_password": null}'], ID);
    expect(said(ran)).toEqual(['root', 'root']);
    expect(ran.code).toBe(0);
  });
});

test('no_log hides what nobody knew to be a secret', async () => {
  const word = `nl-${randomBytes(6).toString('hex')}`;
  const shown = join(site.work, 'nolog.txt');
  const lines = `- name: Hidden\n  shell: echo {{ hidden | b64decode }}; exit 3\n  no_log: true\n  ignore_errors: true`;
  const ran = await site.run(['-vvv', '-e', `hidden=${Buffer.from(word).toString('base64')}`, '--output', 'lines', '--output', `classic:${shown}`], play(lines));
  expect(hostsOf(ran, 'Hidden')).toHaveLength(2);
  expect(ran.stdout + ran.stderr + JSON.stringify(ran.events)).not.toContain(word);
  expect(filesWith(site.work, [word], [site.lab.dir])).toEqual([]);
  expect(readFileSync(shown, 'utf8')).toContain('TASK [Hidden]');
});

describe('a run takes', () => {
  const STEPS = play('- name: One\n  ping:\n  tags: [a]\n- name: Two\n  ping:\n  tags: [b]\n- name: Three\n  command: hostname\n  delegate_to: localhost\n  run_once: true\n  tags: [c]\n- name: Four\n  command: hostname\n  tags: [d]');
  test.each([
    [[], { One: 2, Two: 2, Three: 1, Four: 2 }],
    [['--limit', 'n2'], { One: 1, Two: 1, Three: 1, Four: 1 }],
    [['--tags', 'a,d'], { One: 2, Two: 0, Three: 0, Four: 2 }],
    [['--skip-tags', 'c', '--forks', '1'], { One: 2, Two: 2, Three: 0, Four: 2 }],
    [['--start-at-task', 'T*ee'], { One: 0, Two: 0, Three: 1, Four: 2 }],
  ])('what %j says', async (words, counts) => {
    const done = await site.run(words, STEPS);
    expect(done.code).toBe(0);
    expect(Object.fromEntries(['One', 'Two', 'Three', 'Four'].map((name) => [name, hostsOf(done, name).length]))).toEqual(counts);
  });

  test('the controller for delegated tasks and local connections, the host for others', async () => {
    const here = await site.run([], STEPS);
    const [controller, ...hosts] = said(here);
    expect(new Set(hosts)).toEqual(new Set(['n1', 'n2']));
    expect(['n1', 'n2']).not.toContain(controller);
    expect(said(await site.run(['-t', 'd'], STEPS.replace('  hosts:', '  connection: local\n  hosts:')))).toEqual([controller, controller]);
  });

  test('one host after the other with serial: 1', async () => {
    const done = await site.run([], STEPS.replace('  hosts:', '  serial: 1\n  hosts:'));
    const order = done.events.flatMap((event) => (event.type === 'result' ? [event.host] : []));
    expect(order).toEqual(['n1', 'n1', 'n1', 'n1', 'n2', 'n2', 'n2', 'n2']);
  });

  test('the phases that are named', async () => {
    const phases = (done: Ran): readonly string[] => [...new Set(done.events.flatMap((event) => (event.type === 'task.start' ? [event.phase] : [])))];
    expect(phases(await site.run(['--check', '--phase', 'Names', '--phase', 'Firewall']))).toEqual(['Names', 'Firewall']);
    const rest = await site.run(['--list-tasks', '--from-phase', 'Try a relocation']);
    expect(rest.code).toBe(0);
    expect(rest.stdout).toContain('Leave a note');
    expect(rest.stdout).not.toContain('Install the group');
  });

  test('nothing, when it only lists', async () => {
    for (const [word, text] of [['--list-hosts', 'hosts (2):'], ['--list-tasks', 'Install the group "High Availability"'], ['--list-tags', 'TASK TAGS'], ['--syntax-check', 'playbook: ']] as const) {
      const listed = await site.run([word]);
      expect(listed.stdout).toContain(text);
      expect(listed.code).toBe(0);
      expect(listed.events).toEqual([]);
    }
  });

  test('the tasks that a person says yes to with --step', async () => {
    const file = join(site.work, 'steps.yml');
    writeFileSync(file, STEPS);
    const log = join(site.work, 'steps.jsonl');
    const words = [process.execPath, builtProgram(), 'run', file, '-i', site.inventory, '--step', '--output', `json:${log}`, '--output', 'lines'];
    const child = spawn('script', ['-qec', words.join(' '), '/dev/null'], { cwd: site.work });
    const answers = ['n\r', 'y\r', 'c\r'];
    let text = '';
    let asked = 0;
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      for (; (text.match(/\(N\)o\/\(y\)es\/\(c\)ontinue/g)?.length ?? 0) > asked; asked++) child.stdin.write(answers[asked] ?? 'c\r');
    });
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    const events = readFileSync(log, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Ran['events'][number]);
    const counts = ['One', 'Two', 'Four'].map((name) => hostsOf({ code: 0, stdout: '', stderr: '', events }, name).length);
    expect(counts).toEqual([0, 2, 2]);
  }, 20_000);
});

test('a rule that locks the controller out is taken back by the host, and the task says so', async () => {
  const before = await site.on('n1', 'iptables -S INPUT');
  const lock = `iptables: { chain: INPUT, source: 10.66.${site.lab.subnet}.1, jump: DROP, action: insert, rule_num: 1, rollback_after: 4 }`;
  const begun = Date.now();
  const done = await site.run(['-b', '-l', 'n1', '-e', '{"ansible_become_password": null}'], play(`- name: Lock\n  ${lock}\n- name: After\n  ping:`));
  expect(done.stdout).toMatch(/Lock[^]*no new connection could be opened after the change; the host takes it back by itself 4 s after/);
  expect(done.code).toBe(2);
  expect(hostsOf(done, 'After')).toEqual([]);
  // The dead connection keeps nobody waiting.
  expect(Date.now() - begun).toBeLessThan(12_000);
  await until(async () => (await site.on('n1', 'iptables -S INPUT')) === before, 10, () => site.on('n1', 'iptables -S INPUT'));
  expect((await site.run(['-l', 'n1'], play('- name: Again\n  ping:'))).code).toBe(0);
});
