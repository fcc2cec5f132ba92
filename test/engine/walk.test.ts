import * as fc from 'fast-check';
import { fromJson } from '../../runner/expr/convert.ts';
import type { BlockNode, Directives, Node, TaskNode } from '../../runner/playbook/model.ts';
import { SourceFile } from '../../runner/source/file.ts';
import type { Outcome } from '../../runner/engine/walk/outcome.ts';
import { compareIds, walk, walkHandlers, type WalkEnd, type WalkHost } from '../../runner/engine/walk/walk.ts';
import { runs } from '../runs.ts';

const file = new SourceFile('walk.yml', '');
const directives: Directives = { environment: [], when: [], vars: [], tags: [], moduleDefaults: [] };
let counter = 0;
const base = { at: { file, start: 0, end: 1 }, directives, folder: '/' };
const task = (name: string): TaskNode => ({ ...base, kind: 'task', id: [counter++], name, module: 'debug', args: new Map(), argSpans: new Map() });
const block = (parts: { block: Node[]; rescue?: Node[]; always?: Node[] }): BlockNode => ({ ...base, kind: 'block', id: [counter++], block: parts.block, rescue: parts.rescue ?? [], always: parts.always ?? [] });

/** The name of a node of these tests, where every name is plain text. */
function nameOf(node: Node | undefined): string {
  return typeof node?.name === 'string' ? node.name : '';
}

type Verdict = 'ok' | 'failed' | 'unreachable' | 'ignored' | 'end_host' | 'end_role' | 'flush_handlers';

/** Runs a walk with a verdict for each task name; returns the names in order and how it ended. */
function follow(nodes: readonly Node[], verdicts: Record<string, Verdict>, handlers: TaskNode[] = []): { ran: string[]; end: WalkEnd; rescued: string[] } {
  const ran: string[] = [];
  const rescued: string[] = [];
  let owed = handlers;
  const host: WalkHost = {
    takeHandler: () => owed.shift(),
    addHandlers: (more) => void (owed = [...owed, ...(more as TaskNode[])]),
    rescued: (node) => void rescued.push(nameOf(node)),
    terms: (node) => ({ passages: [node], pause: 0, retries: 0, delay: 0 }), accepts: () => true, breaks: () => false, waits: () => undefined,
  };
  const steps = walk(nodes, host);
  let step = steps.next();
  while (step.done !== true) {
    const name = nameOf(step.value.node);
    ran.push(name);
    step = steps.next(outcome(verdicts[name] ?? 'ok'));
  }
  return { ran, end: step.value, rescued };
}

function outcome(verdict: Verdict): Outcome {
  const value = fromJson({});
  if (verdict === 'ignored') return { status: 'failed', ignored: true, value };
  if (verdict === 'ok' || verdict === 'failed' || verdict === 'unreachable') return { status: verdict, ignored: false, value };
  return { status: 'ok', ignored: false, value, steer: verdict };
}

const guarded = (): Node[] => [block({ block: [task('a'), task('b')], rescue: [task('r1'), task('r2')], always: [task('z')] }), task('after')];

test.each<[string, Record<string, Verdict>, string[], WalkEnd['kind']]>([
  ['nothing fails', {}, ['a', 'b', 'z', 'after'], 'done'],
  ['the block fails and is rescued', { a: 'failed' }, ['a', 'r1', 'r2', 'z', 'after'], 'done'],
  ['the rescue fails too', { a: 'failed', r1: 'failed' }, ['a', 'r1', 'z'], 'failed'],
  ['always fails', { z: 'failed' }, ['a', 'b', 'z'], 'failed'],
  ['an ignored failure is none', { a: 'ignored' }, ['a', 'b', 'z', 'after'], 'done'],
  ['an unreachable host is not rescued', { a: 'unreachable' }, ['a'], 'failed'],
  ['end_host leaves everything at once', { a: 'end_host' }, ['a'], 'ended'],
])('%s', (_, verdicts, ran, kind) => {
  const result = follow(guarded(), verdicts);
  expect([result.ran, result.end.kind]).toEqual([ran, kind]);
});

test('a failure in an inner block is rescued by the outer one, after the inner always', () => {
  const inner = block({ block: [task('x')], always: [task('inner-always')] });
  const nodes = [block({ block: [inner], rescue: [task('r')] }), task('after')];
  expect(follow(nodes, { x: 'failed' })).toMatchObject({ ran: ['x', 'inner-always', 'r', 'after'], rescued: ['x'], end: { kind: 'done' } });
});

test('flush_handlers runs what is owed at that point', () => {
  expect(follow([task('a'), task('flush'), task('b')], { flush: 'flush_handlers' }, [task('h')]).ran).toEqual(['a', 'flush', 'h', 'b']);
});

test('a handler that fails ends the walk and leaves the rest unpaid', () => {
  const owed = [task('h1'), task('h2')];
  const steps = walkHandlers({ takeHandler: () => owed.shift(), addHandlers: () => undefined, rescued: () => undefined, terms: (node) => ({ passages: [node], pause: 0, retries: 0, delay: 0 }), accepts: () => true, breaks: () => false, waits: () => undefined }, [1]);
  expect(steps.next().value).toMatchObject({ handler: true });
  expect(steps.next(outcome('failed'))).toMatchObject({ done: true, value: { kind: 'failed' } });
  expect(owed).toHaveLength(1);
});

test('always runs exactly once for every block that was entered, whatever fails, unless the host is lost', () => {
  const tree: fc.Arbitrary<Node[]> = fc.letrec<{ node: Node; nodes: Node[] }>((tie) => ({
    node: fc.oneof({ maxDepth: 3 }, fc.constant(null).map(() => task(`t${counter}`)), fc.tuple(tie('nodes'), tie('nodes')).map(([inner, rescue]) => block({ block: [task(`in${counter}`), ...inner], rescue, always: [task(`always${counter}`)] }))),
    nodes: fc.array(tie('node'), { maxLength: 3 }),
  })).nodes;
  fc.assert(fc.property(tree, fc.func(fc.constantFrom<Verdict>('ok', 'failed', 'ignored')), (nodes, decide) => {
    const verdicts = new Proxy({}, { get: (_, name) => (String(name).startsWith('always') ? 'ok' : decide(name)) });
    const { ran } = follow(nodes, verdicts as Record<string, Verdict>);
    expect(new Set(ran).size).toBe(ran.length);
    const check = (list: readonly Node[]): void => {
      for (const node of list) {
        if (node.kind !== 'block') continue;
        const entered = ran.includes(nameOf(node.block[0]));
        expect(ran.filter((name) => name === nameOf(node.always[0]))).toHaveLength(entered ? 1 : 0);
        check(node.block);
        check(node.rescue);
      }
    };
    check(nodes);
  }), runs());
});

test('ids sort in document order', () => {
  expect([[1, 2], [1], [0, 9], [1, 1, 5]].sort(compareIds)).toEqual([[0, 9], [1], [1, 1, 5], [1, 2]]);
});
