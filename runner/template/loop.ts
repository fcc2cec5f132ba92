import { iterate } from '../expr/arguments.ts';
import type { Evaluate } from '../expr/compile-node.ts';
import { equals } from '../expr/comparison.ts';
import { ExpressionError, UndefinedError } from '../expr/errors.ts';
import { Callable, Opaque, orElse, Tuple, Nothing, Undefined, type Value } from '../expr/value.ts';
import type { Span } from '../source/span.ts';
import { assign } from './assign.ts';
import { sinkText, type Frame, type Render, type Sink } from './frame.ts';
import type { Target } from './jinja-ast.ts';

/** A compiled `for`. */
export interface LoopCode {
  readonly target: Target;
  readonly items: Evaluate;
  readonly filter: ((frame: Frame) => boolean) | null;
  readonly recursive: boolean;
  readonly body: Render;
  readonly otherwise: Render;
  /** Where the sequence stands. */
  readonly place: () => Span;
}

/** Renders a `for` loop. */
export function renderLoop(code: LoopCode): Render {
  return (frame, out) => run(code, code.items(frame), frame, out, 0);
}

function run(code: LoopCode, value: Value, frame: Frame, out: Sink, depth: number): void {
  if (value instanceof Undefined && !(value instanceof Nothing)) throw new UndefinedError(value.hint, value.at ?? code.place());
  const items = located(code, () => iterate(value)).filter((item) => {
    if (!code.filter) return true;
    const inner = frame.inner();
    assign(inner, code.target, item);
    return code.filter(inner);
  });
  if (items.length === 0) {
    code.otherwise(frame, out);
    return;
  }
  const loop = new Loop(items, depth, (inner) => {
    if (!code.recursive) return undefined;
    const deeper: Sink = [];
    run(code, inner, frame, deeper, depth + 1);
    return sinkText(deeper);
  });
  for (const [index, item] of items.entries()) {
    loop.index = index;
    const inner = frame.inner();
    inner.bound.set('loop', loop);
    located(code, () => assign(inner, code.target, item));
    code.body(inner, out);
  }
}

function located<T>(code: LoopCode, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof ExpressionError) error.span ??= code.place();
    throw error;
  }
}

/** The `loop` variable. */
class Loop extends Opaque {
  override readonly typeName = 'LoopContext';
  index = 0;
  readonly #items: readonly Value[];
  readonly #depth: number;
  readonly #recurse: (items: Value) => Value | undefined;
  #last: readonly Value[] | undefined;

  constructor(items: readonly Value[], depth: number, recurse: (items: Value) => Value | undefined) {
    super();
    this.#items = items;
    this.#depth = depth;
    this.#recurse = recurse;
  }

  override attribute(name: string): Value | undefined {
    const { length } = this.#items;
    const { index } = this;
    switch (name) {
      case 'index': return index + 1;
      case 'index0': return index;
      case 'revindex': return length - index;
      case 'revindex0': return length - index - 1;
      case 'first': return index === 0;
      case 'last': return index === length - 1;
      case 'length': return length;
      case 'depth': return this.#depth + 1;
      case 'depth0': return this.#depth;
      case 'previtem': return orElse<Value>(this.#items[index - 1], new Undefined('there is no previous item'));
      case 'nextitem': return orElse<Value>(this.#items[index + 1], new Undefined('there is no next item'));
      case 'cycle': return new Callable('cycle', (args) => {
        if (args.length === 0) throw new ExpressionError('no items for cycling given');
        return args[index % args.length] ?? null;
      });
      case 'changed': return new Callable('changed', (args) => {
        const before = this.#last;
        this.#last = args;
        return !before || !equals(Tuple.from(before), Tuple.from(args));
      });
      default: return undefined;
    }
  }

  override invoke([items = []]: readonly Value[]): Value | undefined {
    const text = this.#recurse(items);
    if (text === undefined) throw new ExpressionError("the loop must have the 'recursive' marker to be called recursively");
    return text;
  }

  override text(): string {
    return `<LoopContext ${this.index + 1}/${this.#items.length}>`;
  }
}
