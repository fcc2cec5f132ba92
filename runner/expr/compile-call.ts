import { problem } from '../source/diagnostic.ts';
import { spanAt } from '../source/span.ts';
import { iterate, NO_NAMED, type Named } from './arguments.ts';
import type { Arguments, Call, Expression, Filter, Test } from './ast.ts';
import type { Compiling, Evaluate } from './compile-node.ts';
import { ContextCallable } from './context-callable.ts';
import { ExpressionError, UndefinedError } from './errors.ts';
import { items } from './dict-methods.ts';
import { ABOUT_EXISTENCE, plainOperation, TAKES_UNDEFINED, TEST_UNDEFINED } from './missing-values.ts';
import type { CallContext, Operation, Scope } from './scope.ts';
import { toText, typeName } from './text.ts';
import { Callable, isMapping, Nothing, Opaque, Undefined, Unknown, type Value } from './value.ts';
import { helpForName } from './ways-out.ts';
import { own } from '../util/own.ts';

type Sub = (node: Expression) => Evaluate;

/** Evaluates arguments: positional ones after `first`, and named ones. */
type Collect = (scope: Scope, first: readonly Value[]) => { readonly args: readonly Value[]; readonly named: Named };

function collectArguments(given: Arguments, sub: Sub): Collect {
  const args = given.args.map(sub);
  const named = given.named.map(([name, value]) => [name, sub(value)] as const);
  const spread = given.spread && sub(given.spread);
  const spreadNamed = given.spreadNamed && sub(given.spreadNamed);
  return (scope, first) => {
    const values = [...first];
    for (const each of args) values.push(each(scope));
    if (spread) values.push(...iterate(spread(scope)));
    if (named.length === 0 && !spreadNamed) return { args: values, named: NO_NAMED };
    const byName = new Map(named.map(([name, value]) => [name, value(scope)]));
    const more = spreadNamed?.(scope);
    if (more !== undefined && isMapping(more)) for (const [key = null, value = null] of items(more)) byName.set(toText(key), value);
    else if (more !== undefined) throw new ExpressionError(`argument after ** must be a mapping, not ${typeName(more)}`);
    return { args: values, named: byName };
  };
}

const LOOKUPS = new Set(['lookup', 'query', 'q']);

/** Compiles `target(…)`. */
export function compileCall(node: Call, compiling: Compiling, sub: Sub): Evaluate {
  checkLookup(node, compiling);
  const target = sub(node.target);
  const collect = collectArguments(node, sub);
  const { environment } = compiling;
  return (scope) => {
    const callee = target(scope);
    if (callee instanceof Undefined) throw new UndefinedError(callee.hint, callee.at);
    if (callee instanceof Unknown) return callee;
    const { args, named } = collect(scope, []);
    const result = callee instanceof Opaque ? callee.invoke(args, named) : undefined;
    if (result !== undefined) return result;
    if (!(callee instanceof Callable)) throw new ExpressionError(`'${typeName(callee)}' object is not callable`);
    return callee instanceof ContextCallable ? callee.operation(args, named, { scope, environment }) : callee.call(args, named);
  };
}

function checkLookup({ target, args: [first] }: Call, { environment, diagnostics, origin }: Compiling): void {
  if (target.kind !== 'name' || !LOOKUPS.has(target.name) || first?.kind !== 'literal' || typeof first.value !== 'string') return;
  if (find(environment.lookups, first.value)) return;
  const help = helpForName(first.value, environment.lookups.keys());
  diagnostics.push(problem('unknown-lookup', `there is no lookup '${first.value}'`, spanAt(origin, first.start, first.end), help));
}

/** An entry by its plain or fully qualified name. */
export function find<T>(entries: ReadonlyMap<string, T>, name: string): T | undefined {
  return entries.get(name) ?? entries.get(plainOperation(name));
}

function findOperation(kind: 'filter' | 'test', { name, nameAt }: Pick<Filter, 'name' | 'nameAt'>, { environment, diagnostics, origin }: Compiling): Operation {
  const entries = kind === 'filter' ? environment.filters : environment.tests;
  const operation = find(entries, name);
  if (operation) return operation;
  diagnostics.push(problem(`unknown-${kind}`, `there is no ${kind} '${name}'`, spanAt(origin, nameAt.start, nameAt.end), helpForName(name, entries.keys())));
  return () => null;
}

/** Filters whose argument names another filter or test, and which of the arguments that is. */
const NAMING: Readonly<Record<string, readonly [kind: 'filter' | 'test', position: number]>> = {
  map: ['filter', 0], select: ['test', 0], reject: ['test', 0], selectattr: ['test', 1], rejectattr: ['test', 1],
};

/** Compiles `target | name(…)`. */
export function compileFilter(node: Filter, compiling: Compiling, sub: Sub): Evaluate {
  const operation = findOperation('filter', node, compiling);
  const [kind, position = 0] = own(NAMING, node.name) ?? [];
  const naming = node.args[position];
  if (kind && naming?.kind === 'literal' && typeof naming.value === 'string') findOperation(kind, { name: naming.value, nameAt: naming }, compiling);
  const target = sub(node.target);
  const collect = collectArguments(node, sub);
  const { environment } = compiling;
  const takesUndefined = TAKES_UNDEFINED.has(plainOperation(node.name));
  return (scope) => {
    const found = target(scope);
    if (found instanceof Unknown) return found;
    const value = found instanceof Nothing && !takesUndefined ? '' : found;
    if (value instanceof Undefined && !takesUndefined) throw new UndefinedError(value.hint, value.at);
    const { args, named } = collect(scope, [value]);
    return unknownArgument(args, named) ?? operation(args, named, { scope, environment });
  };
}

/** Calls a filter or test that is named by a value, as `map` and `select` do. */
export function applyNamed(kind: 'filter' | 'test', name: string, args: readonly Value[], named: Named, context: CallContext): Value {
  const operation = find(kind === 'filter' ? context.environment.filters : context.environment.tests, name);
  if (!operation) throw new ExpressionError(`No ${kind} named '${name}'.`);
  const plain = plainOperation(name);
  const [value] = args;
  if (value instanceof Unknown) return value;
  if (value instanceof Undefined && !(kind === 'filter' ? TAKES_UNDEFINED : TEST_UNDEFINED).has(plain)) throw new UndefinedError(value.hint, value.at);
  return unknownArgument(args, named) ?? operation(args, named, context);
}

/** Compiles `target is name(…)`. */
export function compileTest(node: Test, compiling: Compiling, sub: Sub): Evaluate {
  const operation = findOperation('test', node, compiling);
  const target = sub(node.target);
  const collect = collectArguments(node, sub);
  const { environment } = compiling;
  const plain = plainOperation(node.name);
  const [existence, takesUndefined] = [ABOUT_EXISTENCE.has(plain), TEST_UNDEFINED.has(plain)];
  const isName = node.target.kind === 'name';
  return (scope) => {
    const found = target(scope);
    const value = found instanceof Nothing && !takesUndefined ? '' : found;
    // What a task would register is unknown, but that it will be registered is not.
    if (value instanceof Unknown) return existence && isName ? plain === 'defined' : value;
    if (value instanceof Undefined && !takesUndefined) throw new UndefinedError(value.hint, value.at);
    const { args, named } = collect(scope, [value]);
    return unknownArgument(args, named) ?? operation(args, named, { scope, environment });
  };
}

function unknownArgument(args: readonly Value[], named: Named): Unknown | undefined {
  for (const each of args) if (each instanceof Unknown) return each;
  for (const each of named.values()) if (each instanceof Unknown) return each;
  return undefined;
}

