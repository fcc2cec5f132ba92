import { bind } from './arguments.ts';
import type { CallContext, Operation } from './scope.ts';
import type { Value } from './value.ts';

/** A filter or test under one of its names. */
export type Entry = readonly [name: string, operation: Operation];

/** What an operation does with the piped value and its other arguments, in the order of its parameters. */
export type Run = (value: Value, args: readonly (Value | undefined)[], context: CallContext) => Value;

/** An operation under each of its names. `params` names the parameters after the piped value; optional ones end in `?`. */
export function define(names: string, params: string, run: Run): Entry[] {
  const words = params === '' ? [] : params.split(' ');
  const list = words.map((word) => word.replace('?', ''));
  const required = words.filter((word) => !word.endsWith('?')).length;
  return names.split(' ').map((name) => [
    name,
    ([value = null, ...rest], named, context) => run(value, bind(name, list, rest, named, required), context),
  ]);
}
