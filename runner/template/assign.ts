import { iterate } from '../expr/arguments.ts';
import { ExpressionError } from '../expr/errors.ts';
import type { Value } from '../expr/value.ts';
import { Namespace } from '../expr/namespace.ts';
import type { Frame } from './frame.ts';
import type { Target } from './jinja-ast.ts';

/** Binds a name, a namespace's attribute, or several names to the parts of a value. */
export function assign(frame: Frame, target: Target, value: Value): void {
  if ('name' in target) {
    if (target.attribute === undefined) {
      frame.bound.set(target.name, value);
      return;
    }
    const space = frame.lookup(target.name);
    if (!(space instanceof Namespace)) throw new ExpressionError('cannot assign attribute on non-namespace object');
    space.values.set(target.attribute, value);
    return;
  }
  const parts = iterate(value);
  if (parts.length !== target.length) {
    throw new ExpressionError(parts.length > target.length
      ? `too many values to unpack (expected ${target.length})`
      : `not enough values to unpack (expected ${target.length}, got ${parts.length})`);
  }
  for (const [index, each] of target.entries()) assign(frame, each, parts[index] ?? null);
}
