import { loadIncludedRole, loadIncludedTasks } from '../../runner/playbook/include.ts';
import { loadPlaybook } from '../../runner/playbook/load.ts';
import type { IncludeNode, Node } from '../../runner/playbook/model.ts';
import { contextOf } from './fixture.ts';
import { summaryOfNodes } from './summary.ts';

const files = {
  '/play/p.yml': `
- hosts: all
  become: yes
  tags: play
  tasks:
    - when: outer
      vars: {b: 1}
      block:
        - include_tasks: {file: sub/inc.yml, apply: {tags: [applied], become_user: app, when: also, vars: {a: 1}}}
          when: own
          tags: own
          vars: {v: include}
    - include_role: {name: r, apply: {tags: [applied]}, handlers_from: other}
      vars: {p: param}
    - include_role: {name: gone}
`,
  '/play/sub/inc.yml': '- ping:\n  tags: inner\n- include_tasks: beside.yml\n- import_tasks: beside.yml\n',
  '/play/sub/beside.yml': '- ping: {dta: x}\n',
  '/play/roles/r/tasks/main.yml': '- ping:\n  notify: h\n',
  '/play/roles/r/tasks/entry.yml': '- include_tasks: deep.yml\n',
  '/play/roles/r/tasks/deep.yml': '- ping:\n',
  '/play/roles/r/handlers/other.yml': '- name: h\n  ping:\n',
  '/play/roles/r/defaults/main.yml': 'd: 1\n',
};
const context = contextOf(files);
const found: IncludeNode[] = [];
const collect = (node: Node): void => {
  if (node.kind === 'include') found.push(node);
  if (node.kind === 'block') node.block.forEach(collect);
};
loadPlaybook('/play/p.yml', context).playbook.plays[0]?.phases.flatMap((phase) => phase.nodes).forEach(collect);
const [tasks, role, gone] = found as [IncludeNode, IncludeNode, IncludeNode];

test('included tasks take over what stands around, the variables and what is applied, and nothing else', () => {
  const { nodes, diagnostics } = loadIncludedTasks('/play/sub/inc.yml', tasks, context);
  expect(diagnostics.map((each) => each.message)).toEqual(["'ping' has no parameter 'dta'"]);
  const around = 'become=true becomeUser=app when=(outer and also) tags=play,applied';
  const vars = 'vars={b: 1}+{v: include}+{a: 1}';
  expect(summaryOfNodes(nodes)).toEqual([
    `0.2.0.0.0.0 ping {} | ${around},inner ${vars}`,
    `0.2.0.0.0.1 include tasks beside.yml | ${around} ${vars}`,
    `0.2.0.0.0.2.0 ping {dta: x} | ${around} ${vars}`,
  ]);
});

test('a relative file is found beside the file that includes it', () => {
  const nested = loadIncludedTasks('/play/sub/inc.yml', tasks, context).nodes[1] as IncludeNode;
  expect(loadIncludedTasks('beside.yml', nested, context).nodes).toHaveLength(1);
  expect(loadIncludedTasks('nowhere.yml', nested, context).diagnostics.map((each) => each.code)).toEqual(['missing-file']);
});

test('an included role brings tasks, handlers and variables', () => {
  const loaded = loadIncludedRole('r', role, new Map([['handlers_from', 'other.yml']]), context);
  expect(loaded.diagnostics).toEqual([]);
  expect(summaryOfNodes([...loaded.nodes, ...loaded.handlers])).toEqual([
    '0.2.1.0.0.0 ping {} notify=h [r] | become=true tags=play,applied vars={p: param}',
    '0.2.1.1.0.0 ping {} "h" [r] | become=true tags=play,applied vars={p: param}',
  ]);
  expect([loaded.role?.name, loaded.role?.defaults, loaded.role?.params]).toEqual(['r', new Map([['d', 1]]), new Map([['p', 'param']])]);
});

test('tasks_from chooses the file, and files of the role are found from it', () => {
  const [node] = loadIncludedRole('r', role, new Map([['tasks_from', 'entry']]), context).nodes;
  expect(loadIncludedTasks('deep.yml', node as IncludeNode, context).nodes).toHaveLength(1);
});

test('a role that is not there is a diagnostic', () => {
  const loaded = loadIncludedRole('gone', gone, new Map(), context);
  expect(loaded.role).toBeUndefined();
  expect(loaded.diagnostics.map((each) => each.code)).toEqual(['unknown-role']);
});
