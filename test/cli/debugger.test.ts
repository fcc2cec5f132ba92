import { type Scratch, scratch } from './scratch.ts';

let place: Scratch;
beforeEach(() => {
  place = scratch();
  place.file('hosts', 'h1 ansible_connection=local\n');
});
afterEach(() => place.remove());

const run = ['run', 'site.yml', '-i', 'hosts', '--no-journal', '--output', 'classic'];
const asked = (answer: string): readonly [string, string] => ['(debug)> ', answer];

const BROKEN = `
- hosts: h1
  debugger: on_failed
  vars: { word: exit 3 }
  tasks:
    - name: Break
      command: sh -c "{{ word }}"
      register: seen
    - debug: { msg: "rc was {{ seen.rc }}, word is {{ word }}" }
`;

test('a failed task is looked at, its variable corrected, and tried again', async () => {
  place.file('site.yml', BROKEN);
  const { code, shown } = await place.atTerminal(run, [
    asked('p task.args'), asked("p result._result.rc + 40"), asked('p host, word'), asked("task_vars['word'] = 'exit ' ~ (1 - 1)"), asked('r'),
  ]);
  expect(shown).toContain("[h1] TASK: Break (debug)> ");
  expect(shown).toContain(`'sh -c "exit 3"'`);
  expect(shown).toMatch(/^43\r$/m);
  expect(shown).toMatch(/^\('h1', 'exit 3'\)\r$/m);
  expect(shown).toContain('rc was 0, word is exit 3');
  expect(shown).toMatch(/ok=2 +changed=1 +unreachable=0 +failed=0/);
  expect(code).toBe(0);
});

test('an argument is replaced, taken back with u, left out with del; mistakes are said and asked again', async () => {
  place.file('site.yml', BROKEN.replace('command: sh -c "{{ word }}"', 'debug: { msg: "{{ absent }}" }').replace('seen.rc', 'seen.msg'));
  const { code, shown } = await place.atTerminal(run, [
    asked('p task.args.msg'), asked('p nowhere'), asked('dance'), asked("task.args['msg'] = 'one'"), asked("p task.args['msg']"), asked('u'), asked("p task.args['msg']"),
    asked("task.args['msg'] = ['two', {'a': 1}]"), asked('redo'),
  ]);
  expect(shown).toContain("'{{ absent }}'");
  expect(shown).toContain("*** 'nowhere' is undefined");
  expect(shown).toContain("*** 'dance' is no command");
  expect(shown).toMatch(/^'one'\r[^]*^'\{\{ absent \}\}'\r/m);
  expect(shown).toContain("rc was ['two', {'a': 1}]");
  expect(code).toBe(0);
});

test('c keeps the failure, q and Ctrl-D end the run as an interruption', async () => {
  place.file('site.yml', BROKEN);
  const kept = await place.atTerminal(run, [asked('c')]);
  expect(kept.code).toBe(2);
  expect(kept.shown).toMatch(/failed=1/);
  for (const word of ['q', '\u0004']) {
    const ended = await place.atTerminal(run, [asked(word)]);
    expect(ended.code).toBe(130);
    expect(ended.shown).not.toContain('rc was');
  }
});

test('strategy debug and the setting ask about failures; never, forgiven errors and rescued words do not', async () => {
  const tasks = '    - { name: Quiet, command: "false", debugger: never, ignore_errors: true }\n    - { name: Forgiven, command: "false", ignore_errors: true }\n    - { name: Asked, command: "false" }\n';
  place.file('site.yml', `- hosts: h1\n  strategy: debug\n  tasks:\n${tasks}`);
  const { shown } = await place.atTerminal(run, [['[h1] TASK: Asked (debug)> ', 'c']]);
  expect(shown.match(/\(debug\)>/g)).toHaveLength(1);
  place.file('site.yml', `- hosts: h1\n  tasks:\n${tasks}`);
  place.file('ansible.cfg', '[defaults]\nenable_task_debugger = yes\ntask_debugger_ignore_errors = no\n');
  const both = await place.atTerminal(run, [['[h1] TASK: Forgiven (debug)> ', 'c'], ['[h1] TASK: Asked (debug)> ', 'c']]);
  expect(both.shown.match(/\(debug\)>/g)).toHaveLength(2);
});

test('always and on_skipped ask about what did not fail', async () => {
  place.file('site.yml', '- hosts: h1\n  tasks:\n    - { name: Fine, debug: , debugger: always }\n    - { name: Left, debug: , when: false, debugger: on_skipped }\n    - { name: Not, debug: , debugger: on_skipped }\n');
  const { shown } = await place.atTerminal(run, [['[h1] TASK: Fine (debug)> ', 'c'], ['[h1] TASK: Left (debug)> ', 'c']]);
  expect(shown.match(/\(debug\)>/g)).toHaveLength(2);
});

test('several hosts are asked about one after the other, and neither results nor arguments of no_log are shown', async () => {
  place.file('hosts', 'h1 ansible_connection=local\nh2 ansible_connection=local\n');
  place.file('site.yml', '- hosts: all\n  tasks:\n    - { name: Hide, command: "echo swordfish; false", failed_when: true, no_log: true, debugger: on_failed }\n');
  const { shown } = await place.atTerminal(run, [asked('p result'), asked('p task.args'), asked('c'), asked('c')]);
  expect(shown).toMatch(/\[(h[12])\] TASK: Hide[^]*fatal: \[\1\][^]*\[(?!\1)h[12]\] TASK: Hide/);
  expect(shown).not.toContain('swordfish');
  expect(shown).toContain('output has been hidden');
});

test('without a terminal it is said once that nobody can be asked', () => {
  place.file('hosts', 'h1 ansible_connection=local\nh2 ansible_connection=local\n');
  place.file('site.yml', '- hosts: all\n  debugger: on_failed\n  tasks:\n    - { command: "false", ignore_errors: true, debugger: always }\n    - command: "false"\n');
  const { stdout, stderr, status } = place.rollcall(run);
  expect(`${stdout}${stderr}`.match(/there is no terminal/g)).toHaveLength(1);
  expect(status).toBe(2);
});
