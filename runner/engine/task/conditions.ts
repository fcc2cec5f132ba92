import type { Environment, Scope } from '../../expr/scope.ts';
import { Unknown } from '../../expr/value.ts';
import type { Condition } from '../../playbook/model.ts';
import { evaluateCondition } from '../../template/render.ts';

/** A conjunction: false as soon as one is false, unknown when none is false and one is unknown. */
export function holds(conditions: readonly Condition[], scope: Scope, environment: Environment): boolean | Unknown {
  let unknown: Unknown | undefined;
  for (const condition of conditions) {
    const value = evaluateCondition(condition, scope, environment);
    if (value === false) return false;
    if (value instanceof Unknown) unknown = value;
  }
  return unknown ?? true;
}
