import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRegistry } from '../../runner/task/registry.ts';
import { applyTask, checkTask } from '../../runner/testing/run-task.ts';
import { builtinTasks } from '../../tasks/index.ts';
import { allCases, type NamedCase } from './cases.ts';
import { below, makeFiles, seen, shellHost } from './shell-host.ts';

/** Ansible's answers again, now through the real shell and the real files of this machine: every `file`, and of the rest one in six. */
const answered = allCases().filter(({ title }) => title.startsWith('as-ansible'));
const cases = answered.filter(({ module }, index) => module === 'file' || index % 6 === 0);
const registry = createRegistry(builtinTasks, []);

const host = shellHost();
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rollcall-tasks-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
afterAll(() => host.close());

test.each(cases)('$module $title', async (each) => {
  const found = registry.find(each.module)!;
  if (found.kind !== 'task') throw new Error('not a task');
  makeFiles(root, each.host?.files ?? {});
  const params = below(root, each.params);
  const before = snapshot(each);
  if (each.error !== undefined) {
    await expect(checkTask(found.definition, params, host)).rejects.toThrow();
    expect(snapshot(each)).toEqual(before);
    return;
  }
  const planned = await checkTask(found.definition, params, host);
  expect(snapshot(each)).toEqual(before);
  expect(planned.length > 0).toBe(each.changed);
  if (each.unsettled) await expect(applyTask(found.definition, params, host)).rejects.toThrow('did not settle');
  else await applyTask(found.definition, params, host);
  for (const [path, wanted] of Object.entries(each.files ?? {})) {
    const now = seen(root, path);
    if (typeof wanted === 'string') expect([path, now?.['content']]).toEqual([path, wanted]);
    else if (wanted === null) expect([path, now]).toEqual([path, null]);
    else expect(now).toMatchObject(wanted);
  }
});

function snapshot({ files = {}, host: { files: given = {} } = {} }: NamedCase): unknown {
  return [...Object.keys(files), ...Object.keys(given)].map((path) => seen(root, path));
}
