import * as fc from 'fast-check';
import { PLAY_KEYWORDS, TASK_KEYWORDS } from '../../runner/playbook/keywords.ts';
import { loadPlaybook } from '../../runner/playbook/load.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import { contextOf } from './fixture.ts';
import { runs } from '../runs.ts';

const load = (files: Record<string, string>) => loadPlaybook('/p.yml', contextOf(files));

test('a missing, empty or encrypted playbook', () => {
  expect(load({}).diagnostics.map((each) => each.code)).toEqual(['missing-file']);
  expect(load({ '/p.yml': '# nothing\n' }).diagnostics.map((each) => each.code)).toEqual(['empty-playbook']);
  expect(load({ '/p.yml': '$ANSIBLE_VAULT;1.1;AES256\n00\n' }).diagnostics.map((each) => each.code)).toEqual(['vault-file']);
  expect(load({ '/p.yml': 'hosts: all\n' }).diagnostics.map((each) => each.code)).toEqual(['wrong-type']);
});

test('a file that cannot be read is a diagnostic', () => {
  const context = contextOf({ '/p.yml': '' });
  const { diagnostics } = loadPlaybook('/p.yml', { ...context, files: { ...context.files, read: () => { throw new Error('EACCES'); } } });
  expect(diagnostics.map((each) => each.message)).toEqual(['EACCES']);
});

test('plays of several playbooks are numbered through', () => {
  const { playbook } = loadPlaybook('/p.yml', { ...contextOf({ '/p.yml': '- hosts: a\n  tasks: [{ping: }]\n- hosts: b\n' }), firstPlay: 3 });
  expect(playbook.plays.map((play) => play.index)).toEqual([3, 4]);
  expect(playbook.plays[0]?.phases[0]?.nodes[0]?.id).toEqual([3, 2, 0]);
});

const words = fc.constantFrom(...PLAY_KEYWORDS, ...TASK_KEYWORDS, 'block', 'rescue', 'always', 'listen', 'with_items', 'ping', 'copy', 'command', 'assert', 'meta', 'include_tasks', 'import_tasks', 'include_role', 'import_role', 'import_playbook', 'file', 'apply', 'role', 'check', 'nope', '{{ x }}', '1');
const leaves = fc.oneof(
  fc.constantFrom(null, true, 0, 1.5, '', 'x', '{{ x }}', '{{ x', '{% if', 'a=b', "a='", '/p.yml', 'p.yml', 'r', 'all', '../r', 'a.b.c'),
  fc.string({ maxLength: 6 }),
);
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 6, depthSize: 'large' }, leaves, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(words, tie('value'), { maxKeys: 6 })),
}));

// JSON is YAML: any structure at all can stand where a playbook, a role's tasks, handlers or meta are looked for.
test('no structure makes it throw, and every diagnostic can be shown', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(words, values, { maxKeys: 8 }), { maxLength: 4 }), values, values, (plays, tasks, meta) => {
      const { diagnostics } = load({ '/p.yml': JSON.stringify(plays), '/roles/r/tasks/main.yml': JSON.stringify(tasks), '/roles/r/handlers/main.yml': JSON.stringify(tasks), '/roles/r/meta/main.yml': JSON.stringify(meta) });
      diagnostics.forEach(formatDiagnostic);
    }),
    runs(250),
  );
});

test('no text makes it throw', () => {
  const text = "- hosts: all\n  tasks:\n    - copy: src=a dest='{{ b }}'\n      when: x is defined\n      loop: [1, 2]\n    - block:\n        - ping:\n      rescue: []\n";
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(12), fc.string({ unit: 'binary', maxLength: 3 }), (at, cut, put) => {
      load({ '/p.yml': text.slice(0, at) + put + text.slice(at + cut) }).diagnostics.forEach(formatDiagnostic);
    }),
    runs(250),
  );
});

test('a playbook of two thousand tasks is loaded in time', () => {
  const task = '    - name: Task\n      copy: {src: "{{ a }}", dest: /x, mode: "0644"}\n      when: [a is defined, b]\n      tags: [x, y]\n';
  const started = performance.now();
  const { diagnostics } = load({ '/p.yml': `- hosts: all\n  tasks:\n${task.repeat(2000)}` });
  expect(diagnostics).toEqual([]);
  expect(performance.now() - started).toBeLessThan(8_000);
});

test('imports that multiply are stopped', () => {
  const files: Record<string, string> = { '/p.yml': '- hosts: all\n  tasks: [{import_tasks: t0.yml}]\n' };
  for (let level = 0; level < 9; level++) files[`/t${level}.yml`] = `- import_tasks: t${level + 1}.yml\n`.repeat(10);
  files['/t9.yml'] = '- ping:\n';
  expect(load(files).diagnostics.map((each) => each.code)).toEqual(['too-many-tasks']);
});
