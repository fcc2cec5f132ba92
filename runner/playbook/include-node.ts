import { problem, warning } from '../source/diagnostic.ts';
import type { YamlMapping, YamlNode } from '../source/yaml-node.ts';
import { didYouMean } from '../util/suggest.ts';
import type { Tree } from '../template/tree.ts';
import { folderOf } from '../util/posix-path.ts';
import type { Call } from './call.ts';
import { inherit, NO_DIRECTIVES, readDirectives } from './directives.ts';
import { firstExisting, taskFileCandidates } from './find-file.ts';
import { findRole } from './find-role.ts';
import { BLOCK_KEYWORDS, INCLUDE_KEYWORDS, TASK_KEYWORDS } from './keywords.ts';
import type { Loading } from './load-context.ts';
import { readLoop, warnIdleLoopControl } from './loop.ts';
import type { Directives, IncludeNode } from './model.ts';
import type { Place } from './place.ts';
import { nameOf, notifyOf, optional, registerOf } from './task.ts';
import { fieldsByName, isNothing, kindOf, scalarText, type Field } from './yaml-fields.ts';

const TASKS_ARGS = ['file', 'apply'];
const ROLE_ARGS = ['name', 'role', 'tasks_from', 'vars_from', 'defaults_from', 'handlers_from', 'apply', 'public', 'allow_duplicates', 'rolespec_validate'];

/** Loads an `include_tasks` or `include_role`: what it brings is loaded when it is reached. */
export function loadInclude(
  item: YamlMapping,
  fields: ReadonlyMap<string, Field>,
  call: Call,
  place: Place,
  id: readonly number[],
  loading: Loading,
): IncludeNode | undefined {
  const what = call.word === 'include_role' ? 'role' : 'tasks';
  place.frame.dynamic = true;
  if (place.handlers && what === 'role') {
    loading.report(problem('role-handler', 'a role cannot be a handler', call.at, 'use include_tasks'));
    return undefined;
  }
  refuseKeywords(fields, call, loading);
  const known = what === 'tasks' ? TASKS_ARGS : ROLE_ARGS;
  for (const name of call.nodes.keys()) {
    if (!known.includes(name))
      loading.report(
        problem(
          'unknown-parameter',
          `'${call.word}' has no parameter '${name}'`,
          call.argSpans.get(name) ?? call.at,
          didYouMean(name, known, `it takes: ${known.join(', ')}`),
        ),
      );
  }
  const target = what === 'tasks' ? call.nodes.get('file') : (call.nodes.get('name') ?? call.nodes.get('role'));
  if (!target || isNothing(target)) {
    loading.report(
      problem(
        'missing-parameter',
        `'${call.word}' does not say which ${what === 'tasks' ? 'file' : 'role'}`,
        call.at,
        `write ${call.word}: ${what === 'tasks' ? 'FILE.yml' : '{name: ROLE}'}`,
      ),
    );
    return undefined;
  }
  const applied = appliedBy(call.nodes.get('apply'), place, loading);
  checkTarget(what, target, place, loading);
  warnIdleLoopControl(fields, loading);
  const args = new Map([...call.nodes].filter(([, node]) => node !== target).map(([name, node]) => [name, loading.tree(node)] as const));
  return {
    kind: 'include',
    what,
    id,
    at: item.span,
    directives: inherit(place.directives, readDirectives(fields, loading)),
    folder: folderOf(place.files.at(-1) ?? ''),
    target: loading.tree(target),
    args,
    argSpans: call.argSpans,
    ...(place.role && { role: place.role }),
    ...optional('name', nameOf(fields, loading)),
    ...optional('loop', readLoop(fields, loading)),
    ...optional('register', registerOf(fields, loading)),
    surroundings: {
      directives: place.directives,
      applied: applied.directives,
      ...optional('notify', applied.notify),
      files: place.files,
      playbookFolder: place.frame.folder,
      handlers: place.handlers,
    },
  };
}

/** Keywords that would not reach the included tasks are refused, as Ansible does. */
function refuseKeywords(fields: ReadonlyMap<string, Field>, call: Call, loading: Loading): void {
  for (const [word, { key }] of fields) {
    if (!TASK_KEYWORDS.has(word) || INCLUDE_KEYWORDS.has(word)) continue;
    const help = BLOCK_KEYWORDS.has(word) ? `put it under apply: to give it to the included tasks` : 'put it on the included tasks themselves';
    loading.report(problem('unknown-keyword', `'${word}' has no meaning on '${call.word}'`, key.span, help));
  }
}

/** What `apply` gives to the included tasks. */
function appliedBy(apply: YamlNode | undefined, place: Place, loading: Loading): { directives: Directives; notify?: Tree } {
  if (!apply || isNothing(apply)) return { directives: NO_DIRECTIVES, ...optional('notify', place.notify) };
  if (apply.kind !== 'mapping') {
    loading.report(problem('wrong-type', `'apply' must be a mapping, not ${kindOf(apply)}`, apply.span));
    return { directives: NO_DIRECTIVES };
  }
  const fields = fieldsByName(apply, loading.report);
  for (const [word, { key }] of fields) {
    if (!BLOCK_KEYWORDS.has(word))
      loading.report(problem('unknown-keyword', `'${word}' cannot be applied to tasks`, key.span, didYouMean(word, BLOCK_KEYWORDS)));
  }
  return { directives: inherit(NO_DIRECTIVES, readDirectives(fields, loading)), ...optional('notify', notifyOf(fields, place, loading)) };
}

/** A target that is written out can be looked for now; it may still be made by an earlier task, so its absence is a warning. */
function checkTarget(what: 'tasks' | 'role', target: YamlNode, place: Place, loading: Loading): void {
  const name = scalarText(target);
  if (name === undefined) {
    loading.report(problem('wrong-type', `the name of what is included must be a text, not ${kindOf(target)}`, target.span));
    return;
  }
  if (/\{[{%]/.test(name)) return;
  if (what === 'role') {
    findRole(name, target.span, place, loading);
    return;
  }
  const candidates = taskFileCandidates(name, place);
  const path = firstExisting(candidates, loading);
  if (path === undefined)
    loading.report(warning('missing-file', `there is no file of tasks '${name}' yet`, target.span, `looked for: ${candidates.join(', ')}`));
}
