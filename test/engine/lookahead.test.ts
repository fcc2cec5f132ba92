import * as fc from 'fast-check';
import { type CellHost, cellHost, cellTask, guardedTask, wallTask } from './cells.ts';
import type { Sessions } from '../../runner/engine/sessions/sessions.ts';
import type { AnyTask } from '../../runner/task/define.ts';
import type { Observer } from '../../runner/task/host.ts';
import { play } from './harness.ts';
import { runs } from '../runs.ts';

/** One task of a generated playbook. */
type Step =
  | { readonly kind: 'set'; readonly name: string; readonly value: string }
  | { readonly kind: 'like'; readonly name: string; readonly like: string }
  | { readonly kind: 'loop'; readonly names: readonly string[]; readonly value: string }
  | { readonly kind: 'guarded'; readonly name: string; readonly value: string }
  /** Runs only when the step before it changed something. */
  | { readonly kind: 'after'; readonly name: string; readonly value: string };

const name = fc.constantFrom('a', 'b', 'c', 'd', 'x', 'y');
// Values are names as well: a and b point to c or d. What is written like them is none of these, or it could never settle.
const value = fc.constantFrom('c', 'd');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), name, value }),
  fc.record({ kind: fc.constant('like' as const), name: fc.constantFrom('x', 'y'), like: fc.constantFrom('a', 'b') }),
  fc.record({ kind: fc.constant('loop' as const), names: fc.array(name, { minLength: 1, maxLength: 3 }), value }),
  fc.record({ kind: fc.constant('guarded' as const), name: fc.constantFrom('a', 'e', 'f'), value }),
  fc.record({ kind: fc.constant('after' as const), name, value }),
);
const cells = fc.record({ a: value, b: value, c: value, d: value, x: value, y: value });

function textOf(steps: readonly Step[]): string {
  const tasks = steps.map((each, index) => {
    const head = `    - name: t${index}\n      register: r${index}\n`;
    switch (each.kind) {
      case 'set':
        return `${head}      cell: { name: ${each.name}, value: ${each.value} }\n`;
      case 'like':
        return `${head}      cell: { name: ${each.name}, like: ${each.like} }\n`;
      case 'loop':
        return `${head}      cell: { name: "{{ item }}", value: ${each.value} }\n      loop: [${each.names.join(', ')}]\n`;
      case 'guarded':
        return `${head}      guarded: { name: ${each.name}, value: ${each.value} }\n`;
      case 'after':
        return `${head}      cell: { name: ${each.name}, value: ${each.value} }\n      when: r${index - 1} is changed\n`;
    }
  });
  return `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.join('')}`;
}

/** What has to come out: every decision made from the cells as they are at that moment, one task after the other. */
function model(start: Readonly<Record<string, string>>, steps: readonly Step[]): { story: string[]; cells: Record<string, string> } {
  const now: Record<string, string> = { ...start };
  const put = (cell: string, wanted: string): boolean => {
    const differs = (now[cell] ?? '') !== wanted;
    if (differs) now[cell] = wanted;
    return differs;
  };
  let last = false;
  const story = steps.map((each, index) => {
    if (each.kind === 'after' && !last) return `h: t${index}: skipped`;
    if (each.kind === 'like') last = put(each.name, now[now[each.like] ?? ''] ?? '');
    else if (each.kind === 'loop') last = each.names.map((cell) => put(cell, each.value)).some(Boolean);
    else if (each.kind === 'guarded') last = (now[each.name] ?? '') === '' && put(each.name, each.value);
    else last = put(each.name, each.value);
    return `h: t${index}: ${last ? 'changed' : 'ok'}`;
  });
  return { story, cells: now };
}

/** A first step cannot come after another one, and after a skipped step nothing has changed. */
const playable = fc.array(step, { minLength: 1, maxLength: 12 }).filter((steps) => steps.every((each, index) => each.kind !== 'after' || (index > 0 && steps[index - 1]?.kind !== 'after')));

test.each([true, false])('every decision is made from what is there at that moment (lookahead: %s)', async (lookahead) => {
  await fc.assert(fc.asyncProperty(cells, playable, fc.infiniteStream(fc.integer({ min: 0, max: 4 })), async (start, steps, pauses) => {
    const host = cellHost(start, () => pauses.next().value as number);
    const { story } = await play({ playbook: textOf(steps), hosts: { h: {} }, tasks: [cellTask, guardedTask], sessions: host.sessions, settings: { lookahead } });
    expect({ story, cells: Object.fromEntries(host.cells) }).toEqual(model(start, steps));
  }), runs(150));
});

const calm = (count: number): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${Array.from({ length: count }, (_, index) => `    - cell: { name: c${index}, value: v }\n`).join('')}`;
const right = (count: number): Record<string, string> => Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, 'v']));

test.each([[20, 2], [60, 2], [240, 4], [1000, 6], [5000, 12]])('a play of %d tasks that changes nothing costs at most %d round trips', async (count, most) => {
  const host = cellHost(right(count), () => 1);
  const { story } = await play({ playbook: calm(count), hosts: { h: {} }, tasks: [cellTask], sessions: host.sessions });
  expect(story).toHaveLength(count);
  expect(host.roundTrips()).toBeLessThanOrEqual(most);
});

test.each([true, false])('what was read long ago is not kept: a long play holds no more than a short one (lookahead: %s)', async (lookahead) => {
  const host = cellHost(right(3000), () => 1);
  await play({ playbook: calm(3000), hosts: { h: {} }, tasks: [cellTask], sessions: host.sessions, settings: { lookahead } });
  expect([0, 100, 2999].map((index) => host.remembers(`c${index}`))).toEqual([false, false, true]);
});

test('walls do not make what was read grow old sooner', async () => {
  const host = cellHost(right(140), () => 1);
  const playbook = calm(140).replaceAll('cell:', 'wall:');
  await play({ playbook, hosts: { h: {} }, tasks: [wallTask], sessions: host.sessions });
  expect([90, 110, 139].map((index) => host.remembers(`c${index}`))).toEqual([true, true, true]);
});

test('what was seen ahead is not looked at again in its turn', async () => {
  let probes = 0;
  const counted = { ...cellTask, probe: (params: unknown, host: Observer): unknown => (probes++, cellTask.probe(params, host)) } as AnyTask;
  const { story } = await play({ playbook: calm(20), hosts: { h: {} }, tasks: [counted], sessions: cellHost(right(20), () => 1).sessions });
  expect([story.length, probes]).toEqual([20, 20]);
});

test('commands with guards are walls no more than other tasks: what lies behind is not waited for', async () => {
  const host = cellHost(right(40), () => 1);
  const playbook = calm(40).replaceAll(/cell: (?=.*[13579],)/g, 'guarded: ');
  const { story } = await play({ playbook, hosts: { h: {} }, tasks: [cellTask, guardedTask], sessions: host.sessions });
  expect(story.filter((line) => line.endsWith(': ok'))).toHaveLength(40);
  expect(host.roundTrips()).toBeLessThanOrEqual(2);
});

test('behind what runs for all that is known nothing is asked in vain', async () => {
  const probed = async (head: AnyTask, cell: string): Promise<number> => {
    let probes = 0;
    const counted = { ...cellTask, probe: (params: unknown, host: Observer): unknown => (probes++, cellTask.probe(params, host)) } as AnyTask;
    const playbook = calm(21).replace(`cell: { name: ${cell},`, `${head.name}: { name: new,`);
    const { story } = await play({ playbook, hosts: { h: {} }, tasks: [counted, head], sessions: cellHost(right(21), () => 1).sessions });
    expect(story).toHaveLength(21);
    return probes;
  };
  expect([await probed(wallTask, 'c0'), await probed(wallTask, 'c5')]).toEqual([20, 20]);
  expect(await probed(guardedTask, 'c5')).toBeGreaterThan(20);
});

test('in check mode, where nothing is run, nothing is a wall', async () => {
  const host = cellHost(right(40), () => 1);
  const playbook = calm(40).replaceAll(/cell: (?=.*[13579],)/g, 'wall: ').replaceAll('wall: { name: c', 'wall: { name: w');
  await play({ playbook, hosts: { h: {} }, tasks: [cellTask, wallTask], sessions: host.sessions, settings: { check: true } });
  expect(host.roundTrips()).toBeLessThanOrEqual(2);
});

test('with many hosts, too, a view is asked for at once, not task by task, and forgotten when it has passed', async () => {
  const names = Array.from({ length: 140 }, (_, index) => `h${index}`);
  const hosts = new Map(names.map((name) => [name, cellHost(right(100), () => 1)]));
  const sessions: Sessions = {
    access: (target, ...rest) => (hosts.get(target.name) as CellHost).sessions.access(target, ...rest),
    forget: (name) => hosts.get(name)?.sessions.forget(name),
    age: (name) => hosts.get(name)?.sessions.age?.(name),
    close: () => Promise.resolve(),
  };
  const { story } = await play({ playbook: calm(100), hosts: Object.fromEntries(names.map((name) => [name, {}])), tasks: [cellTask], sessions });
  expect(story).toHaveLength(14_000);
  expect(Math.max(...[...hosts.values()].map((host) => host.roundTrips()))).toBeLessThanOrEqual(4);
  for (const host of hosts.values()) expect(['c30', 'c60', 'c99'].map((cell) => host.remembers(cell))).toEqual([false, false, true]);
});

test('loops, guarded commands that have nothing to do, and questions that depend on answers travel ahead too', async () => {
  const host = cellHost({ ...right(20), g: 'v', p: 'c0', q: 'v' }, () => 1);
  const playbook = `- hosts: all
  gather_facts: false
  tasks:
    - cell: { name: "c{{ item }}", value: v }
      loop: "{{ range(10) | list }}"
    - guarded: { name: g, value: w }
    - cell: { name: q, like: p }
    - guarded: { name: g, value: w }
    - cell: { name: "c{{ item }}", value: v }
      loop: "{{ range(10, 20) | list }}"
`;
  const { story } = await play({ playbook, hosts: { h: {} }, tasks: [cellTask, guardedTask], sessions: host.sessions });
  expect(story.every((line) => line.endsWith(': ok'))).toBe(true);
  expect(host.roundTrips()).toBeLessThanOrEqual(6);
});

test('where every task changes something, little is asked in vain', async () => {
  const count = 30;
  const host = cellHost({}, () => 1);
  const { story } = await play({ playbook: calm(count), hosts: { h: {} }, tasks: [cellTask], sessions: host.sessions });
  expect(story.every((line) => line.endsWith(': changed'))).toBe(true);
  // One for each change: the look at it and the next task's question travel right behind it.
  expect(host.roundTrips()).toBeLessThanOrEqual(count + 2);
});
