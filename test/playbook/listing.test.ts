import { formatListing, listPlay } from '../../runner/playbook/listing.ts';
import { loadPlaybook } from '../../runner/playbook/load.ts';
import { contextOf } from './fixture.ts';

const { plays } = loadPlaybook('/p.yml', contextOf({
  '/p.yml': `
- name: First
  hosts: all
  tags: [p]
  roles: [r]
  tasks:
    - block:
        - ping:
        - include_tasks: x.yml
          tags: inc
      rescue: [{command: ls}]
      tags: b
    - {name: skipped, ping: , tags: never}
    - {name: "{{ x }} templ", ansible.builtin.ping: }
- hosts: [a, b]
  tasks: []
- hosts: c
  phases: [{name: One, tasks: [{ping: }]}]
`,
  '/roles/r/tasks/main.yml': '[{name: role task, ping: }, {shell: ls}]',
})).playbook;

// As ansible-core 2.14 prints it, but for the phases, which it does not have.
test('tasks and tags in the layout of ansible-playbook', () => {
  const listed = plays.map((play) => listPlay(play, (tags) => !tags.includes('never')));
  expect(formatListing('p.yml', listed, { tasks: true, tags: false })).toBe(
    [
      '', 'playbook: p.yml', '', '  play #1 (all): First\tTAGS: [p]', '    tasks:', '      r : role task\tTAGS: [p]', '      shell\tTAGS: [p]', '      ping\tTAGS: [b, p]',
      '      include_tasks\tTAGS: [b, inc, p]', '      {{ x }} templ\tTAGS: [p]', '', '  play #2 (a,b): a,b\tTAGS: []', '    tasks:', '',
      '  play #3 (c): c\tTAGS: []', '    tasks:', '      phase: One', '      ping\tTAGS: []', '',
    ].join('\n'),
  );
  expect(formatListing('p.yml', listed.slice(0, 1), { tasks: false, tags: true })).toBe('\nplaybook: p.yml\n\n  play #1 (all): First\tTAGS: [p]\n      TASK TAGS: [b, inc, p]\n');
});
