import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scratch, type Scratch } from '../cli/scratch.ts';
import { builtProgram, removeProgram, ROOT } from './program.ts';

/** `rollcall try` on real throwaway hosts: what it says, its exit code, and that nothing is left of them. */
let place: Scratch;
beforeAll(() => {
  // A build that is not in its package finds what hosts are made of beside itself.
  symlinkSync(join(ROOT, 'lab'), join(dirname(builtProgram()), 'lab'));
  place = scratch();
});
afterAll(() => {
  place.remove();
  removeProgram();
});

const attempt = (playbook: string, ...words: string[]): { status: number | null; stdout: string; stderr: string } => {
  place.file('site.yml', playbook);
  return place.rollcall(['try', 'site.yml', ...words]);
};
const labs = (): string => spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout;

test('a playbook that settles: predicted, made, nothing left, and the hosts are gone', () => {
  const ran = attempt(`
- hosts: web
  become: true
  tasks:
    - copy: { content: "{{ greeting }} {{ inventory_hostname }}", dest: /etc/greeting }
    - command: touch /etc/done
      args: { creates: /etc/done }
`, '-e', 'greeting=hello');
  expect(ran.stderr).toBe('');
  expect(ran.stdout).toMatch(/^Hosts {7}n1 10\.66\.\d+\.11, n2 10\.66\.\d+\.12: throwaway \(centos6\), [\d.]+ s\nCheck {7}4 changes predicted, [\d.]+ s\nRun {9}4 changes made, as predicted, [\d.]+ s\nSecond run {2}nothing left to change, [\d.]+ s\n$/);
  expect(ran.status).toBe(0);
  // Other tests have labs of their own meanwhile.
  expect(labs()).not.toContain(`rollcall${/10\.66\.(\d+)\.11/.exec(ran.stdout)?.[1] ?? ''} `);
});

test('hosts have the names and variables of an inventory, and are reached whatever it says of the way', () => {
  place.file('inventory/hosts', '[web]\nweb1.example.org ansible_host=192.0.2.1 ansible_port=2222 ansible_ssh_common_args="-J nowhere" note=one\n');
  place.file('inventory/host_vars/web1.example.org.yml', 'ansible_user: nobody-here\n');
  const ran = attempt('- hosts: web\n  tasks:\n    - copy: { content: "{{ note }}", dest: /root/note }\n    - assert: { that: "inventory_hostname == \'web1.example.org\'" }\n', '-i', 'inventory');
  expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining('1 change made, as predicted') as string });
});

test('a playbook that never settles: exit 3, with the task that does it', () => {
  const ran = attempt('- hosts: n1\n  tasks:\n    - name: Append\n      shell: date >> /root/log\n');
  expect(ran.stdout).toMatch(/Check {7}0 changes predicted, 1 task undetermined.*\n.*\nSecond run {2}1 change made again, .*\n {2}tasks › Append @ n1\n$/);
  expect(ran.status).toBe(3);
});

test('a playbook that fails: exit 2, with the place and the cause, and no second run', () => {
  const ran = attempt('- hosts: n1\n  tasks:\n    - name: Broken\n      command: cat /nowhere\n');
  expect(ran.stdout).toMatch(/Run {9}failed; 0 changes made, .*\n {2}n1: Broken \(.*site\.yml:3\)\n/);
  expect(ran.stdout).not.toContain('Second run');
  expect(ran.status).toBe(2);
});

test.each([
  ['a mistake in the playbook', '- hosts: n1\n  tasks:\n    - pnig:\n', /there is no module 'pnig'/],
  ['nothing but this machine', '- hosts: localhost\n  tasks:\n    - ping:\n', /the plays name no host that could be made/],
])('%s is said before a host is made: exit 5', (_what, playbook, words) => {
  const ran = attempt(playbook);
  expect(ran).toMatchObject({ status: 5, stdout: '', stderr: expect.stringMatching(words) as string });
});
