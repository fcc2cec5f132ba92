import { InputError } from '../../runner/source/diagnostic.ts';
import { play } from './harness.ts';

test.each([
  ['hosts', '- hosts: "{{ nope }}"'],
  ['serial', '- hosts: all\n  serial: "{{ nope }}"'],
  ['max_fail_percentage', '- hosts: all\n  max_fail_percentage: "{{ nope }}"'],
  ['vars_files', '- hosts: all\n  vars_files: "{{ nope }}"'],
])('an undefined variable in %s of a play is a mistake in the playbook, not a bug', async (_, head) => {
  const error = await play({ playbook: `${head}\n  tasks:\n    - ping:\n` }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).diagnostics).toMatchObject([{ code: 'undefined-variable', message: "'nope' is undefined", span: {} }]);
});

test('a serial that comes to no number is refused: it must not become all hosts at once', async () => {
  await expect(play({ playbook: '- hosts: all\n  vars: { s: lots }\n  serial: "{{ s }}"\n  tasks:\n    - ping:\n' })).rejects.toThrow("'serial' comes to \"lots\"");
});

test.each(['throttle', 'run_once', 'ignore_errors', 'any_errors_fatal', 'notify', 'retries'])('%s without a value fails the task before it is carried out, and names the place', async (keyword) => {
  const { story, hosts, result } = await play({
    playbook: `
- hosts: all
  tasks:
    - name: Touch
      command: touch
      ${keyword}: "{{ nobody_sets_it }}"
`,
  });
  expect(story).toEqual(['h1: Touch: failed', 'h2: Touch: failed']);
  expect(hosts['h1']?.ran).toEqual([]);
  expect(result('h1', 'Touch')['msg']).toMatch(/'nobody_sets_it' is undefined\n.*site\.yml:6:\d+\n[^]*\^{14}/);
});
