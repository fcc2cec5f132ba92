import { toJson, toText, truthy } from '../expr/convert.ts';
import type { Environment } from '../expr/scope.ts';
import { Unknown } from '../expr/value.ts';
import { renderTree } from '../template/render.ts';
import type { Tree } from '../template/tree.ts';
import { TaskFailure } from '../task/failure.ts';
import type { LayeredScope } from '../vars/scope.ts';
import { UnknownArguments } from './invoke.ts';

/** Where a keyword's value is rendered. */
export interface Place {
  readonly scope: LayeredScope;
  readonly environment: Environment;
}

/** A keyword that is yes or no. Texts count as Ansible reads them. */
export function flag(tree: Tree | undefined, { scope, environment }: Place, fallback: boolean): boolean {
  if (tree === undefined) return fallback;
  const value = renderTree(tree, scope, environment);
  if (value instanceof Unknown) throw new UnknownArguments(value.because);
  return typeof value === 'string' ? /^(y|yes|on|true|1|t)$/i.test(value) : truthy(value);
}

/** A keyword that is a number. @throws TaskFailure when it is none */
export function number(tree: Tree | undefined, { scope, environment }: Place, fallback: number): number {
  if (tree === undefined) return fallback;
  const value = renderTree(tree, scope, environment);
  if (value instanceof Unknown) throw new UnknownArguments(value.because);
  const json = toJson(value);
  if (json === null || json === '') return fallback;
  const parsed = Number(json);
  if (!Number.isFinite(parsed)) throw new TaskFailure(`'${toText(value)}' is not a number`);
  return parsed;
}

/** A keyword that is a whole number. */
export function integer(tree: Tree | undefined, place: Place, fallback: number): number {
  return Math.trunc(number(tree, place, fallback));
}
