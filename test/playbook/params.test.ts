import { z } from 'zod';
import { keyText } from '../../runner/playbook/yaml-fields.ts';
import { checkParams } from '../../runner/playbook/params.ts';
import { SourceFile } from '../../runner/source/file.ts';
import { treeFromYaml } from '../../runner/template/from-yaml.ts';
import { parseYaml } from '../../runner/source/yaml.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Flag, params, Texts, Whole } from '../../runner/task/params.ts';
import type { Module } from '../../runner/task/registry.ts';

const schema = params({
  name: Texts.meta({ aliases: ['pkg'] }),
  state: z.enum(['present', 'absent']).optional(),
  force: Flag.optional(),
  count: Whole.optional(),
  rule: z.strictObject({ port: z.number() }).optional(),
  mode: z.string().regex(/^[0-7]+$/, 'must be octal').optional(),
}).refine((given) => !(given.force === true && given.state === 'absent'), { message: 'force and absent exclude each other' });
const module: Module = { kind: 'task', definition: defineTask({ name: 'thing', summary: '', params: schema, probe: async () => null, plan: () => [] }) };

function check(yaml: string): string[] {
  const file = new SourceFile('f', yaml);
  const [node] = parseYaml(file).documents;
  const spans = new Map(node?.kind === 'mapping' ? node.entries.map(({ key }) => [keyText(key), key.span]) : []);
  return checkParams(module, treeFromYaml(node!), spans, { file, start: 0, end: 1 }).map(({ code, message, span, help }) => `${code} @${yaml.slice(span!.start, span!.end)}: ${message}${help === undefined ? '' : ` (${help})`}`);
}

test.each<[string, string[]]>([
  ['name: a', []],
  ["{ name: a, constructor: b, __proto__: c }", ["unknown-parameter @constructor: 'thing' has no parameter 'constructor' (it takes: name, pkg, state, force, count, rule, mode)", "unknown-parameter @__proto__: 'thing' has no parameter '__proto__' (it takes: name, pkg, state, force, count, rule, mode)"]],
  ['pkg: [a, b]', []],
  ['{name: a, force: "yes", count: "5"}', []],
  ['{name: "{{ x }}", state: "{{ y }}", force: "{{ z }}"}', []],
  ['state: present', ["missing-parameter @s: 'thing' needs the parameter 'name' (add 'name': a list)"]],
  ['{name: ~}', ["missing-parameter @{: 'thing' needs the parameter 'name' (add 'name': a list)"]],
  ['{name: a, forse: yes}', ["unknown-parameter @forse: 'thing' has no parameter 'forse' (did you mean 'force'?)"]],
  ['{name: a, zzzzzz: 1}', ["unknown-parameter @zzzzzz: 'thing' has no parameter 'zzzzzz' (it takes: name, pkg, state, force, count, rule, mode)"]],
  ['{name: a, state: presnt}', ["wrong-value @state: 'state' cannot be 'presnt' (did you mean 'present'?)"]],
  ['{name: "{{ x }}", count: many}', ["wrong-type @count: 'count' must be a whole number, not 'many'"]],
  ['{name: a, rule: {port: x}}', ["wrong-type @rule: 'rule.port' must be a number, not 'x'"]],
  ['{name: a, rule: {prt: 1, port: 2}}', ["unknown-parameter @rule: 'rule' has no part 'prt'"]],
  ['{name: a, rule: {}}', ["missing-parameter @rule: 'rule.port' is missing"]],
  ['{name: a, mode: "9"}', ["wrong-value @mode: 'mode': must be octal"]],
  ['{name: a, force: yes, state: absent}', ['wrong-value @{: force and absent exclude each other']],
  ['{name: "{{ x }}", force: yes, state: absent}', []],
  ['{name: a, pkg: b}', ["wrong-value @pkg: 'pkg': 'name' is given twice: 'pkg' is another name for it"]],
])('%s', (yaml, expected) => {
  expect(check(yaml)).toEqual(expected);
});
