import { toJson, toText, truthy } from '../../expr/convert.ts';
import type { Environment } from '../../expr/scope.ts';
import { Unknown } from '../../expr/value.ts';
import { renderTree } from '../../template/render.ts';
import type { IncludeNode, TaskNode } from '../../playbook/model.ts';
import type { Tree } from '../../template/tree.ts';
import { TaskFailure } from '../../task/failure.ts';
import type { LayeredScope } from '../../vars/scope.ts';
import { UnknownArguments } from '../call/invoke.ts';

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

/** Keywords of a node that say something about its result or its turn, and would be asked for too late or not at all. */
function lateKeywords(node: TaskNode | IncludeNode): readonly (Tree | undefined)[] {
  const { throttle, runOnce, anyErrorsFatal, ignoreErrors, ignoreUnreachable, delegateFacts } = node.directives;
  const own = node.kind === 'task' ? [node.notify, node.retries, node.delay, node.async, node.poll] : [];
  return [throttle, runOnce, anyErrorsFatal, ignoreErrors, ignoreUnreachable, delegateFacts, ...own];
}

/**
 * Makes sure that every keyword of a node has a value before the node is carried out: a task must not run first and then turn out
 * to notify nobody knows whom, or to be forgiven for a reason that does not exist. @throws UndefinedError, ExpressionError
 */
export function checkKeywords(node: TaskNode | IncludeNode, { scope, environment }: Place): void {
  for (const tree of lateKeywords(node)) if (typeof tree === 'object' && tree !== null) renderTree(tree, scope, environment);
}
