import { problem, type Diagnostic } from '../source/diagnostic.ts';
import type { Tree } from '../template/tree.ts';
import { joinDirectives, NO_DIRECTIVES, NOTHING_OWN } from './directives.ts';
import { firstExisting, taskFileCandidates } from './find-file.ts';
import { literalTree } from '../template/from-yaml.ts';
import { startLoading, type LoadContext } from './load-context.ts';
import type { Directives, IncludeNode, Node, Role } from './model.ts';
import { loadNodes } from './nodes.ts';
import { newFrame, type Place } from './place.ts';
import { loadRole, type RoleUse } from './role.ts';
import { optional } from './task.ts';
import { nameOf } from '../util/posix-path.ts';
import { yesOrNo } from '../util/yes-no.ts';

/** Loads the file of a reached `include_tasks`: `path` is absolute, or looked for as Ansible does. */
export function loadIncludedTasks(path: string, include: IncludeNode, context: LoadContext): { nodes: readonly Node[]; roles: readonly Role[]; diagnostics: readonly Diagnostic[] } {
  const loading = startLoading(context);
  const place = placeOf(include);
  const candidates = path.startsWith('/') ? [path] : taskFileCandidates(path, place);
  const file = firstExisting(candidates, loading);
  if (file === undefined) {
    loading.report(
      problem('missing-file', `there is no file of tasks '${path}'`, include.argSpans.get('file') ?? include.at, `looked for: ${candidates.join(', ')}`),
    );
    return { nodes: [], roles: [], diagnostics: loading.diagnostics };
  }
  const document = loading.document(file, include.at);
  const nodes = document ? loadNodes(document, { ...place, files: [...place.files, file] }, include.id, loading) : [];
  return { nodes, roles: place.frame.roles, diagnostics: loading.diagnostics };
}

/** Loads the role of a reached `include_role`; `args` are its further arguments, rendered. */
export function loadIncludedRole(
  name: string,
  include: IncludeNode,
  args: ReadonlyMap<string, Tree>,
  context: LoadContext,
): { role: Role | undefined; nodes: readonly Node[]; handlers: readonly Node[]; roles: readonly Role[]; diagnostics: readonly Diagnostic[] } {
  const loading = startLoading(context);
  const place = placeOf(include);
  const text = (key: string): string | undefined => {
    const literal = literalTree(args.get(key) ?? null);
    return typeof literal === 'string' ? nameOf(literal) : undefined;
  };
  const outer = include.surroundings?.directives.vars.length ?? 0;
  const use: RoleUse = {
    name,
    at: include.argSpans.get('name') ?? include.argSpans.get('role') ?? include.at,
    own: NOTHING_OWN,
    vars: new Map(),
    params: new Map(include.directives.vars.slice(outer).flatMap((vars) => [...vars])),
    byTask: true,
    from: {
      ...optional('tasks', text('tasks_from')),
      ...optional('vars', text('vars_from')),
      ...optional('defaults', text('defaults_from')),
      ...optional('handlers', text('handlers_from')),
    },
    allowDuplicates: flag(args.get('allow_duplicates')) ?? true,
    validate: flag(args.get('rolespec_validate')) ?? true,
    key: '',
  };
  const loaded = loadRole(use, place, [...include.id, 0], loading, (tasks, inner, id) => loadNodes(tasks, inner, id, loading));
  return { role: loaded?.role, nodes: loaded?.nodes ?? [], handlers: place.frame.handlers, roles: place.frame.roles, diagnostics: loading.diagnostics };
}

/** Children take over what stands around the include, its variables and what `apply` gives; not its own keywords. */
function placeOf(include: IncludeNode): Place {
  const { surroundings } = include;
  const around: Directives = { ...(surroundings?.directives ?? NO_DIRECTIVES), vars: include.directives.vars };
  const frame = newFrame(surroundings?.playbookFolder ?? include.folder, [...include.id, 1]);
  // Handlers of the play are not known here: whether what is notified exists, the run will say.
  frame.dynamic = true;
  return {
    directives: surroundings ? joinDirectives(around, surroundings.applied) : around,
    ...optional('notify', surroundings?.notify),
    ...(include.role && { role: include.role }),
    files: surroundings?.files ?? [`${include.folder}/main.yml`],
    handlers: surroundings?.handlers ?? false,
    frame,
  };
}

function flag(tree: Tree | undefined): boolean | undefined {
  const literal = literalTree(tree ?? null);
  return typeof literal === 'boolean' ? literal : typeof literal === 'string' ? yesOrNo(literal) === true : undefined;
}
