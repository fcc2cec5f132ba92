import type { Evaluate } from '../expr/compile-node.ts';
import { ExpressionError } from '../expr/errors.ts';
import { Callable, orElse, Tuple, Undefined, type Value } from '../expr/value.ts';
import { sinkText, type Frame, type Render, type Sink } from './frame.ts';

/** A parameter of a macro, ready to be filled. */
export interface CompiledParameter {
  readonly name: string;
  readonly fallback: Evaluate | null;
}

/** Deepest chain of macros calling themselves. */
const MAX_DEPTH = 500;
const depths = new WeakMap<object, number>();

/** A macro as a function that gives text. It sees the names of the place where it was defined. */
export function macro(name: string, params: readonly CompiledParameter[], body: Render, frame: Frame): Callable {
  return new Callable(name, (args, named) => {
    const depth = (depths.get(frame.rendering) ?? 0) + 1;
    if (depth > MAX_DEPTH) throw new ExpressionError(`macro '${name}' calls itself endlessly`);
    depths.set(frame.rendering, depth);
    try {
      const inner = frame.inner();
      fill(inner, params, args, named);
      const out: Sink = [];
      body(inner, out);
      return sinkText(out);
    } finally {
      depths.set(frame.rendering, depth - 1);
    }
  });
}

function fill(inner: Frame, params: readonly CompiledParameter[], args: readonly Value[], named: ReadonlyMap<string, Value>): void {
  const known = new Set(params.map((each) => each.name));
  for (const [index, { name, fallback }] of params.entries()) {
    const given = orElse<Value | undefined>(args[index], named.get(name));
    const value = given === undefined ? fallback?.(inner) : given;
    inner.bound.set(name, orElse<Value>(value, new Undefined(`parameter '${name}' was not provided`)));
  }
  inner.bound.set('varargs', Tuple.from(args.slice(params.length)));
  inner.bound.set('kwargs', new Map([...named].filter(([name]) => !known.has(name) && name !== 'caller')));
  const caller = named.get('caller');
  if (caller !== undefined) inner.bound.set('caller', caller);
}
