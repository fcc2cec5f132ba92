import { toText } from '../expr/convert.ts';
import { Unknown } from '../expr/value.ts';
import { literalText } from '../plan/literal.ts';
import type { IncludeNode, TaskNode } from '../playbook/model.ts';
import { TaskFailure } from '../task/failure.ts';
import { renderTree } from '../template/render.ts';
import type { LayeredScope } from '../vars/scope.ts';
import type { Batch } from './batch.ts';
import type { Call } from './call.ts';
import { UnknownArguments } from './invoke.ts';
import { flag } from './keywords.ts';
import { wayTo } from './target.ts';

/**
 * Works out everything about a call that its keywords say: host, way, privileges, check, diff, no_log. No connection is opened
 * before the module asks for one. @throws NeedFacts, TaskFailure, UnknownArguments
 */
export function prepareCall(batch: Batch, host: string, node: TaskNode, scope: LayeredScope, signal: AbortSignal): Call {
  const { context } = batch;
  const module = context.registry.find(node.module);
  if (!module) throw new TaskFailure(`the module '${node.module}' is not available here; it can be written as a task of your own: see docs/custom-tasks.md`);
  const place = { scope, environment: context.environment };
  const delegate = node.directives.delegateTo === undefined ? undefined : renderTree(node.directives.delegateTo, scope, context.environment);
  if (delegate instanceof Unknown) throw new UnknownArguments(delegate.because);
  const worked = delegate === undefined ? host : toText(delegate);
  const way = (): ReturnType<typeof wayTo> => wayTo(context, worked, node.directives, scope, worked === host ? scope : batch.scopes.forHost(worked, false));
  // The way is worked out now, where missing facts can still be gathered; the connection is opened when the module asks.
  const { target, become, environment } = module.kind === 'task' ? way() : { target: undefined, become: undefined, environment: {} };
  return {
    batch, node, module, host, worked, scope, signal,
    check: flag(node.directives.checkMode, place, context.settings.check),
    diff: flag(node.directives.diff, place, context.settings.diff),
    noLog: flag(node.directives.noLog, place, context.settings.noLog ?? false),
    name: nameOf(node, scope, batch),
    access(lane) {
      const own = target ?? way().target;
      return context.sessions.access(lane === undefined ? own : { ...own, lane }, become, environment);
    },
  };
}

/** The task's name with variables filled in; as written where they cannot be. */
export function nameOf(node: TaskNode | IncludeNode, scope: LayeredScope, batch: Batch): string {
  const word = node.kind === 'task' ? node.module : node.what === 'tasks' ? 'include_tasks' : `include_role : ${literalText(node.target) ?? ''}`;
  if (node.name === undefined) return word;
  try {
    return toText(renderTree(node.name, scope, batch.context.environment)).trim() || word;
  } catch {
    return literalText(node.name) ?? word;
  }
}

