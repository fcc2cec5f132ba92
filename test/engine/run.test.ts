import { play } from './harness.ts';

test('a second run changes nothing', async () => {
  const playbook = `
- hosts: all
  tasks:
    - name: Write
      copy: { content: "hello {{ inventory_hostname }}\\n", dest: /etc/greeting }
    - name: Again
      copy: { content: "hello {{ inventory_hostname }}\\n", dest: /etc/greeting }
`;
  const { story, hosts } = await play({ playbook });
  expect(story).toEqual(['h1: Write: changed', 'h2: Write: changed', 'h1: Again: ok', 'h2: Again: ok']);
  expect(hosts['h2']?.text('/etc/greeting')).toBe('hello h2\n');
});

test('check mode predicts the change, writes nothing, and says what depends on it', async () => {
  const { story, hosts, result } = await play({
    settings: { check: true },
    playbook: `
- hosts: h1
  tasks:
    - name: Write
      copy: { content: x, dest: /etc/x }
      register: written
    - name: Known
      debug: { msg: "changed: {{ written.changed }}" }
    - name: Unknown
      debug: { msg: "{{ written.checksum }}" }
    - name: Hangs on it
      debug: { msg: x }
      when: written.size > 3
    - name: False whatever it is
      debug: { msg: x }
      when: written.size > 3 and false
    - name: A command
      command: reboot-everything
`,
  });
  expect(hosts['h1']?.text('/etc/x')).toBeUndefined();
  expect(hosts['h1']?.ran).toEqual([]);
  expect(story).toEqual(['h1: Write: changed', 'h1: Known: ok', 'h1: Unknown: undetermined', 'h1: Hangs on it: undetermined', 'h1: False whatever it is: skipped', 'h1: A command: undetermined']);
  expect(result('h1', 'Known')['msg']).toBe('changed: True');
  expect(result('h1', 'Hangs on it')['msg']).toContain("'Write'");
});

test('check mode knows of a predicted result what its module foretells', async () => {
  const { story } = await play({
    settings: { check: true },
    hosts: { h1: { files: { '/etc/selinux/config': 'SELINUX=enforcing\n' }, commands: { getenforce: 'Enforcing\n' } } },
    playbook: `
- hosts: h1
  tasks:
    - name: Mode
      selinux: { state: permissive }
      register: mode
    - name: Restart
      reboot:
      when: mode.reboot_required
    - name: Not foretold
      debug: { msg: "{{ mode.state }}" }
`,
  });
  expect(story).toEqual(['h1: Mode: changed', 'h1: Restart: skipped', 'h1: Not foretold: undetermined']);
});

test('handlers run once, at the end of the section, in order of definition', async () => {
  const { story } = await play({
    playbook: `
- hosts: h1
  tasks:
    - name: a
      debug: { msg: x }
      changed_when: true
      notify: [second, topic]
    - name: b
      debug: { msg: x }
      changed_when: true
      notify: second
  post_tasks:
    - name: post
      debug: { msg: x }
  handlers:
    - name: first
      debug: { msg: x }
      listen: topic
    - name: second
      debug: { msg: x }
    - name: third
      debug: { msg: x }
`,
  });
  expect(story).toEqual(['h1: a: changed', 'h1: b: changed', 'h1: first: ok', 'h1: second: ok', 'h1: post: ok']);
});

test('rescue and always, and what rescue knows of the failure', async () => {
  const { story, result } = await play({
    playbook: `
- hosts: h1
  tasks:
    - block:
        - name: fails
          fail: { msg: no way }
        - name: never
          debug: { msg: x }
      rescue:
        - name: told
          debug: { msg: "{{ ansible_failed_task.name }}: {{ ansible_failed_result.msg }}" }
      always:
        - name: always
          debug: { msg: x }
    - name: after
      debug: { msg: x }
`,
  });
  expect(story).toEqual(['h1: fails: failed (rescued)', 'h1: told: ok', 'h1: always: ok', 'h1: after: ok']);
  expect(result('h1', 'told')['msg']).toBe('fails: no way');
});

test('a failed host leaves, the others go on; any_errors_fatal stops all', async () => {
  const tasks = `
  tasks:
    - name: fails on one
      fail: { msg: x }
      when: inventory_hostname == 'h1'
    - name: next
      debug: { msg: x }
- hosts: all
  tasks:
    - name: second play
      debug: { msg: x }
`;
  const goes = await play({ playbook: `\n- hosts: all${tasks}` });
  expect(goes.story.toSorted()).toEqual(['h1: fails on one: failed', 'h2: fails on one: skipped', 'h2: next: ok', 'h2: second play: ok']);
  const stops = await play({ playbook: `\n- hosts: all\n  any_errors_fatal: true${tasks}` });
  expect(stops.story.toSorted()).toEqual(['h1: fails on one: failed', 'h2: fails on one: skipped']);
});

test('loops register results, notify and show items', async () => {
  const { events, result } = await play({
    playbook: `
- hosts: h1
  tasks:
    - name: each
      debug: { msg: "{{ item.n }}-{{ index }}" }
      loop: [{ n: a }, { n: b }, { n: c }]
      loop_control: { index_var: index, label: "{{ item.n }}" }
      when: item.n != 'b'
      register: looped
    - name: sum
      debug: { msg: "{{ looped.results | map(attribute='skipped', default=false) | list }}" }
`,
  });
  expect(events.flatMap((event) => (event.type === 'item' ? [`${event.label} ${event.status}`] : []))).toEqual(['a ok', 'b skipped', 'c ok']);
  expect(result('h1', 'sum')['msg']).toEqual([false, true, false]);
});

test('until retries until it holds, and says how often', async () => {
  const { events, result } = await play({
    playbook: `
- hosts: h1
  tasks:
    - name: count
      set_fact: { n: "{{ (n | default(0) | int) + 1 }}" }
      register: r
      until: n | int == 3
      retries: 5
      delay: 0
`,
  });
  expect(events.filter((event) => event.type === 'retry')).toHaveLength(2);
  expect(result('h1', 'count')['attempts']).toBe(3);
});

test('run_once runs on the first host and registers for all', async () => {
  const { story, result } = await play({
    playbook: `
- hosts: all
  tasks:
    - name: once
      debug: { msg: "from {{ inventory_hostname }}" }
      run_once: true
      register: said
    - name: each
      debug: { msg: "{{ said.msg }}" }
`,
  });
  expect(story).toEqual(['h1: once: ok', 'h1: each: ok', 'h2: each: ok']);
  expect(result('h2', 'each')['msg']).toBe('from h1');
});

test('phases are barriers: no host enters the second before all have left the first, and a gate holds', async () => {
  const { events } = await play({
    playbook: `
- hosts: all
  phases:
    - name: one
      tasks:
        - name: set
          set_fact: { ready: "{{ inventory_hostname }}" }
      until: hostvars['h1'].ready is defined and hostvars['h2'].ready is defined
    - name: two
      tasks:
        - name: use
          debug: { msg: "{{ hostvars['h1'].ready }}{{ hostvars['h2'].ready }}" }
`,
  });
  const order = events.flatMap((event) => (event.type === 'phase.start' || event.type === 'phase.end' || event.type === 'gate' ? [`${event.type} ${event.phase}`] : event.type === 'result' ? [event.host] : []));
  expect(order.slice(0, 5)).toEqual(['phase.start one', 'h1', 'h2', 'gate one', 'phase.end one']);
});

test('a gate that never opens takes its hosts out and names the condition', async () => {
  const { events } = await play({
    playbook: `
- hosts: h1
  phases:
    - name: shut
      tasks: []
      until: 1 > 2
      retries: 2
      delay: 0
    - name: next
      tasks:
        - name: never
          debug: { msg: x }
`,
  });
  expect(events.some((event) => event.type === 'note' && event.level === 'error' && event.message.includes('1 > 2'))).toBe(true);
  expect(events.some((event) => event.type === 'result')).toBe(false);
});

test('an undefined variable is a failure of the task with its place', async () => {
  const { result } = await play({ playbook: '- hosts: h1\n  tasks:\n    - name: bad\n      debug: { msg: "{{ nope }}" }\n' });
  expect(result('h1', 'bad')['msg']).toMatch(/'nope' is undefined[\s\S]*site\.yml:4:/);
});

test('what a host says is never a template', async () => {
  const { result } = await play({
    hosts: { h1: { commands: { 'cat /evil': '{{ 7 * 7 }}' } } },
    playbook: `
- hosts: h1
  tasks:
    - name: read
      command: cat /evil
      register: evil
    - name: show
      debug: { msg: "{{ evil.stdout }}" }
    - name: again
      set_fact: { kept: "{{ evil.stdout }}" }
    - name: twice
      debug: { var: kept }
`,
  });
  expect(result('h1', 'show')['msg']).toBe('{{ 7 * 7 }}');
  expect(result('h1', 'twice')).toMatchObject({ kept: '{{ 7 * 7 }}' });
});

test('serial runs batch after batch; a batch that failed whole ends the run', async () => {
  const { story } = await play({
    hosts: { a: {}, b: {}, c: {} },
    playbook: `
- hosts: all
  serial: 1
  tasks:
    - name: one
      fail: { msg: x }
      when: inventory_hostname == 'b'
    - name: two
      debug: { msg: x }
`,
  });
  expect(story).toEqual(['a: one: skipped', 'a: two: ok', 'b: one: failed']);
});

test('check mode sees files as they will be: the second edit is predicted on top of the first', async () => {
  const { story, events, hosts } = await play({
    settings: { check: true, diff: true },
    playbook: `
- hosts: h1
  tasks:
    - name: folder
      file: { path: /srv/app/conf, state: directory, mode: "0750" }
    - name: file
      copy: { content: "a=1\\n", dest: /srv/app/conf/x, mode: "0640" }
    - name: line
      lineinfile: { path: /srv/app/conf/x, line: b=2 }
    - name: same line
      lineinfile: { path: /srv/app/conf/x, line: b=2 }
    - name: gone
      file: { path: /srv/app, state: absent }
    - name: gone again
      file: { path: /srv/app/conf/x, state: absent }
`,
  });
  expect(story).toEqual(['h1: folder: changed', 'h1: file: changed', 'h1: line: changed', 'h1: same line: ok', 'h1: gone: changed', 'h1: gone again: ok']);
  const line = events.find((event) => event.type === 'result' && event.changes[0]?.diff?.includes('b=2'));
  expect(line).toMatchObject({ changes: [{ diff: expect.stringContaining(' a=1\n+b=2') }] });
  expect(hosts['h1']?.written).toEqual([]);
});

test('a block with retries runs again as a whole, and is rescued only when none is left', async () => {
  const playbook = (needed: number): string => `
- hosts: h1
  tasks:
    - retries: 2
      delay: 0
      block:
        - name: count
          set_fact: { n: "{{ (n | default(0) | int) + 1 }}" }
        - name: enough
          assert: { that: n | int >= ${needed} }
      rescue:
        - name: rescue
          debug: { msg: "{{ n }}" }
`;
  const enough = await play({ playbook: playbook(3) });
  expect(enough.story).toEqual(['count', 'enough', 'count', 'enough', 'count', 'enough'].map((name, index) => `h1: ${name}: ${index === 1 || index === 3 ? 'failed (rescued)' : 'ok'}`));
  const never = await play({ playbook: playbook(9) });
  expect(never.story.slice(-2)).toEqual(['h1: enough: failed (rescued)', 'h1: rescue: ok']);
  expect(never.result('h1', 'rescue')).toMatchObject({ msg: 3 });
});

test('a check says which tasks were carried out all the same, also when they failed or say that they change nothing', async () => {
  const { events } = await play({
    settings: { check: true },
    playbook: `
- hosts: h1
  tasks:
    - name: Predicted
      copy: { content: x, dest: /etc/x }
    - name: Read
      command: read-it
      check_mode: false
      ignore_errors: true
      changed_when: false
    - name: Loop
      command: "{{ item }}"
      loop: [a, b]
      check_mode: false
      ignore_errors: true
    - name: Right already
      file: { path: /tmp, state: directory }
      check_mode: false
    - name: Say
      debug: { msg: x }
      check_mode: false
`,
  });
  const names = new Map(events.flatMap((event) => (event.type === 'task.start' ? [[event.task, event.name]] : [])));
  const ran = events.flatMap((event) => (event.type === 'result' && event.carriedOut === true ? [names.get(event.task)] : []));
  expect(ran).toEqual(['Read', 'Loop']);
});
