import { problem } from '../source/diagnostic.ts';
import type { YamlMapping } from '../source/yaml-node.ts';
import type { Tree } from '../template/tree.ts';
import type { Call } from './call.ts';
import { conditionsOf } from './conditions.ts';
import { checkKind, inherit, listOf, readDirectives } from './directives.ts';
import { defineHandler, noteNotified } from './handlers.ts';
import type { Loading } from './load-context.ts';
import { readLoop, warnIdleLoopControl } from './loop.ts';
import type { Directives, TaskNode } from './model.ts';
import { checkParams } from './params.ts';
import type { Place } from './place.ts';
import { isVariableName } from './vars.ts';
import { folderOf } from '../util/posix-path.ts';
import { isNothing, scalarText, type Field } from './yaml-fields.ts';

/** Loads a task whose module call has been read. */
export function loadTask(
  mapping: YamlMapping,
  fields: ReadonlyMap<string, Field>,
  call: Call,
  place: Place,
  id: readonly number[],
  loading: Loading,
): TaskNode | undefined {
  const { module } = call;
  if (!module && call.unavailable === undefined) return undefined;
  for (const each of module ? checkParams(module, call.args, call.argSpans, call.at) : []) loading.report(each);
  const own = readDirectives(fields, loading);
  const directives: Directives = { ...inherit(place.directives, own), ...(call.local && { delegateTo: 'localhost' }) };
  const loop = readLoop(fields, loading);
  warnIdleLoopControl(fields, loading);
  const tree = (word: string): Tree | undefined => {
    const field = fields.get(word);
    return field && !isNothing(field.value) ? loading.tree(field.value) : undefined;
  };
  for (const word of ['retries', 'delay', 'async', 'poll']) {
    const field = fields.get(word);
    if (field && !isNothing(field.value)) checkKind(field, 'whole', loading);
  }
  const notify = notifyOf(fields, place, loading);
  const node: TaskNode = {
    kind: 'task',
    id,
    at: mapping.span,
    directives,
    folder: folderOf(place.files.at(-1) ?? ''),
    module: module?.definition.name ?? call.word,
    args: call.args,
    argSpans: call.argSpans,
    ...(place.role && { role: place.role }),
    ...optional('name', nameOf(fields, loading)),
    ...optional('loop', loop),
    ...optional('register', registerOf(fields, loading)),
    ...optional('changedWhen', conditions(fields, 'changed_when', loading)),
    ...optional('failedWhen', conditions(fields, 'failed_when', loading)),
    ...optional('until', conditions(fields, 'until', loading)),
    ...optional('retries', tree('retries')),
    ...optional('delay', tree('delay')),
    ...optional('notify', notify),
    ...optional('listen', place.handlers ? listenOf(fields, loading) : undefined),
    ...optional('async', tree('async')),
    ...optional('poll', tree('poll')),
  };
  if (place.handlers) defineHandler(node, place, loading);
  return node;
}

/** A field that is there or is not: `undefined` is never written. */
export function optional<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: V });
}

/** The `name` of a play, block or task. */
export function nameOf(fields: ReadonlyMap<string, Field>, loading: Loading): Tree | undefined {
  const field = fields.get('name');
  if (!field || isNothing(field.value)) return undefined;
  if (field.value.kind !== 'scalar') {
    checkKind(field, 'text', loading);
    return undefined;
  }
  return loading.tree(field.value);
}

/** What a task or block notifies, its own or the block's around it. */
export function notifyOf(fields: ReadonlyMap<string, Field>, place: Place, loading: Loading): Tree | undefined {
  const field = fields.get('notify');
  if (!field || isNothing(field.value)) return place.notify;
  for (const each of listOf(field.value)) {
    const text = scalarText(each);
    if (text === undefined) checkKind({ key: field.key, value: each }, 'text', loading);
    else noteNotified(text, each.span, place);
  }
  return loading.tree(field.value);
}

/** The variable a result goes to. */
export function registerOf(fields: ReadonlyMap<string, Field>, loading: Loading): string | undefined {
  const field = fields.get('register');
  if (!field || isNothing(field.value)) return undefined;
  const name = scalarText(field.value);
  if (name !== undefined && isVariableName(name)) return name;
  loading.report(
    problem('variable-name', "'register' must be the name of a variable", field.value.span, 'a name has letters, digits and underscores, and no braces'),
  );
  return undefined;
}

function conditions(fields: ReadonlyMap<string, Field>, word: string, loading: Loading): ReturnType<typeof conditionsOf> | undefined {
  const field = fields.get(word);
  return field && !isNothing(field.value) ? conditionsOf(field, loading) : undefined;
}

function listenOf(fields: ReadonlyMap<string, Field>, loading: Loading): string[] | undefined {
  const field = fields.get('listen');
  if (!field) return undefined;
  return listOf(field.value).flatMap((each) => {
    const text = scalarText(each);
    if (text === undefined) checkKind({ key: field.key, value: each }, 'text', loading);
    return text === undefined ? [] : [text];
  });
}
