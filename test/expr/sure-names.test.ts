import * as fc from 'fast-check';
import { compileExpression } from '../../runner/expr/compile.ts';
import { standardEnvironment } from '../../runner/expr/environment.ts';
import type { Value } from '../../runner/expr/value.ts';
import { refuseUndefined, truthy } from '../../runner/expr/convert.ts';
import { SourceFile } from '../../runner/source/file.ts';
import { runs } from '../runs.ts';

const environment = standardEnvironment();
const compile = (text: string, surface: 'condition' | 'template') => compileExpression(text, { file: new SourceFile('x', text), at: (offset) => offset }, environment, surface);
const sure = (text: string, surface: 'condition' | 'template' = 'template'): string[] => compile(text, surface).sure.map(({ name, start, end }) => (text.slice(start, end) === name ? name : `${name}?`));

test.each<[string, string[]]>([
  ['a', ['a']],
  ['a.b[c].d', ['a']],
  ['a.b(c)', ['a']],
  ['a | upper', ['a']],
  ['a | default(b | upper)', ['b']],
  ['a | mandatory', ['a']],
  ['a is defined', []],
  ['a is version("1", ">")', ['a']],
  ['a and b or c', ['a']],
  ['not (a == b)', ['a', 'b']],
  ['a in b', ['b']],
  ['a < b < c', ['a', 'b']],
  ['b if a else c', ['a']],
  ['a ~ b + c', ['a', 'b', 'c']],
  ['[a, {"k": b}]', ['a', 'b']],
  ['[a] | length', []],
  ["lookup('env', a)", ['lookup']],
])('%s', (text, names) => expect(sure(text)).toEqual(names));

test('what a list is made of does not matter for its truth', () => expect(sure('[a]', 'condition')).toEqual([]));

// Everything that an expression of these parts can be; names are single letters, so that a value can be given to each or kept from it.
const { expression } = fc.letrec<{ expression: string; atom: string }>((tie) => ({
  atom: fc.constantFrom('a', 'b', 'c', 'd', '1', "'t'", '[]', 'none', 'true'),
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('atom'),
    fc.tuple(tie('expression'), fc.constantFrom('and', 'or', '+', '~', '==', '<', 'in', 'not in', '*'), tie('expression')).map((each) => `(${each.join(' ')})`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([x, y, z]) => `(${x} if ${y} else ${z})`),
    fc.tuple(tie('expression'), fc.constantFrom('.k', '[0]', ' | default(1)', ' | length', ' is defined', ' is none', ' | string', ' | ternary(1, 2)', '.upper()', ' is sameas(1)')).map(([x, y]) => `(${x}${y})`),
    fc.tuple(tie('expression'), tie('expression')).map(([x, y]) => `(${x} | default(${y}))`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([x, y, z]) => `(${x} < ${y} < ${z})`),
    fc.tuple(tie('expression'), tie('expression')).map(([x, y]) => `[${x}, {'k': ${y}}]`),
    tie('expression').map((x) => `(not ${x})`),
    fc.tuple(tie('expression'), tie('expression')).map(([x, y]) => `(${x}[${y}])`),
  ),
}));
const values = fc.constantFrom<Value>(null, true, false, 0, 1, '', 'text', [], [1], new Map<Value, Value>([['k', 1]]), new Map());

test('without a variable that is surely needed, an expression fails whatever the others are', () => {
  fc.assert(fc.property(expression, fc.record({ a: values, b: values, c: values, d: values }), fc.constantFrom('condition', 'template'), (text, given, surface) => {
    const compiled = compile(text, surface);
    for (const { name } of compiled.sure) {
      const scope = { lookup: (each: string) => (each === name ? undefined : (given as Record<string, Value>)[each]) };
      expect(() => {
        const value = compiled.evaluate(scope);
        if (surface === 'template') refuseUndefined(value);
        else truthy(value);
      }).toThrow();
    }
  }), runs(3000));
});

