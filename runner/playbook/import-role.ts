import { problem } from '../source/diagnostic.ts';
import { didYouMean } from '../util/suggest.ts';
import { nameOf } from '../util/posix-path.ts';
import type { Call } from './call.ts';
import { inherit, NOTHING_OWN, readDirectives } from './directives.ts';
import { knownPaths, refuseLoop } from './import-tasks.ts';
import type { Loading } from './load-context.ts';
import type { Node } from './model.ts';
import type { LoadNodes, Place } from './place.ts';
import { loadRole, type RoleUse } from './role.ts';
import { staticText } from './static-text.ts';
import { isNothing, isYes, type Field } from './yaml-fields.ts';

const ARGS = ['name', 'role', 'tasks_from', 'vars_from', 'defaults_from', 'handlers_from', 'allow_duplicates', 'rolespec_validate'];

/** Expands an `import_role`: the role's tasks stand in its place and take over its keywords. */
export function importRole(fields: ReadonlyMap<string, Field>, call: Call, place: Place, id: readonly number[], loading: Loading, load: LoadNodes): Node[] {
  refuseLoop(fields, call, 'include_role', loading);
  if (place.handlers) {
    loading.report(problem('role-handler', 'a role cannot be a handler', call.at, 'use import_tasks'));
    return [];
  }
  for (const name of call.nodes.keys()) {
    if (!ARGS.includes(name))
      loading.report(
        problem(
          'unknown-parameter',
          `'import_role' has no parameter '${name}'`,
          call.argSpans.get(name) ?? call.at,
          didYouMean(name, ARGS, `it takes: ${ARGS.join(', ')}`),
        ),
      );
  }
  const target = call.nodes.get('name') ?? call.nodes.get('role');
  if (!target || isNothing(target)) {
    loading.report(problem('missing-parameter', "'import_role' does not say which role", call.at, 'write import_role: {name: ROLE}'));
    return [];
  }
  const name = staticText(target, 'the name of an imported role', loading, knownPaths(place));
  if (name === undefined) return [];
  const from: Partial<Record<'tasks' | 'vars' | 'defaults' | 'handlers', string>> = {};
  for (const kind of ['tasks', 'vars', 'defaults', 'handlers'] as const) {
    const node = call.nodes.get(`${kind}_from`);
    const text = node && staticText(node, `'${kind}_from'`, loading);
    if (text !== undefined) from[kind] = nameOf(text);
  }
  const own = readDirectives(fields, loading);
  const use: RoleUse = {
    name,
    at: target.span,
    own: NOTHING_OWN,
    vars: own.vars ?? new Map(),
    params: new Map(),
    byTask: true,
    imported: true,
    from,
    allowDuplicates: isYes(call.nodes.get('allow_duplicates')) ?? true,
    validate: isYes(call.nodes.get('rolespec_validate')) ?? true,
    // Variables of its own make it another use, as parameters do.
    key: own.vars ? `${call.at.file.path}:${call.at.start}` : '',
  };
  return loadRole(use, { ...place, directives: inherit(place.directives, own) }, id, loading, load)?.nodes ?? [];
}
