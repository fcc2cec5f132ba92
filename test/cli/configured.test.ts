import type { SpawnSyncReturns } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtProgram, removeProgram } from '../flagship/program.ts';
import { scratch, type Scratch } from './scratch.ts';

let place: Scratch;
let work = '';

beforeAll(() => void builtProgram());
afterAll(removeProgram);
beforeEach(() => {
  place = scratch();
  work = place.path;
  file('hosts', 'n1\nn2\n[all:vars]\nansible_connection=local\n');
});
afterEach(() => place.remove());

const file = (path: string, text: string): void => place.file(path, text);

function rollcall(words: readonly string[], env: Record<string, string> = {}): SpawnSyncReturns<string> {
  return place.rollcall(words, { env });
}

/** What a run of site.yml says, one line a result. */
function run(words: readonly string[] = [], env: Record<string, string> = {}): SpawnSyncReturns<string> {
  return rollcall(['run', 'site.yml', '--no-journal', ...words], env);
}

const config = (defaults: string, more = ''): void => file('ansible.cfg', `[defaults]\ninventory = hosts\n${defaults}\n${more}\n`);

test('a flag wins over the environment, that over the file, that over our own default', () => {
  config('forks = 3');
  file('site.yml', '- hosts: n1\n  gather_facts: no\n  tasks:\n    - debug: { msg: "forks {{ ansible_forks }}" }\n');
  const forks = (words: readonly string[], env: Record<string, string> = {}): string | undefined => /forks (\d+)/.exec(run(words, env).stdout)?.[1];
  expect([forks(['-f', '5'], { ANSIBLE_FORKS: '4' }), forks([], { ANSIBLE_FORKS: '4' }), forks([])]).toEqual(['5', '4', '3']);
  config('');
  expect(forks([])).toBe('20');
});

test('roles_path, hash_behaviour, ansible_managed, any_errors_fatal, display_skipped_hosts and tags', () => {
  config('roles_path = shared/roles\nhash_behaviour = merge\nansible_managed = by hand in {file}, 50%%\nany_errors_fatal = yes\ndisplay_skipped_hosts = no', '[tags]\nskip = never_here\n');
  file('shared/roles/r/tasks/main.yml', '- debug: { var: d }\n- template: { src: t.j2, dest: "{{ playbook_dir }}/{{ inventory_hostname }}.out" }\n- debug: { msg: hidden }\n  when: false\n- debug: { msg: tagged }\n  tags: never_here\n- fail: { msg: n1 fails }\n  when: inventory_hostname == "n1"\n- debug: { msg: reached }\n');
  file('shared/roles/r/templates/t.j2', '{{ ansible_managed }}');
  file('group_vars/all.yml', 'd: { a: 1, b: { x: 1, l: [1] } }\n');
  file('site.yml', '- hosts: all\n  gather_facts: no\n  vars: { d: { b: { y: 2, l: [2] } } }\n  roles: [r]\n');
  const { stdout, status } = run(['-e', '{"d": {"c": 3}}', '-v']);
  expect(stdout).toContain('{"a":1,"b":{"x":1,"l":[2],"y":2},"c":3}');
  expect(readFileSync(join(work, 'n2.out'), 'utf8')).toBe(`by hand in ${work}/shared/roles/r/templates/t.j2, 50%`);
  expect(stdout).not.toMatch(/hidden|tagged|reached/);
  expect(stdout).not.toMatch(/^skipped/m);
  expect(stdout).toMatch(/n2 .*skipped 2/);
  expect(status).toBe(2);
});

test('a role of a collection, found by its full name', () => {
  config('collections_path = shared');
  file('shared/ansible_collections/own/tools/roles/greet/tasks/main.yml', '- debug: { msg: "{{ hello }} from afar" }\n');
  file('collections/ansible_collections/own/near/roles/greet/tasks/main.yml', '- debug: { msg: from near by }\n');
  file('site.yml', '- hosts: n1\n  gather_facts: no\n  roles: [{ role: own.tools.greet, hello: hi }, own.near.greet]\n');
  const { stdout, status } = run();
  expect(stdout).toMatch(/hi from afar[\s\S]*from near by/);
  expect(status).toBe(0);
});

test('facts survive a run in files, until they are too old, flushed or cleared', () => {
  config('fact_caching = jsonfile\nfact_caching_connection = facts\nfact_caching_timeout = 60\ngathering = smart');
  file('site.yml', '- hosts: n1\n  tasks:\n    - set_fact: { mine: learnt, cacheable: yes }\n    - debug: { msg: "{{ ansible_facts.kernel }}" }\n');
  file('ask.yml', '- hosts: n1\n  gather_facts: no\n  tasks:\n    - debug: { msg: "{{ mine | default(\'gone\') }} {{ ansible_kernel | default(\'gone\') }}" }\n');
  const ask = (...words: string[]): string | undefined => /\n +(\S+ \S+)\n/.exec(rollcall(['run', 'ask.yml', '--no-journal', ...words]).stdout)?.[1];
  expect(ask()).toBe('gone gone');
  expect(run().status).toBe(0);
  const path = join(work, 'facts/n1');
  const facts = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  expect(facts).toMatchObject({ mine: 'learnt', ansible_kernel: expect.any(String) as string });
  // What another program wrote is read, and never as a template.
  writeFileSync(path, JSON.stringify({ ...facts, ansible_kernel: '{{5*5}}' }));
  expect(ask()).toBe('learnt {{5*5}}');
  utimesSync(path, Date.now() / 1000 - 61, Date.now() / 1000 - 61);
  expect(ask()).toBe('gone gone');
  run();
  expect(ask('--flush-cache')).toBe('gone gone');
  expect(existsSync(path)).toBe(false);
  run();
  file('site.yml', '- hosts: n1\n  gather_facts: no\n  tasks:\n    - meta: clear_facts\n');
  run();
  expect(existsSync(path)).toBe(false);
});

test('what is remembered is gathered again by a play that gathers, unless gathering is smart; explicit asks for a yes', () => {
  file('facts/n1', JSON.stringify({ ansible_kernel: 'remembered' }));
  file('site.yml', '- hosts: n1\n  tasks:\n    - debug: { msg: "kernel {{ ansible_kernel | default(\'none\') }}" }\n');
  const kernel = (gathering: string): string | undefined => {
    config(`fact_caching = jsonfile\nfact_caching_connection = facts\ngathering = ${gathering}`);
    return /kernel (\S+)/.exec(run().stdout)?.[1];
  };
  expect(kernel('smart')).toBe('remembered');
  expect(kernel('explicit')).toBe('remembered');
  expect(kernel('implicit')).toMatch(/^\d+\./);
  rmSync(join(work, 'facts'), { recursive: true });
  expect(kernel('explicit')).toBe('none');
});

test('a secret is not kept among the facts', () => {
  config('fact_caching = jsonfile\nfact_caching_connection = facts\nvault_password_file = pw');
  file('pw', 'hunter2');
  expect(rollcall(['vault', 'encrypt_string', 'correct horse', '-n', 's', '--output', 'vars.yml']).status).toBe(0);
  file('site.yml', '- hosts: n1\n  gather_facts: no\n  vars_files: vars.yml\n  tasks:\n    - set_fact: { open: 1, hidden: "{{ s }}", cacheable: yes }\n');
  expect(run()).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(readFileSync(join(work, 'facts/n1'), 'utf8'))).toEqual({ open: 1 });
});

test('hosts that failed are listed for --limit', () => {
  config('retry_files_enabled = yes');
  file('site.yml', '- hosts: all\n  gather_facts: no\n  tasks:\n    - fail:\n      when: inventory_hostname == "n2"\n');
  expect(run().stderr).toContain(`--limit @${work}/site.retry`);
  expect(readFileSync(join(work, 'site.retry'), 'utf8')).toBe('n2\n');
  expect(run(['--limit', '@site.retry']).stdout).not.toContain('n1');
});

test('what has no effect is said at -v, what is missed always, what is wrong ends the run', () => {
  config('nocows = 1\nerror_on_undefined_vars = no\nstdout_callback = community.general.say', '[ssh_connection]\nssh_args = -C -o ForwardAgent=yes\n');
  file('site.yml', '- hosts: all\n  gather_facts: no\n');
  const { stderr } = run();
  expect(stderr).toContain('error_on_undefined_vars is not followed');
  expect(stderr).toContain("'ForwardAgent=yes' is not followed");
  expect(stderr).toContain("there is no report 'community.general.say' here");
  expect(stderr).not.toContain('nocows');
  expect(run(['-v']).stderr).toContain('note: [defaults] nocows has no effect here');
  expect(run([], { ANSIBLE_GATHERING: 'smrt' })).toMatchObject({ status: 5, stderr: expect.stringContaining("did you mean 'smart'?") as string });
});

test('a configuration in a folder that everybody may write to is not followed', () => {
  config('forks = 3');
  chmodSync(work, 0o777);
  const { stdout, stderr } = rollcall(['config', '--only-changed']);
  expect(stdout).toBe('');
  expect(stderr).toContain('everybody may write to its folder');
  chmodSync(work, 0o755);
  expect(rollcall(['config', '--only-changed']).stdout).toContain('forks     = 3  (ansible.cfg [defaults] forks)');
  expect(readdirSync(work)).toEqual(['ansible.cfg', 'hosts']);
});
