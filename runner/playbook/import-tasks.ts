import { problem, warning } from '../source/diagnostic.ts';
import type { Call } from './call.ts';
import { inherit, readDirectives } from './directives.ts';
import { firstExisting, taskFileCandidates } from './find-file.ts';
import type { Loading } from './load-context.ts';
import type { Node } from './model.ts';
import type { LoadNodes, Place } from './place.ts';
import { staticText } from './static-text.ts';
import { notifyOf, optional } from './task.ts';
import { isNothing, type Field } from './yaml-fields.ts';

/** Expands an `import_tasks`: the file's tasks stand in its place and take over its keywords. */
export function importTasks(fields: ReadonlyMap<string, Field>, call: Call, place: Place, id: readonly number[], loading: Loading, load: LoadNodes): Node[] {
  refuseLoop(fields, call, 'include_tasks', loading);
  for (const name of call.nodes.keys()) {
    if (name !== 'file')
      loading.report(
        problem(
          'unknown-parameter',
          `'import_tasks' has no parameter '${name}'`,
          call.argSpans.get(name) ?? call.at,
          "it takes: file; write variables under 'vars'",
        ),
      );
  }
  const target = call.nodes.get('file');
  if (!target || isNothing(target)) {
    loading.report(problem('missing-parameter', "'import_tasks' does not say which file", call.at, 'write import_tasks: FILE.yml'));
    return [];
  }
  const name = staticText(target, 'the name of an imported file', loading, knownPaths(place));
  if (name === undefined) return [];
  const candidates = taskFileCandidates(name, place);
  const path = firstExisting(candidates, loading);
  if (path === undefined) {
    loading.report(problem('missing-file', `there is no file of tasks '${name}'`, target.span, `looked for: ${candidates.join(', ')}`));
    return [];
  }
  if (place.files.includes(path)) {
    loading.report(problem('import-cycle', `'${name}' is imported inside itself`, target.span, 'break the circle, or use include_tasks with a condition'));
    return [];
  }
  const list = loading.document(path, target.span);
  if (list === undefined) return [];
  if (list === null || isNothing(list)) {
    loading.report(warning('empty-file', `the imported file '${path}' has no tasks`, target.span));
    return [];
  }
  const directives = inherit(place.directives, readDirectives(fields, loading));
  const notify = notifyOf(fields, place, loading);
  return load(list, { ...place, directives, ...optional('notify', notify), files: [...place.files, path] }, id);
}

/** Reports a loop on what is expanded before the run. */
export function refuseLoop(fields: ReadonlyMap<string, Field>, call: Call, instead: string, loading: Loading): void {
  for (const [word, { key }] of fields) {
    if (word === 'loop' || word.startsWith('with_'))
      loading.report(problem('loop-on-import', `'${call.word}' is expanded before the run and cannot be looped`, key.span, `use ${instead}`));
  }
}

/** Magic variables that are known at load. */
export function knownPaths({ frame, role }: Place): ReadonlyMap<string, string> {
  return new Map([
    ['playbook_dir', frame.folder],
    ...(role
      ? ([
          ['role_path', role.path],
          ['role_name', role.name],
        ] as const)
      : []),
  ]);
}
