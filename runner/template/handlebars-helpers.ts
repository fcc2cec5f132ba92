import type * as Handlebars from 'handlebars';
import { applyNamed } from '../expr/compile-call.ts';
import { truthy } from '../expr/convert.ts';
import { ExpressionError, UndefinedError } from '../expr/errors.ts';
import { use } from '../expr/operators.ts';
import type { Environment, Scope } from '../expr/scope.ts';
import type { Value } from '../expr/value.ts';
import type { SourceFile } from '../source/file.ts';
import { callKey, spanOf, type Location, type Usage } from './handlebars-check.ts';
import { fromData, toData } from './handlebars-data.ts';

/** What one rendering hands to its helpers. */
export interface Private {
  readonly scope: Scope;
  readonly usage: Usage;
  readonly file: SourceFile;
}

type Options = Handlebars.HelperOptions & { readonly name: string; readonly loc?: Location };

/** Registers every filter and test; a test whose name a filter has goes by `is-…`, all tests do so too. */
export function registerHelpers(instance: typeof Handlebars, environment: Environment): void {
  const register = (name: string, apply: (args: Value[], named: Map<string, Value>, scope: Scope) => Value): void => {
    if (!/^[a-z][\w-]*$/.test(name)) return;
    instance.registerHelper(name, (...all: unknown[]) => {
      const options = all.pop() as Options;
      return calling(options, (shared, missing) => {
        const named = new Map(Object.entries(options.hash as Record<string, unknown>).map(([key, value]) => [key, fromData(value, key)]));
        return toData(apply(all.map((value, index) => fromData(value, missing(index))), named, shared.scope));
      });
    });
  };
  for (const name of environment.tests.keys()) {
    const apply = (args: Value[], named: Map<string, Value>, scope: Scope): Value => truthy(applyNamed('test', name, args, named, { scope, environment }));
    register(`is-${name}`, apply);
    register(name, apply);
  }
  for (const name of environment.filters.keys()) register(name, (args, named, scope) => applyNamed('filter', name, args, named, { scope, environment }));
  register('and', (args) => args.every(truthy));
  register('or', (args) => args.some(truthy));
  register('not', ([value = null]) => !truthy(value));
  register('lookup', ([target = null, key = null]) => applyNamed('filter', 'extract', [key, target], new Map(), { scope: { lookup: () => undefined }, environment }));
  instance.unregisterHelper('log');
  instance.registerHelper('if', conditional(true));
  instance.registerHelper('unless', conditional(false));
  demanding(instance, 'each');
  demanding(instance, 'with');
}

/** Runs a helper; what goes wrong gets the place of the call. */
function calling<T>(options: Options, act: (shared: Private, missing: (index: number) => string) => T): T {
  const shared = options.data as Private;
  const names = options.loc ? shared.usage.calls.get(callKey(options.loc)) : undefined;
  try {
    return act(shared, (index) => names?.[index] ?? options.name);
  } catch (error) {
    if (error instanceof ExpressionError && options.loc) error.span ??= spanOf(shared.file, options.loc);
    throw error;
  }
}

/** Truth is Python's: an empty dict is false; a missing variable is an error. */
function conditional(wanted: boolean): Handlebars.HelperDelegate {
  return function (this: unknown, value: unknown, options: Options) {
    const holds = calling(options, (_shared, missing) => truthy(fromData(value, missing(0))));
    return holds === wanted ? options.fn(this) : options.inverse(this);
  };
}

/** Makes a built-in block helper refuse a missing variable. */
function demanding(instance: typeof Handlebars, name: string): void {
  const original = instance.helpers[name];
  if (!original) throw new Error(`Handlebars has no '${name}'`);
  instance.registerHelper(name, function (this: unknown, value: unknown, options: Options) {
    calling(options, (_shared, missing) => {
      if (value === undefined) throw new UndefinedError(`'${missing(0)}' is undefined`);
      if (typeof value !== 'object') use(fromData(value, missing(0)));
    });
    return original.call(this, value, options) as unknown;
  });
}
