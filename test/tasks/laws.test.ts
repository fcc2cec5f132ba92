import { parse } from 'yaml';
import { z } from 'zod';
import { aliasesOf, fieldsOf } from '../../runner/task/params.ts';
import { createRegistry } from '../../runner/task/registry.ts';
import { builtinControls, builtinTasks } from '../../tasks/index.ts';
import { allCases } from './cases.ts';

const modules = [...builtinTasks, ...builtinControls];
const registry = createRegistry(builtinTasks, builtinControls);

describe.each(modules.map((module) => [module.name, module] as const))('%s', (_, module) => {
  const fields = fieldsOf(module.params);

  test('every parameter is described, and the schema can be printed', () => {
    const silent = Object.entries(fields).filter(([, field]) => !field.description).map(([name]) => name);
    expect(silent).toEqual([]);
    expect(() => z.toJSONSchema(module.params, { io: 'input', unrepresentable: 'any' })).not.toThrow();
  });

  test('no two parameters answer to one name', () => {
    const names = Object.entries(fields).flatMap(([name, field]) => [name, ...aliasesOf(field)]);
    expect(names).toEqual([...new Set(names)]);
  });

  test('the summary is one sentence', () => {
    expect(module.summary).toMatch(/^[A-Z].*\.$/s);
  });

  test('the examples use the module and only parameters it has', () => {
    if (module.examples === undefined) throw new Error('no examples');
    const tasks = parse(module.examples) as readonly Record<string, unknown>[];
    const own = tasks.filter((task) => module.name in task);
    expect(own.length).toBeGreaterThan(0);
    const known = new Set(Object.entries(fields).flatMap(([name, field]) => [name, ...aliasesOf(field)]));
    for (const task of own) {
      const args = task[module.name];
      if (typeof args !== 'object' || args === null) expect(module.freeForm ?? args).not.toBe(undefined);
      else if (known.size > 0) expect(Object.keys(args).filter((name) => !known.has(name))).toEqual([]);
    }
  });
});

test('no two modules answer to one name', () => {
  const names = modules.flatMap((module) => [module.name, ...(module.aliases ?? [])]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(registry.names.length).toBeGreaterThan(0);
});

test('every module that works on a host has cases', () => {
  const covered = new Set(allCases().map(({ module }) => module));
  expect(builtinTasks.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
});
