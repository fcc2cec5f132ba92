import { z } from 'zod';
import { coerceParams } from '../../runner/playbook/coerce.ts';
import type { Json } from '../../runner/util/json.ts';

const schema = z.strictObject({
  flag: z.boolean().optional(),
  count: z.number().int().optional(),
  ratio: z.number().optional(),
  text: z.string().optional(),
  words: z.array(z.string()).optional(),
  numbers: z.array(z.number()).optional(),
  rules: z.array(z.strictObject({ port: z.number(), on: z.boolean().optional() })).optional(),
  state: z.enum(['yes', 'no', 'maybe']).optional(),
  level: z.enum(['0', '1']).optional(),
  either: z.union([z.number(), z.string()]).optional(),
  loose: z.union([z.boolean(), z.enum(['auto'])]).optional(),
  map: z.record(z.string(), z.string()).optional(),
  any: z.any().optional(),
  nullable: z.boolean().nullable().optional(),
  other: z.string().meta({ aliases: ['alias'] }).optional(),
});

test.each<[string, Json, Json]>([
  ['flag', 'yes', true], ['flag', 'Off', false], ['flag', 1, true], ['flag', '0', false], ['flag', 'perhaps', 'perhaps'], ['flag', true, true],
  ['count', ' 5 ', 5], ['count', '5.5', '5.5'], ['count', '-3', -3], ['ratio', '1.5', 1.5], ['ratio', '', ''],
  ['text', 5, '5'], ['text', true, 'True'], ['text', 'x', 'x'], ['text', ['x'], ['x']],
  ['words', 'a, b,c', ['a', 'b', 'c']], ['words', 5, ['5']], ['words', '', []], ['words', [1, true], ['1', 'True']],
  ['words', "['a', \"b,c\"]", ['a', 'b,c']], ['words', '["a"]', ['a']], ['words', '[1]', ['[1]']], ['words', '[a], b', ['[a]', 'b']], ['map', "{'a': 'b'}", { a: 'b' }], ['map', '{"a": true}', { a: 'True' }],
  ['numbers', '1,2', [1, 2]], ['rules', { port: '80', on: 'yes' }, [{ port: 80, on: true }]],
  ['state', true, 'yes'], ['state', false, 'no'], ['state', 'maybe', 'maybe'], ['level', 1, '1'], ['level', true, '1'],
  ['either', '5', '5'], ['either', 5, 5], ['loose', 'auto', 'auto'], ['loose', 'on', true],
  ['map', 'a=1, b=2', { a: '1', b: '2' }], ['map', '{"a": 1}', { a: '1' }], ['map', { a: 1 }, { a: '1' }], ['map', 'x', 'x'],
  ['any', 'yes', 'yes'], ['nullable', null, null], ['nullable', 'no', false], ['alias', 5, '5'], ['unknown', 'yes', 'yes'],
])('%s: %j becomes %j', (name, given, expected) => {
  expect(coerceParams(schema, { [name]: given })).toEqual({ [name]: expected });
});

test('a schema that refers to itself', () => {
  const tree: z.ZodType = z.lazy(() => z.strictObject({ on: z.boolean().optional(), children: z.array(tree).optional() }));
  expect(coerceParams(tree, { children: [{ on: 'yes', children: { on: 'no' } }] })).toEqual({ children: [{ on: true, children: [{ on: false }] }] });
});
