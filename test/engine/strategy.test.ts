import { setTimeout as sleep } from 'node:timers/promises';
import { fromJson } from '../../runner/expr/convert.ts';
import type { TaskNode } from '../../runner/playbook/model.ts';
import { SourceFile } from '../../runner/source/file.ts';
import type { Outcome } from '../../runner/engine/walk/outcome.ts';
import { free, linear, type Conductor } from '../../runner/engine/strategy.ts';
import type { Walk, WalkEnd } from '../../runner/engine/walk/walk.ts';

const at = { file: new SourceFile('s.yml', ''), start: 0, end: 1 };
const task = (id: number[]): TaskNode => ({ kind: 'task', id, module: 'x', args: new Map(), argSpans: new Map(), at, folder: '/', directives: { environment: [], when: [], vars: [], tags: [], moduleDefaults: [] } });

function* lane(ids: number[][], failsAt?: number): Walk {
  for (const [index, id] of ids.entries()) {
    const outcome = yield { node: task(id), position: id, rescuable: false, handler: false, tries: '' };
    if (outcome.status === 'failed' || index === failsAt) return { kind: 'failed', node: task(id), result: outcome.value, unreachable: false };
  }
  return { kind: 'done' };
}

/** `waits`: what a host's tasks wait for before they end. */
function conductor(log: string[], waits: Record<string, () => Promise<unknown>>, stopOnFailure = false): Conductor & { ends: Map<string, WalkEnd> } {
  const ends = new Map<string, WalkEnd>();
  return {
    ends,
    signal: new AbortController().signal,
    async execute(host, wish): Promise<Outcome> {
      log.push(`start ${host} ${wish.position.join('.')}`);
      await (waits[host] ?? turn)();
      log.push(`end ${host} ${wish.position.join('.')}`);
      return { status: 'ok', ignored: false, value: fromJson({}) };
    },
    ended(host, end) {
      ends.set(host, end);
      return stopOnFailure && end.kind === 'failed';
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 0));

test('linear: nobody starts a task before everybody has done the one before', async () => {
  const log: string[] = [];
  await linear([{ host: 'slow', walk: lane([[1], [2]]) }, { host: 'fast', walk: lane([[1], [2]]) }], conductor(log, { slow: () => sleep(30) }));
  expect(log.indexOf('start fast 2')).toBeGreaterThan(log.indexOf('end slow 1'));
});

test('linear: hosts in different branches wait for each other in document order', async () => {
  const log: string[] = [];
  await linear([{ host: 'a', walk: lane([[1], [3]]) }, { host: 'b', walk: lane([[1], [1, 0], [1, 1], [3]]) }], conductor(log, {}));
  expect(log.indexOf('start a 3')).toBeGreaterThan(log.indexOf('end b 1.1'));
});

test('free: a slow host holds nobody', async () => {
  const log: string[] = [];
  const overtaken = async (): Promise<void> => {
    while (!log.includes('end fast 2')) await turn();
  };
  await free([{ host: 'slow', walk: lane([[1], [2]]) }, { host: 'fast', walk: lane([[1], [2]]) }], conductor(log, { slow: overtaken }));
  expect(log.indexOf('end fast 2')).toBeLessThan(log.indexOf('end slow 1'));
});

test.each([['linear', linear], ['free', free]])('%s: where hosts take turns, each waits for its own before a step, and nobody for the steps of others', async (_name, strategy) => {
  const log: string[] = [];
  const begun = async (): Promise<void> => {
    while (!log.includes('start h2 1')) await turn();
  };
  const takingTurns: Conductor = {
    ...conductor(log, { h1: begun }),
    async turn(host) {
      await turn();
      log.push(`turn ${host}`);
    },
  };
  await strategy(['h1', 'h2'].map((host) => ({ host, walk: lane([[1], [2]]) })), takingTurns);
  for (const host of ['h1', 'h2']) expect(log.filter((line) => line.includes(host) && !line.startsWith('end'))).toEqual([`turn ${host}`, `start ${host} 1`, `turn ${host}`, `start ${host} 2`]);
});

test('a failure that stops the batch keeps the others from their next task', async () => {
  const log: string[] = [];
  const ends = await linear([{ host: 'a', walk: lane([[1], [2]], 0) }, { host: 'b', walk: lane([[1], [2]]) }], conductor(log, {}, true));
  expect(log.filter((line) => line.includes('start b'))).toEqual(['start b 1']);
  expect(ends.get('a')?.kind).toBe('failed');
  expect(ends.has('b')).toBe(false);
});
