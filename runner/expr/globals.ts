import { asBool, asInt, asString, bind } from './arguments.ts';
import { ContextCallable } from './context-callable.ts';
import { DateTime } from './datetime.ts';
import { toMap } from './dict-methods.ts';
import { ExpressionError } from './errors.ts';
import { lookupGlobal } from './lookups/lookup-global.ts';
import { Namespace } from './namespace.ts';
import { toText } from './text.ts';
import { Callable, OMIT, Opaque, Undefined, type Value } from './value.ts';

/** Ranges longer than this are a mistake that would exhaust the memory. */
const MAX_RANGE = 10_000_000;

function range(args: readonly Value[]): Value {
  const numbers = args.map((each) => asInt(each, 0));
  const [start = 0, stop = 0, step = 1] = args.length === 1 ? [0, numbers[0]] : numbers;
  if (args.length === 0) throw new ExpressionError('range expected at least 1 argument, got 0');
  if (step === 0) throw new ExpressionError('range() arg 3 must not be zero');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > MAX_RANGE) throw new ExpressionError(`a range of ${length} numbers is too long`);
  return Array.from({ length }, (_, index) => start + index * step);
}

/** Jinja's `cycler(…)`. */
class Cycler extends Opaque {
  override readonly typeName = 'Cycler';
  readonly #items: readonly Value[];
  #at = 0;
  constructor(items: readonly Value[]) {
    super();
    this.#items = items;
  }
  override attribute(name: string): Value | undefined {
    const current = this.#items[this.#at] ?? null;
    if (name === 'current') return current;
    if (name === 'reset') return new Callable(name, () => ((this.#at = 0), null));
    if (name !== 'next') return undefined;
    return new Callable(name, () => {
      const item = this.#items[this.#at] ?? null;
      this.#at = (this.#at + 1) % this.#items.length;
      return item;
    });
  }
  override text(): string {
    return '<Cycler>';
  }
}

/** Jinja's `joiner(…)`: nothing the first time, the separator from then on. */
class Joiner extends Opaque {
  override readonly typeName = 'Joiner';
  readonly #separator: string;
  #used = false;
  constructor(separator: string) {
    super();
    this.#separator = separator;
  }
  override attribute(): undefined {
    return undefined;
  }
  override invoke(): Value {
    const text = this.#used ? this.#separator : '';
    this.#used = true;
    return text;
  }
  override text(): string {
    return '<Joiner>';
  }
}

const now = (args: readonly Value[], named: ReadonlyMap<string, Value>): Value => {
  const [utc, format] = bind('now', ['utc', 'fmt'], args, named);
  const time = DateTime.now(asBool(utc));
  return format === undefined || format === null ? time : time.format(asString(format));
};

/** The global functions of the language. */
export const GLOBALS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['range', new Callable('range', range)],
  ['dict', new Callable('dict', ([first], named) => new Map<Value, Value>([...(first === undefined ? [] : toMap(first)), ...named]))],
  ['namespace', new Callable('namespace', ([first], named) => new Namespace(new Map<Value, Value>([...(first === undefined ? [] : toMap(first)), ...named])))],
  ['cycler', new Callable('cycler', (items) => {
    if (items.length === 0) throw new ExpressionError('at least one item has to be provided');
    return new Cycler(items);
  })],
  ['joiner', new Callable('joiner', ([separator]) => new Joiner(asString(separator, ', ')))],
  ['now', new Callable('now', now)],
  ['undef', new Callable('undef', (args, named) => {
    const [hint] = bind('undef', ['hint'], args, named);
    return new Undefined(hint === undefined || hint === null || hint === '' ? 'Mandatory variable has not been overridden' : toText(hint));
  })],
  ['lookup', new ContextCallable('lookup', lookupGlobal(false))],
  ['query', new ContextCallable('query', lookupGlobal(true))],
  ['q', new ContextCallable('q', lookupGlobal(true))],
  ['omit', OMIT],
]);
