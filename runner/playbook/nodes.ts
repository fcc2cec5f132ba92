import { problem } from '../source/diagnostic.ts';
import type { YamlMapping, YamlNode } from '../source/yaml-node.ts';
import { loadBlock } from './block.ts';
import { readCall } from './call.ts';
import { importRole } from './import-role.ts';
import { importTasks } from './import-tasks.ts';
import { loadInclude } from './include-node.ts';
import type { Loading } from './load-context.ts';
import type { Node } from './model.ts';
import { ofOwnCollection } from './own-collection.ts';
import type { LoadNodes, Place } from './place.ts';
import { loadTask } from './task.ts';
import { keyText, fieldsByName, isNothing, kindOf } from './yaml-fields.ts';

/** Nesting of blocks and imports that nobody needs. */
const MAX_DEPTH = 60;

/** Loads a list of tasks, blocks, includes and imports; what is static is expanded in place. */
export function loadNodes(list: YamlNode, place: Place, id: readonly number[], loading: Loading): Node[] {
  if (isNothing(list)) return [];
  if (list.kind !== 'sequence') {
    loading.report(problem('wrong-type', `tasks must be a list, not ${kindOf(list)}`, list.span, "begin each task with '- '"));
    return [];
  }
  if (id.length > MAX_DEPTH) {
    loading.report(problem('too-deep', 'blocks and imports are nested too deeply here', list.span));
    return [];
  }
  return list.items.flatMap((item, index) => loadEntry(item, place, [...id, index], loading));
}

function loadEntry(item: YamlNode, place: Place, id: readonly number[], loading: Loading): Node[] {
  if (item.kind !== 'mapping') {
    loading.report(problem('wrong-type', `a task must be a mapping, not ${kindOf(item)}`, item.span, 'write a module and its parameters: MODULE: {…}'));
    return [];
  }
  if (!loading.admit(startOf(item))) return [];
  const fields = fieldsByName(item, loading.report);
  const load: LoadNodes = (list, inner, innerId) => loadNodes(list, inner, innerId, loading);
  if (fields.has('block')) {
    const block = loadBlock(item, fields, place, id, loading, load);
    return block ? [block] : [];
  }
  const stray = fields.get('rescue') ?? fields.get('always');
  if (stray) {
    loading.report(problem('no-block', `'${keyText(stray.key)}' has no block to belong to`, stray.key.span, "add 'block' with the tasks it looks after"));
    return [];
  }
  return loadCall(item, fields, place, id, loading, load);
}

function loadCall(item: YamlMapping, fields: ReturnType<typeof fieldsByName>, place: Place, id: readonly number[], loading: Loading, load: LoadNodes): Node[] {
  const conditional = place.directives.when.length > 0 || fields.has('when');
  const call = readCall(fields, startOf(item), { handlers: place.handlers, conditional }, loading);
  // A handler that cannot be read has a name all the same: that it is missing, too, would be said of one mistake.
  if (!call && place.handlers) place.frame.dynamic = true;
  if (!call) return [];
  const foreign = call.module && fields.has(call.word) ? ofOwnCollection(call.word, place.role?.path, call.at, loading) : undefined;
  if (foreign) {
    loading.report(foreign);
    return [];
  }
  switch (call.word) {
    case 'import_playbook':
      loading.report(problem('misplaced-import', "'import_playbook' stands among the plays, not among tasks", call.at, 'use import_tasks for a file of tasks'));
      return [];
    case 'import_tasks':
      return importTasks(fields, call, place, id, loading, load);
    case 'import_role':
      return importRole(fields, call, place, id, loading, load);
    case 'include':
    case 'include_tasks':
    case 'include_role': {
      const include = loadInclude(item, fields, call, place, id, loading);
      return include ? [include] : [];
    }
    default: {
      const task = loadTask(item, fields, call, place, id, loading);
      return task ? [task] : [];
    }
  }
}

/** A task's first key: what a caret can stand under when nothing nearer is known. */
function startOf(item: YamlMapping): YamlMapping['span'] {
  return item.entries[0]?.key.span ?? item.span;
}
