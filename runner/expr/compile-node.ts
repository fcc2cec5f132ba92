import { spanAt, type Origin, type Span } from '../source/span.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { Compare, Conditional, Expression, Logical } from './ast.ts';
import { compileCall, compileFilter, compileTest } from './compile-call.ts';
import { truthy } from './convert.ts';
import { ExpressionError, UndefinedError, UnknownValueError } from './errors.ts';
import { getAttribute, getItem, getSlice, MUTATING } from './methods.ts';
import { calculate, compare, dictKey, negate, positive } from './operators.ts';
import type { Environment, Scope } from './scope.ts';
import { toText } from './text.ts';
import { Nothing, orElse, Tuple, Undefined, Unknown, type Value } from './value.ts';

/** A compiled expression. */
export type Evaluate = (scope: Scope) => Value;

/** What is known and gathered while one expression is compiled. */
export interface Compiling {
  readonly origin: Origin;
  readonly environment: Environment;
  readonly names: Set<string>;
  readonly diagnostics: Diagnostic[];
  /** Names that a template binds itself (loop variables, `set`): not free. */
  bound?: ReadonlySet<string>;
  /** Set when the expression calls a method that changes its object. */
  mutates: boolean;
}

/** Compiles one node into a closure. Problems are added to `compiling.diagnostics`. */
export function compileNode(node: Expression, compiling: Compiling): Evaluate {
  const sub = (inner: Expression): Evaluate => compileNode(inner, compiling);
  const span = (): Span => spanAt(compiling.origin, node.start, node.end);
  switch (node.kind) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'name': return compileName(node.name, compiling, span);
    case 'list': {
      const items = node.items.map(sub);
      return (scope) => items.map((each) => each(scope));
    }
    case 'tuple': {
      const items = node.items.map(sub);
      return (scope) => Tuple.from(items.map((each) => each(scope)));
    }
    case 'dict': {
      const pairs = node.pairs.map(([key, value]) => [sub(key), sub(value)] as const);
      return guarded(span, (scope) => new Map(pairs.map(([key, value]) => [dictKey(key(scope)), value(scope)])));
    }
    case 'attribute': {
      const { name } = node;
      if (MUTATING.has(name)) compiling.mutates = true;
      const target = sub(node.target);
      return (scope) => getAttribute(target(scope), name, span);
    }
    case 'item': return compileItem(node.target, node.index, compiling, span);
    case 'slice': return compileItem({ kind: 'literal', value: null, start: node.start, end: node.end }, node, compiling, span);
    case 'call': return guarded(span, compileCall(node, compiling, sub));
    case 'filter': return guarded(span, compileFilter(node, compiling, sub));
    case 'test': return guarded(span, compileTest(node, compiling, sub));
    case 'unary': {
      const operand = sub(node.operand);
      const apply = node.operator === '-' ? negate : positive;
      return guarded(span, (scope) => apply(operand(scope)));
    }
    case 'binary': {
      const [left, right, { operator }] = [sub(node.left), sub(node.right), node];
      return guarded(span, (scope) => calculate(operator, left(scope), right(scope)));
    }
    case 'compare': return guarded(span, compileCompare(node, sub));
    case 'logical': return guarded(span, compileLogical(node, sub));
    case 'not': {
      const operand = sub(node.operand);
      return guarded(span, (scope) => !truthy(operand(scope)));
    }
    case 'concat': {
      const parts = node.parts.map(sub);
      return guarded(span, (scope) => {
        let text = '';
        for (const part of parts) text += toText(part(scope));
        return text;
      });
    }
    case 'conditional': return guarded(span, compileConditional(node, sub, span));
  }
}

/** Gives errors their place, and turns "the content of an unknown value was needed" back into that value. */
export function guarded(span: () => Span, evaluate: Evaluate): Evaluate {
  return (scope) => {
    try {
      return evaluate(scope);
    } catch (error) {
      if (error instanceof UnknownValueError) return error.unknown;
      if (error instanceof ExpressionError) error.span ??= span();
      throw error;
    }
  };
}

function compileName(name: string, { environment, names, bound }: Compiling, span: () => Span): Evaluate {
  const global = environment.globals.get(name);
  if (global === undefined && !bound?.has(name)) names.add(name);
  return (scope) => {
    const value = scope.lookup(name);
    if (value !== undefined) return value;
    return global === undefined ? new Undefined(`'${name}' is undefined`, span()) : global;
  };
}

function compileItem(targetNode: Expression, indexNode: Expression, compiling: Compiling, span: () => Span): Evaluate {
  const target = compileNode(targetNode, compiling);
  if (indexNode.kind === 'slice') {
    const [from, to, step] = [indexNode.from, indexNode.to, indexNode.step].map((each) => (each ? compileNode(each, compiling) : (): Value => null));
    return guarded(span, (scope) => getSlice(target(scope), from?.(scope) ?? null, to?.(scope) ?? null, step?.(scope) ?? null));
  }
  if (indexNode.kind === 'literal' && typeof indexNode.value === 'string' && MUTATING.has(indexNode.value)) compiling.mutates = true;
  const index = compileNode(indexNode, compiling);
  return guarded(span, (scope) => getItem(target(scope), index(scope), span));
}

function compileCompare({ first, rest }: Compare, sub: (node: Expression) => Evaluate): Evaluate {
  const start = sub(first);
  const steps = rest.map(([operator, operand]) => [operator, sub(operand)] as const);
  const [only] = steps;
  if (only && steps.length === 1) {
    const [operator, operand] = only;
    return (scope) => compare(operator, start(scope), operand(scope));
  }
  return (scope) => {
    let left = start(scope);
    for (const [operator, operand] of steps) {
      const right = operand(scope);
      if (!compare(operator, left, right)) return false;
      left = right;
    }
    return true;
  };
}

/**
 * An unknown operand leaves the answer open only when the other one does not settle it:
 * `unknown and false` is false, `unknown or true` is true.
 */
function compileLogical(node: Logical, sub: (node: Expression) => Evaluate): Evaluate {
  const [left, right] = [sub(node.left), sub(node.right)];
  const settles = node.operator === 'or';
  return (scope) => {
    const first = left(scope);
    const known = known3(first);
    if (known === settles) return first;
    if (known !== undefined) return right(scope);
    return orElse(settled(right, scope, settles), first);
  };
}

/** The right operand, when it settles what an unknown left one leaves open. What fails there might never have been evaluated. */
function settled(right: Evaluate, scope: Scope, settles: boolean): Value | undefined {
  try {
    const second = right(scope);
    return known3(second) === settles ? second : undefined;
  } catch (error) {
    if (error instanceof UndefinedError || error instanceof ExpressionError) return undefined;
    throw error;
  }
}

function known3(value: Value): boolean | undefined {
  return value instanceof Unknown ? undefined : truthy(value);
}

function compileConditional(node: Conditional, sub: (node: Expression) => Evaluate, span: () => Span): Evaluate {
  const [test, value, otherwise] = [sub(node.test), sub(node.value), node.otherwise && sub(node.otherwise)];
  return (scope) => {
    if (truthy(test(scope))) return value(scope);
    return otherwise ? otherwise(scope) : new Nothing("the inline if-expression evaluated to false and no else section was defined.", span());
  };
}
