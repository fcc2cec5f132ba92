import type { AnyControl, Control } from '../../../runner/task/control.ts';
import { createRegistry } from '../../../runner/task/registry.ts';
import type { Json, JsonObject } from '../../../runner/util/json.ts';
import { builtinControls } from '../../../tasks/index.ts';

const registry = createRegistry([], builtinControls);

/** A run that writes down what was asked of it; `values` are what expressions come to, by their text. */
function fakeControl(values: Readonly<Record<string, Json>> = {}, more: Partial<Control> = {}): { control: Control; calls: unknown[]; given: JsonObject } {
  const calls: unknown[] = [];
  const state = { given: {} as JsonObject };
  const textOf = (parameter: string, index?: number): string => {
    const expression = state.given[parameter];
    return String(Array.isArray(expression) && index !== undefined ? expression[index] : expression);
  };
  const note = (name: string) => (...args: unknown[]) => void calls.push([name, ...args]);
  const control: Control = {
    variable: () => undefined,
    job: () => undefined,
    hostname: 'h', check: false, verbosity: 0, signal: new AbortController().signal,
    evaluate(parameter, index) {
      const text = textOf(parameter, index);
      if (!(text in values)) throw new Error(`'${text}' is undefined`);
      return values[text] ?? null;
    },
    expressionText: textOf,
    setFacts: note('setFacts'),
    includeVars: (request) => (calls.push(['includeVars', request]), { a: 1 }),
    addHost: (...args) => (calls.push(['addHost', ...args]), true),
    groupBy: (...args) => (calls.push(['groupBy', ...args]), true),
    prompt: async () => 'typed',
    sleep: async (seconds) => void calls.push(['sleep', seconds]),
    meta: async (action) => void calls.push(['meta', action]),
    note: note('note'),
    ...more,
  };
  return Object.assign(state, { control, calls });
}

async function act(name: string, given: JsonObject, fake = fakeControl()): Promise<JsonObject> {
  const definition = registry.find(name)?.definition as AnyControl;
  Object.assign(fake, { given });
  return definition.act(definition.params.parse(given), fake.control);
}

test('debug says a message, a greeting, or the value of an expression', async () => {
  expect(await act('debug', {})).toEqual({ msg: 'Hello world!' });
  expect(await act('debug', { msg: [1, { a: 2 }] })).toEqual({ msg: [1, { a: 2 }] });
  expect(await act('debug', { var: 'x.y' }, fakeControl({ 'x.y': [1] }))).toEqual({ 'x.y': [1] });
  expect((await act('debug', { var: 'nope' }))['nope']).toMatch(/^VARIABLE IS NOT DEFINED!/);
  expect(await act('debug', { msg: 'x', verbosity: 2 })).toMatchObject({ skipped: true });
  await expect(act('debug', { msg: 'x', var: 'y' })).rejects.toThrow('incompatible');
});

test('assert tells which condition did not hold', async () => {
  const values = { 'a == 1': true, 'b > 2': false, c: 'text' };
  expect(await act('assert', { that: ['a == 1'] }, fakeControl(values))).toEqual({ msg: 'All assertions passed' });
  expect(await act('assert', { that: 'a == 1', quiet: true }, fakeControl(values))).toEqual({ msg: 'All assertions passed' });
  await expect(act('assert', { that: ['a == 1', 'b > 2'], msg: 'too small' }, fakeControl(values))).rejects.toMatchObject({ message: 'too small', result: { assertion: 'b > 2', evaluated_to: false } });
  await expect(act('assert', { that: 'c' }, fakeControl(values))).rejects.toThrow('neither true nor false');
});

test('fail gives up', async () => {
  await expect(act('fail', {})).rejects.toThrow('Failed as requested from task');
  await expect(act('fail', { msg: 'no' })).rejects.toThrow('no');
});

test('set_fact sets what it is given', async () => {
  const fake = fakeControl();
  expect(await act('set_fact', { a: [1], b: null, cacheable: 'yes' }, fake)).toEqual({ ansible_facts: { a: [1], b: null } });
  expect(fake.calls).toEqual([['setFacts', { a: [1], b: null }, true]]);
  expect(await act('set_fact', { _raw_params: "x=1 y='two words'" })).toEqual({ ansible_facts: { x: '1', y: 'two words' } });
  await expect(act('set_fact', {})).rejects.toThrow('at least one is required');
  await expect(act('set_fact', { 'a-b': 1 })).rejects.toThrow("The variable name 'a-b' is not valid");
});

test('pause waits for a time or a person, and not in check mode', async () => {
  const fake = fakeControl();
  expect(await act('pause', { minutes: 2 }, fake)).toMatchObject({ stdout: 'Paused for 2 minutes', user_input: '' });
  expect(fake.calls).toEqual([['sleep', 120]]);
  expect(await act('pause', { prompt: 'go?' })).toMatchObject({ user_input: 'typed' });
  const silent = fakeControl({}, { prompt: async () => undefined });
  await act('pause', {}, silent);
  expect(silent.calls).toEqual([['note', 'warning', expect.stringContaining('not interactive')]]);
  const checking = fakeControl({}, { check: true });
  await act('pause', { seconds: 9 }, checking);
  expect(checking.calls).toEqual([]);
});

test('include_vars, add_host, group_by, meta and set_stats hand over what they were given', async () => {
  const fake = fakeControl();
  expect(await act('include_vars', { file: 'a.yml', name: 'n' }, fake)).toEqual({ a: 1 });
  await act('include_vars', { dir: 'd', extensions: 'yml', files_matching: 'x', ignore_files: ['y'] }, fake);
  expect(await act('add_host', { hostname: 'new', groups: 'a, b', ansible_user: 'root' }, fake)).toMatchObject({ changed: true });
  expect(await act('group_by', { key: 'os Debian' }, fake)).toMatchObject({ changed: true, add_group: 'os-Debian' });
  await act('meta', { action: 'end_host' }, fake);
  expect(fake.calls).toEqual([
    ['includeVars', { file: 'a.yml', name: 'n' }],
    ['includeVars', { dir: 'd', extensions: ['yml'], filesMatching: 'x', ignoreFiles: ['y'] }],
    ['addHost', 'new', ['a', 'b'], { ansible_user: 'root' }],
    ['groupBy', 'os-Debian', ['all']],
    ['meta', 'end_host'],
  ]);
  expect(await act('set_stats', { data: { n: 1 } })).toEqual({ ansible_stats: { data: { n: 1 }, per_host: false, aggregate: true } });
  await expect(act('meta', { action: 'end_world' })).rejects.toThrow();
  await expect(act('add_host', { groups: 'a' })).rejects.toThrow('name, host or hostname');
});
