import { toText } from '../../expr/convert.ts';
import { Unknown } from '../../expr/value.ts';
import { literalText } from '../../plan/literal.ts';
import type { IncludeNode, TaskNode } from '../../playbook/model.ts';
import { TaskFailure } from '../../task/failure.ts';
import { renderTree } from '../../template/render.ts';
import { TemplateText } from '../../template/tree.ts';
import type { LayeredScope } from '../../vars/scope.ts';
import { type Batch, stateOf } from '../batch.ts';
import type { Call } from './call.ts';
import { UnknownArguments } from './invoke.ts';
import { flag } from '../task/keywords.ts';
import { type Way, wayTo } from './target.ts';

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
  const way = (): Way => (worked === host ? ownWay(batch, host, node, scope) : wayTo(context, worked, node.directives, scope, batch.scopes.forHost(worked, false)));
  // The way is worked out now, where missing facts can still be gathered; the connection is opened when the module asks.
  const known = module.kind === 'task' ? way() : undefined;
  if (known?.target.transport === 'local') batch.worksHere = true;
  return {
    batch, node, module, host, worked, scope, signal,
    ...(known && { way: known }),
    check: flag(node.directives.checkMode, place, context.settings.check),
    diff: flag(node.directives.diff, place, context.settings.diff),
    noLog: flag(node.directives.noLog, place, context.settings.noLog ?? false),
    name: nameOf(node, scope, batch),
    access(lane) {
      const { target, become, environment } = known ?? { target: way().target, become: undefined, environment: {} };
      return context.sessions.access(lane === undefined ? target : { ...target, lane }, become, environment);
    },
  };
}

/** The way to the host a task is for: that of the task before it, when they have the same keywords and no variable has changed since. */
function ownWay(batch: Batch, host: string, node: TaskNode, scope: LayeredScope): Way {
  const { context } = batch;
  const work = (): Way => wayTo(context, host, node.directives, scope, scope);
  const key = wayKey(node);
  if (key === undefined) return work();
  const { ways } = stateOf(batch, host);
  const at = moment(batch);
  const known = ways.get(key);
  if (known?.at === at) return known.way;
  const way = work();
  ways.set(key, { at, way });
  return way;
}

/** The same text as long as no variable has changed. */
export function moment({ context, states }: Batch): string {
  return `${states.clock.ticks} ${context.inventory.version ?? 0}`;
}

const keys = new WeakMap<TaskNode, { readonly key: string | undefined }>();

/** All of a task that has a say in the way to its host, as text; undefined where it brings variables of its own (or each turn of its loop does). */
function wayKey(node: TaskNode): string | undefined {
  let known = keys.get(node);
  if (!known) keys.set(node, (known = { key: keyOf(node) }));
  return known.key;
}

function keyOf({ directives, loop, role }: TaskNode): string | undefined {
  const { port, remoteUser, connection, become, becomeUser, becomeMethod, becomeExe, becomeFlags, environment, vars } = directives;
  if (loop || environment.length > 0 || vars.some((layer) => layer.size > 0)) return undefined;
  const words = [port, remoteUser, connection, become, becomeUser, becomeMethod, becomeExe, becomeFlags];
  // A template is its text: what it comes to depends on the variables, and they have not changed.
  const texts = words.map((word) => (word === undefined ? '' : word instanceof TemplateText ? `template ${word.text}` : typeof word === 'object' ? undefined : `value ${String(word)}`));
  return texts.includes(undefined) ? undefined : JSON.stringify([role?.path, ...texts]);
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

