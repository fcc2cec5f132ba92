import { play } from './harness.ts';

// What Ansible's blocks cannot: loop, retry, wait for a condition. Everything around them must stay as it is.

test('a loop on a block: item, index and extended loop inside, nested, in includes and in rescue and always of each passage', async () => {
  const { story, result } = await play({
    hosts: { h1: {} },
    files: { 'inc.yml': '- { name: "inc {{ item }}", debug: { msg: "{{ item }}{{ outer }}{{ nr }}{{ ansible_loop.last }}" }, when: item != "x" }\n' },
    playbook: `
- hosts: h1
  tasks:
    - loop: [1, 2]
      loop_control: { loop_var: outer, index_var: nr, extended: true }
      block:
        - loop: [x, y]
          block:
            - include_tasks: inc.yml
            - { name: fails, fail: { msg: "{{ outer }}" }, when: item == 'y' and outer == 2 }
          rescue:
            - { name: rescue, debug: { msg: "{{ item }}{{ outer }}{{ ansible_failed_result.msg }}" } }
          always:
            - { name: always, debug: { msg: "{{ item }}{{ outer }}" } }
`,
  });
  expect(story.filter((each) => /rescue:|always|fails/.test(each))).toEqual([
    'h1: fails: skipped', 'h1: always: ok', 'h1: fails: skipped', 'h1: always: ok', 'h1: fails: skipped', 'h1: always: ok',
    'h1: fails: failed (rescued)', 'h1: rescue: ok', 'h1: always: ok',
  ]);
  expect(story.filter((each) => each.includes('inc y'))).toEqual(['h1: inc y: ok', 'h1: inc y: ok']);
  expect(result('h1', 'inc y')).toMatchObject({ msg: 'y21True' });
  expect(result('h1', 'rescue')).toMatchObject({ msg: 'y22' });
});

test('break_when and pause stand between the passages of a block', async () => {
  const started = Date.now();
  const { story } = await play({
    hosts: { h1: {} },
    playbook: `
- hosts: h1
  tasks:
    - loop: [1, 2, 3]
      loop_control: { break_when: item == 2, pause: 0.3 }
      block:
        - { name: "pass {{ item }}", debug: , register: seen }
`,
  });
  expect(story).toEqual(['h1: pass 1: ok', 'h1: pass 2: ok']);
  expect(Date.now() - started).toBeGreaterThanOrEqual(290);
});

test('what a loop on a block runs over may be a fact, is skipped with a false when, fails in the name of the block, and is rescued outside of it', async () => {
  const { story, result } = await play({
    hosts: { h1: {} },
    playbook: `
- hosts: h1
  tasks:
    - loop: "{{ absent }}"
      name: guarded
      when: false
      block: [{ debug: }]
    - name: forgiven
      loop: "{{ absent }}"
      ignore_errors: true
      block: [{ debug: }]
      rescue: [{ name: not this one, debug: }]
    - block:
        - name: broken
          loop: 7
          block: [{ debug: }]
          rescue: [{ name: not this one, debug: }]
      rescue:
        - { name: outside, debug: { msg: "{{ ansible_failed_task.name }}" } }
`.replace('loop: 7', 'loop: "{{ 7 }}"'),
  });
  expect(story).toEqual(['h1: guarded: skipped', 'h1: forgiven: failed (ignored)', 'h1: broken: failed (rescued)', 'h1: outside: ok']);
  expect(result('h1', 'forgiven')['msg']).toContain("'absent' is undefined");
  expect(result('h1', 'outside')).toMatchObject({ msg: 'broken' });
});

test('in check mode a block whose loop depends on what was not run is undetermined as a whole, and so is what it registers', async () => {
  const { story } = await play({
    hosts: { h1: {} },
    settings: { check: true },
    playbook: `
- hosts: h1
  tasks:
    - { name: ask, command: list, register: asked }
    - name: each
      loop: "{{ asked.stdout_lines }}"
      block:
        - { name: write, copy: { dest: /x, content: "{{ item }}" }, register: written }
    - { name: after, debug: , when: written is changed }
`,
  });
  expect(story).toEqual(['h1: ask: undetermined', 'h1: each: undetermined', 'h1: after: undetermined']);
});

test('until on a block tries it again until it holds; never met, the block fails and its rescue runs', async () => {
  const { story, result } = await play({
    hosts: { h1: {} },
    playbook: `
- hosts: h1
  tasks:
    - until: n == 2
      delay: 0
      block:
        - { name: count, set_fact: { n: "{{ n | default(0) | int + 1 }}" } }
    - name: never
      until: false
      retries: 1
      delay: 0
      block: [{ name: try, debug: }]
      rescue: [{ name: rescue, debug: { msg: "{{ ansible_failed_result.msg }} ({{ ansible_failed_result.attempts }})" } }]
      always: [{ name: always, debug: }]
`,
  });
  expect(story).toEqual(['h1: count: ok', 'h1: count: ok', 'h1: try: ok', 'h1: try: ok', 'h1: never: failed (rescued)', 'h1: rescue: ok', 'h1: always: ok']);
  expect(result('h1', 'rescue')).toMatchObject({ msg: "'until' of the block does not hold after 2 tries (2)" });
});

test('a task that runs once runs once for every try of its block', async () => {
  const { story } = await play({
    playbook: `
- hosts: all
  tasks:
    - retries: 1
      delay: 0
      block:
        - { name: once, set_fact: { n: "{{ n | default(0) | int + 1 }}" }, run_once: true }
        - { name: enough, assert: { that: n == 2 } }
    - { name: end, debug: { msg: "{{ n }}" } }
`,
  });
  expect(story.filter((each) => each.includes('once'))).toHaveLength(2);
  expect(story.filter((each) => each.includes('end'))).toEqual(['h1: end: ok', 'h2: end: ok']);
});

test('a timeout on a block holds for each of its tasks, a notify is rendered with the item', async () => {
  const { story } = await play({
    hosts: { h1: {} },
    playbook: `
- hosts: h1
  tasks:
    - loop: [a, b]
      notify: "restart {{ item }}"
      block: [{ name: change, copy: { dest: "/{{ item }}", content: x } }]
    - timeout: 1
      block: [{ name: slow, pause: { seconds: 20 } }]
      rescue: [{ name: late, debug: }]
  handlers:
    - { name: restart a, debug: }
    - { name: restart b, debug: }
`,
  });
  expect(story).toEqual(['h1: change: changed', 'h1: change: changed', 'h1: slow: failed (rescued)', 'h1: late: ok', 'h1: restart a: ok', 'h1: restart b: ok']);
});
