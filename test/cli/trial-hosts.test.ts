import { inventedInventory, labNames, usesBecome } from '../../runner/cli/run/trial-hosts.ts';
import { loadPlaybook } from '../../runner/playbook/load.ts';
import { contextOf } from '../playbook/fixture.ts';

const load = (text: string) => [loadPlaybook('/site.yml', contextOf({ '/site.yml': text })).playbook];

test('every group that plays name is invented, this machine and what is no plain name left out', () => {
  expect(inventedInventory(load('- hosts: web:!old\n- hosts: [db, web, all, localhost, n1]\n- hosts: "{{ which }}"\n- hosts: "*.example.org"\n'))).toBe('n1\nn2\n[web]\nn1\nn2\n[old]\nn1\nn2\n[db]\nn1\nn2\n');
});

test('names that a lab can have are kept, others are numbered', () => {
  expect([...labNames(['n1', 'Web1.example.org', 'web1.other.org', '10.0.0.1', 'a-name-that-is-too-long'])]).toEqual([['n1', 'n1'], ['Web1.example.org', 'web1'], ['web1.other.org', 'h3'], ['10.0.0.1', 'h4'], ['a-name-that-is-too-long', 'h5']]);
});

test.each([
  ['- hosts: a\n  become: true\n  tasks: [ping: ]\n', true],
  ['- hosts: a\n  tasks:\n    - block:\n        - ping:\n          become: true\n', true],
  ['- hosts: a\n  tasks: [ping: ]\n', false],
])('%j', (text, expected) => expect(usesBecome(load(text))).toBe(expected));
