import type { Arguments, Expression } from './ast.ts';
import { plainOperation, TAKES_UNDEFINED, TEST_UNDEFINED } from './missing-values.ts';

/** A use of a variable, with its place in the text of its expression (`end` exclusive). */
export interface NameUse {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What a missing variable does to an expression: `fails` raises whatever happens, `missing` makes the value a missing one, which fails when used. */
interface Effect {
  readonly fails: readonly NameUse[];
  readonly missing: readonly NameUse[];
}

const NONE: Effect = { fails: [], missing: [] };

/**
 * The variables without which an expression certainly fails, whatever the values of all others are: never one behind `default`,
 * `is defined`, `and`, `or` or `if`. A value that is put out is looked into, the truth of a condition only asks for the value itself.
 */
export function sureNames(expression: Expression, surface: 'output' | 'condition'): readonly NameUse[] {
  const { fails, missing } = effect(expression);
  return [...fails, ...missing, ...(surface === 'output' ? inside(expression) : [])];
}

/** What stands in the lists and dicts that an expression is made of. */
function inside(node: Expression): readonly NameUse[] {
  const parts = node.kind === 'list' || node.kind === 'tuple' ? node.items : node.kind === 'dict' ? node.pairs.map(([, value]) => value) : [];
  return parts.flatMap((each) => [...effect(each).missing, ...inside(each)]);
}

function effect(node: Expression): Effect {
  switch (node.kind) {
    case 'literal': return NONE;
    case 'name': return { fails: [], missing: [{ name: node.name, start: node.start, end: node.end }] };
    case 'list':
    case 'tuple': return { fails: node.items.flatMap(failing), missing: [] };
    case 'dict': return { fails: node.pairs.flatMap(([key, value]) => [...needed(key), ...failing(value)]), missing: [] };
    case 'attribute': return effect(node.target);
    case 'item': {
      const target = effect(node.target);
      return { fails: [...target.fails, ...failing(node.index)], missing: target.missing };
    }
    case 'slice': return { fails: [node.from, node.to, node.step].flatMap((each) => (each ? failing(each) : [])), missing: [] };
    case 'call': return { fails: [...needed(node.target), ...given(node)], missing: [] };
    case 'filter': {
      const name = plainOperation(node.name);
      const target = TAKES_UNDEFINED.has(name) && name !== 'mandatory' ? failing(node.target) : needed(node.target);
      return { fails: [...target, ...given(node)], missing: [] };
    }
    case 'test': return { fails: [...(TEST_UNDEFINED.has(plainOperation(node.name)) ? failing(node.target) : needed(node.target)), ...given(node)], missing: [] };
    case 'unary':
    case 'not': return { fails: needed(node.operand), missing: [] };
    case 'binary': return { fails: [...needed(node.left), ...needed(node.right)], missing: [] };
    case 'concat': return { fails: node.parts.flatMap(needed), missing: [] };
    case 'compare': {
      // Only the first pair of a chain is always compared; and `x in []` never looks at x.
      const [[operator, right] = []] = node.rest;
      const left = operator === 'in' || operator === 'not in' ? failing(node.first) : needed(node.first);
      return { fails: [...left, ...(right ? needed(right) : [])], missing: [] };
    }
    case 'logical': return { fails: needed(node.left), missing: [] };
    case 'conditional': return { fails: needed(node.test), missing: [] };
  }
}

/** Names that an operand must have to be worked with. */
function needed(node: Expression): readonly NameUse[] {
  const { fails, missing } = effect(node);
  return [...fails, ...missing];
}

function failing(node: Expression): readonly NameUse[] {
  return effect(node).fails;
}

/** All arguments are evaluated, but what they are used for is up to the one who is called. */
function given({ args, named, spread, spreadNamed }: Arguments): readonly NameUse[] {
  const nodes = [...args, ...named.map(([, value]) => value), ...(spread ? [spread] : []), ...(spreadNamed ? [spreadNamed] : [])];
  return nodes.flatMap(failing);
}
