import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { loadPlaybook } from '../../runner/playbook/load.ts';
import { loadInventory } from '../../runner/inventory/load.ts';
import { standardEnvironment } from '../../runner/expr/environment.ts';
import { templateLookups } from '../../runner/template/template-lookup.ts';
import type { Diagnostic } from '../../runner/source/diagnostic.ts';
import { diskReader } from '../../runner/source/disk.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import { SourceFile } from '../../runner/source/file.ts';
import type { FileReader } from '../../runner/source/reader.ts';
import { parseYaml } from '../../runner/source/yaml.ts';
import { createRegistry } from '../../runner/task/registry.ts';
import { builtinControls, builtinTasks } from '../../tasks/index.ts';
import motd from '../../examples/custom-task/tasks/motd.ts';
import { fences, pages, type Fence } from './pages.ts';

const ROOT = join(import.meta.dirname, '../..');
const environment = standardEnvironment({ lookups: templateLookups() });
const registry = createRegistry([...builtinTasks, motd], builtinControls);

/** A disk with one file on it. */
function only(path: string, text: string): FileReader {
  return { read: (asked) => (asked === path ? text : undefined), list: () => undefined, isDirectory: () => false, isExecutable: () => false, run: () => ({ code: 1, stdout: '', stderr: '' }) };
}

function playbook(path: string, files: FileReader): readonly Diagnostic[] {
  return loadPlaybook(path, { files, registry, environment, rolesPath: [], extraVars: new Map() }).diagnostics;
}

/** What is wrong with an example: a playbook, a list of tasks, an inventory (`yaml inventory`, `ini inventory`) or plain YAML (`yaml vars`). */
function problemsOf({ kind, code }: Fence): readonly Diagnostic[] {
  if (kind.endsWith('inventory')) return loadInventory(['/hosts'], { files: only('/hosts', code), cwd: '/', environment, decrypt: (text) => text }).diagnostics;
  if (kind === 'yaml vars') return parseYaml(new SourceFile('vars.yml', code)).diagnostics;
  const plays = /^- (?:[^\n]*\n {2})*(?:hosts|import_playbook):/m.test(code);
  const text = plays ? code : `- hosts: all\n  tasks:\n${code.replaceAll(/^(?=.)/gm, '    ')}`;
  return playbook('/site.yml', only('/site.yml', text));
}

const examples = pages().flatMap(fences).filter(({ kind }) => /^(?:yaml|ini)/.test(kind));

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(40);
});

test.each(examples.map((fence) => [`${fence.page}:${fence.line}`, fence] as const))('%s', (_, fence) => {
  // What an example takes from the disk is not there, nor are the handlers of the play around a task.
  expect(problemsOf(fence).filter(({ code }) => !['missing-file', 'unknown-handler'].includes(code)).map(formatDiagnostic)).toEqual([]);
});

test.each(['playbooks/ha-cluster-centos6.yml', 'examples/custom-task/site.yml'])('%s', (path) => {
  expect(playbook(join(ROOT, path), diskReader()).map(formatDiagnostic)).toEqual([]);
});

test('links lead somewhere', () => {
  const broken = pages().flatMap(({ path, text }) =>
    [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target).filter((target) => !/^https?:/.test(target))
      .filter((target) => !existsSync(join(ROOT, posix.join(posix.dirname(path), target)))).map((target) => `${path} → ${target}`));
  expect(broken).toEqual([]);
});
