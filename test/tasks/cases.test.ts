import type { AnyControl } from '../../runner/task/control.ts';
import type { Change } from '../../runner/task/change.ts';
import { coerceParams } from '../../runner/playbook/coerce.ts';
import type { AnyTask } from '../../runner/task/define.ts';
import { createRegistry } from '../../runner/task/registry.ts';
import { fakeController } from '../../runner/testing/fake-controller.ts';
import { fakeHost, type FakeHost } from '../../runner/testing/fake-host.ts';
import { applyTask, checkTask } from '../../runner/testing/run-task.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { builtinTasks } from '../../tasks/index.ts';
import { allCases, type NamedCase } from './cases.ts';

const registry = createRegistry(builtinTasks, [] as readonly AnyControl[]);
const cases = allCases();

describe.each([...new Set(cases.map(({ module }) => module))])('%s', (module) => {
  const found = registry.find(module);
  if (found?.kind !== 'task') throw new Error(`there are cases for '${module}', which is no task module`);
  const task: AnyTask = found.definition;

  test.each(cases.filter((each) => each.module === module))('$title', async (each) => {
    const controller = fakeController(each.controller);
    // As a playbook's parameters come to a module.
    const params = coerceParams(task.params, each.params) as JsonObject;
    if (each.error !== undefined) {
      const run = each.fails === 'apply' ? applyTask : checkTask;
      await expect(run(task, params, fakeHost(each.host), controller)).rejects.toThrow(each.error);
      return;
    }
    const looked = fakeHost(each.host);
    const planned = await checkTask(task, params, looked, controller);
    expect(looked.ran).toEqual([]);
    if (each.changes) expectChanges(planned, each.changes);
    if (each.changed !== undefined) expect(planned.length > 0).toBe(each.changed);
    if (each.checkOnly) return;
    const host = fakeHost(each.host);
    if (each.unsettled) {
      await expect(applyTask(task, params, host, controller)).rejects.toThrow('did not settle');
      expectFiles(host, each);
      return;
    }
    const { changes, result } = await applyTask(task, params, host, controller);
    expect(changes).toEqual(planned);
    if (each.ran) expect(host.ran).toEqual(each.ran);
    if (each.result) expect(result).toMatchObject(each.result);
    expectFiles(host, each);
  });
});

function expectChanges(planned: readonly Change[], wanted: NonNullable<NamedCase['changes']>): void {
  const shown = planned.map(({ aspect, before, after, risk, steps }) => ({
    aspect, before: plain(before), after: plain(after), risk,
    run: steps.flatMap((step) => ('run' in step ? [step.run.script] : [])),
  }));
  expect(shown).toMatchObject(wanted);
}

function plain(side: Change['before']): unknown {
  return typeof side === 'object' && side !== null && 'absent' in side ? 'absent' : side;
}

function expectFiles(host: FakeHost, { files = {} }: NamedCase): void {
  for (const [path, wanted] of Object.entries(files)) {
    const entry = host.files.get(path, false);
    if (wanted === null) expect([path, entry?.type]).toEqual([path, undefined]);
    else if (typeof wanted === 'string') expect([path, host.text(path)]).toEqual([path, wanted]);
    else expect({ ...entry, content: entry?.content.toString() }).toMatchObject(wanted);
  }
}
