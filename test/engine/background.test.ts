import { play } from './harness.ts';

test('break_when ends a loop behind the item for which it holds', async () => {
  const { result } = await play({
    playbook: `
- hosts: h1
  tasks:
    - name: loop
      debug: { msg: "{{ item }}" }
      loop: [1, 2, 3, 4]
      loop_control: { break_when: said.msg == 2 }
      register: said
    - name: sum
      debug: { msg: "{{ said.results | map(attribute='msg') | list }}" }
`,
  });
  expect(result('h1', 'sum')['msg']).toEqual([1, 2]);
});

test('a task in the background is waited for by async_status, and its failure is the failure of that task', async () => {
  const { story, result } = await play({
    hosts: { h1: { commands: { slow: 'done', broken: { code: 3 } } } },
    playbook: `
- hosts: h1
  tasks:
    - { name: start, command: slow, async: 10, poll: 0, register: job }
    - name: wait
      async_status: { jid: "{{ job.ansible_job_id }}" }
      register: state
      until: state.finished == 1
      retries: 20
      delay: 0
    - { name: bad, command: broken, async: 10, poll: 0, register: job }
    - name: wait for bad
      async_status: { jid: "{{ job.ansible_job_id }}" }
      register: state
      until: state.finished == 1
      retries: 20
      delay: 0
      ignore_errors: true
    - name: unknown job
      async_status: { jid: nope }
`,
  });
  expect(story).toEqual(['h1: start: changed', 'h1: wait: changed', 'h1: bad: changed', 'h1: wait for bad: failed (ignored)', 'h1: unknown job: failed']);
  expect(result('h1', 'start')).toMatchObject({ started: 1, finished: 0 });
  expect(result('h1', 'wait')).toMatchObject({ stdout: 'done', finished: 1 });
  expect(result('h1', 'wait for bad')).toMatchObject({ rc: 3 });
});

test('a role is run once per host and parameters, and again where duplicates are allowed', async () => {
  const role = '- name: "one {{ p | default(0) }}"\n  debug: { msg: x }\n  when: inventory_hostname != skip | default()\n';
  const { story } = await play({
    files: { 'roles/one/tasks/main.yml': role, 'roles/two/tasks/main.yml': role.replace('one', 'two'), 'roles/two/meta/main.yml': 'allow_duplicates: true\n' },
    vars: { h2: { skip: 'h2' } },
    playbook: '- hosts: all\n  roles: [one, one, { role: one, p: 1 }, { role: one, p: 1 }, two, two]\n',
  });
  expect(story.filter((line) => line.startsWith('h1'))).toEqual(['h1: one 0: ok', 'h1: one 1: ok', 'h1: two 0: ok', 'h1: two 0: ok']);
  // A role whose tasks were all skipped has not been run.
  expect(story.filter((line) => line.startsWith('h2'))).toHaveLength(6);
});

test('facts that a module brings are data of the host, and never say how to reach it', async () => {
  const { result } = await play({
    hosts: { h1: { commands: { 'getent passwd': { stdout: 'root:x:0:0:{{ 7 * 7 }}:/root:/bin/sh\n' } } } },
    playbook: `
- hosts: h1
  gather_facts: false
  tasks:
    - { name: learn, getent: { database: passwd } }
    - { name: show, debug: { msg: "{{ getent_passwd.root[3] }} {{ ansible_facts.getent_passwd.root[1] }}" } }
`,
  });
  expect(result('h1', 'show')['msg']).toBe('{{ 7 * 7 }} 0');
});
