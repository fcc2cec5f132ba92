import { setImmediate as immediately } from 'node:timers/promises';
import type { HostAccess, Sessions } from '../../runner/engine/sessions/sessions.ts';
import { coerceParams } from '../../runner/playbook/coerce.ts';
import type { AnyTask } from '../../runner/task/define.ts';
import { fakeHost, type FakeHost } from '../../runner/testing/fake-host.ts';
import { createRegistry } from '../../runner/task/registry.ts';
import { applyTask, checkTask } from '../../runner/testing/run-task.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { builtinTasks } from '../../tasks/index.ts';
import { play } from '../engine/harness.ts';
import { allCases, type NamedCase } from './cases.ts';

const registry = createRegistry(builtinTasks, []);

/** What needs nothing of the controller but its parameters, and is no refusal: those are told about one module by itself. `fetch` writes here. */
const cases = allCases().filter(({ module, controller, error, unsettled, params }) => module !== 'fetch' && controller === undefined && error === undefined && !unsettled && !/\{[{%#]/.test(JSON.stringify(params)));

/** A host in memory as one far away: what is asked is answered as it was then, later, so that later tasks are looked at meanwhile; what was seen since the last change is taken for seen now. */
function far(host: FakeHost): Sessions {
  let changes = 0;
  const observer = asked(host.observer, async (answer) => {
    for (let turns = 0; turns < 3; turns++) await immediately();
    return answer();
  });
  const actuator = asked(host.actuator, async (answer) => {
    changes++;
    return answer();
  });
  const access: HostAccess = { observer: () => observer, generation: () => changes, actuator: () => actuator, forget: () => void changes++, reconnect: () => Promise.resolve() };
  return { access: () => access, forget: () => void changes++, close: () => Promise.resolve() };
}

/** Puts something between an object and those who call its methods, all of which answer later. */
function asked<T extends object>(whom: T, way: (answer: () => unknown) => Promise<unknown>): T {
  return new Proxy(whom, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...words: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(method, target, words);
        return answer instanceof Promise ? way(() => answer) : answer;
      };
    },
  });
}

/** A result without what two runs never have in common. */
function timeless({ start: _start, end: _end, delta: _delta, exception: _stack, msg, ...result }: JsonObject): JsonObject {
  return { ...result, ...(typeof msg === 'string' && { msg: msg.split('\n')[0] ?? '' }) };
}

/** Does a case twice in one play. */
async function twice({ module, params, host: spec }: NamedCase, settings: { readonly lookahead: boolean; readonly check: boolean }): Promise<{ readonly story: readonly string[]; readonly ran: readonly unknown[]; readonly before: unknown; readonly after: unknown; readonly results: readonly unknown[] }> {
  const task = `${module}: ${JSON.stringify(params)}\n`;
  const host = fakeHost({ name: 'h', ...spec });
  const before = host.files.snapshot();
  const { story, events } = await play({
    playbook: `- hosts: all\n  gather_facts: false\n  tasks:\n    - name: first\n      ${task}    - name: second\n      ${task}`,
    hosts: { h: spec ?? {} }, sessions: far(host), settings,
  });
  const results = events.flatMap((event) => (event.type === 'result' ? [timeless(event.result)] : []));
  return { story, ran: host.ran, before, after: host.files.snapshot(), results };
}

/** The same without plays: whether the first time changes something, and whether the second does. */
async function oneByOne(task: AnyTask, { params, host: spec }: NamedCase): Promise<readonly boolean[]> {
  const host = fakeHost({ name: 'h', ...spec });
  const words = coerceParams(task.params, params) as JsonObject;
  const first = await applyTask(task, words, host);
  return [first.changes.length > 0, (await checkTask(task, words, host)).length > 0];
}

test.each(cases.map((each) => [`${each.module}, ${each.title}`, each] as const))('%s', async (_title, each) => {
  const found = registry.find(each.module);
  if (found?.kind !== 'task') throw new Error('no task');
  const task: AnyTask = found.definition;
  const run = (lookahead: boolean, check: boolean): ReturnType<typeof twice> => twice(each, { lookahead, check });
  const checked = await run(true, true);
  expect(checked.after).toEqual(checked.before);
  expect(checked.ran).toEqual([]);
  expect(await run(false, true)).toEqual(checked);
  if (each.checkOnly) return;
  const made = await run(true, false);
  expect(await run(false, false)).toEqual(made);
  if (task.predictable === false) return;
  expect(made.story[0]).toBe(checked.story[0]);
  const changes = await oneByOne(task, each);
  // Modules that ask instead of looking say themselves, later, that they changed nothing.
  expect(made.story).toEqual(['first', 'second'].map((name, index) => expect.stringMatching(`^h: ${name}: (ok|skipped${changes[index] === true ? '|changed|failed' : ''})$`)));
});
