import type { Arguments, Expression } from '../../runner/expr/ast.ts';
import { isFloat } from '../../runner/expr/numbers.ts';
import { repr } from '../../runner/expr/text.ts';
import type { Value } from '../../runner/expr/value.ts';

/** An expression as text again, every operation in parentheses. */
export function print(node: Expression): string {
  switch (node.kind) {
    case 'literal': return printLiteral(node.value);
    case 'name': return node.name;
    case 'list': return `[${node.items.map(print).join(', ')}]`;
    case 'tuple': return `(${node.items.map(print).join(', ')}${node.items.length === 1 ? ',' : ''})`;
    case 'dict': return `{${node.pairs.map(([key, value]) => `${print(key)}: ${print(value)}`).join(', ')}}`;
    case 'attribute': return `${target(node.target)}.${node.name}`;
    case 'item': return `${target(node.target)}[${node.index.kind === 'tuple' && node.index.items.some((each) => each.kind === 'slice') ? node.index.items.map(print).join(', ') : print(node.index)}]`;
    case 'slice': return `${part(node.from)}:${part(node.to)}:${part(node.step)}`;
    case 'call': return `${target(node.target)}(${printArguments(node)})`;
    case 'filter': return `(${print(node.target)} | ${node.name}(${printArguments(node)}))`;
    case 'test': return `(${print(node.target)} is ${node.name}(${printArguments(node)}))`;
    case 'unary': return `(${node.operator}${target(node.operand)})`;
    case 'binary': return `(${print(node.left)} ${node.operator} ${print(node.right)})`;
    case 'compare': return `(${print(node.first)}${node.rest.map(([operator, operand]) => ` ${operator} ${print(operand)}`).join('')})`;
    case 'logical': return `(${print(node.left)} ${node.operator} ${print(node.right)})`;
    case 'not': return `(not ${print(node.operand)})`;
    case 'concat': return `(${node.parts.map(print).join(' ~ ')})`;
    case 'conditional': return `(${print(node.value)} if ${print(node.test)}${node.otherwise ? ` else ${print(node.otherwise)}` : ''})`;
  }
}

function part(node: Expression | null): string {
  return node ? print(node) : '';
}

/** What a dot, bracket or call follows. */
function target(node: Expression): string {
  return node.kind === 'literal' ? `(${print(node)})` : print(node);
}

function printLiteral(value: Value): string {
  return isFloat(value) ? repr(value).replace('inf', '1e999') : repr(value);
}

function printArguments({ args, named, spread, spreadNamed }: Arguments): string {
  return [
    ...args.map(print), ...named.map(([name, value]) => `${name}=${print(value)}`), ...(spread ? [`*${print(spread)}`] : []), ...(spreadNamed ? [`**${print(spreadNamed)}`] : []),
  ].join(', ');
}

/** An expression without the places of its parts. */
export function bare(node: unknown): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'start' || key === 'end' || key === 'nameAt' ? undefined : typeof value === 'bigint' ? String(value) : value)));
}
