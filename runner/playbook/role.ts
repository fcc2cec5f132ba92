import { problem, warning } from '../source/diagnostic.ts';
import type { Span } from '../source/span.ts';
import type { YamlMapping } from '../source/yaml-node.ts';
import type { Tree } from '../template/tree.ts';
import { argumentSpecTask } from './argument-specs.ts';
import { inherit, type OwnDirectives } from './directives.ts';
import { findRole } from './find-role.ts';
import type { Loading } from './load-context.ts';
import type { Directives, Node, Role } from './model.ts';
import type { LoadNodes, Place } from './place.ts';
import { readRoleUse, roleUses } from './role-use.ts';
import { roleFiles } from './role-files.ts';
import { varsOfFile } from './vars.ts';
import { fieldsByName, isNothing, isYes, kindOf, type Field } from './yaml-fields.ts';

/** One use of a role: in `roles:`, as a dependency, by import or by include. */
export interface RoleUse {
  readonly name: string;
  readonly at: Span;
  readonly own: OwnDirectives;
  /** `vars:` where it is used. */
  readonly vars: ReadonlyMap<string, Tree>;
  readonly params: ReadonlyMap<string, Tree>;
  /** `tasks_from` and the like, by folder. */
  readonly from: Readonly<Partial<Record<'tasks' | 'vars' | 'defaults' | 'handlers', string>>>;
  /** Undefined: what the role's meta says. */
  readonly allowDuplicates?: boolean;
  readonly validate: boolean;
  /** By `include_role` or `import_role`. */
  readonly byTask?: boolean;
  /** By `import_role`. */
  readonly imported?: boolean;
  /** The text of the entry, to tell equal uses. */
  readonly key: string;
}

/** Loads a role and what it depends on: its tasks in order, handlers and variables going to the play's frame. */
export function loadRole(use: RoleUse, place: Place, id: readonly number[], loading: Loading, load: LoadNodes): { role: Role; nodes: Node[] } | undefined {
  if (!loading.admit(use.at)) return undefined;
  const found = findRole(use.name, use.at, place, loading);
  if (!found) return undefined;
  if (place.files.includes(`${found.path}/meta`)) {
    loading.report(problem('role-cycle', `the role '${use.name}' depends on itself`, use.at, 'remove one of the dependencies of the circle'));
    return undefined;
  }
  const { path } = found;
  warnOfPlugins(path, use.at, loading);
  const meta = metaOf(path, loading);
  const fields = meta ? fieldsByName(meta, loading.report) : new Map<string, Field>();
  const repeat = use.allowDuplicates ?? isYes(fields.get('allow_duplicates')?.value) === true;
  const role: Role = {
    name: found.name,
    path,
    defaults: varsFrom(path, 'defaults', use, loading),
    vars: new Map([...use.vars, ...varsFrom(path, 'vars', use, loading)]),
    params: use.params,
    parents: place.role && use.byTask === true ? [...place.role.parents, { name: place.role.name, path: place.role.path }] : [],
    around: place.role ? [place.role.path, ...place.role.around] : [],
    ...(place.role && use.byTask !== true && { dependencyOf: place.role.name }),
    imported: use.imported ?? false,
    useKey: `${path}\n${use.key}`,
    once: !repeat,
  };
  const directives: Directives = inherit(place.directives, use.own);
  const inner: Place = { ...place, directives, role };
  const nodes: Node[] = [];
  const dependencies = { ...inner, files: [...place.files, `${path}/meta`] };
  for (const entry of roleUses(fields.get('dependencies')?.value, 'dependencies', loading)) {
    const dependency = readRoleUse(entry, dependencies, loading);
    nodes.push(...((dependency && loadRole(dependency, dependencies, [...id, nodes.length], loading, load)?.nodes) ?? []));
  }
  place.frame.roles.push(role);
  const spec = use.validate ? argumentSpecTask(role, use.from.tasks ?? 'main', fields, inner, [...id, nodes.length], loading) : undefined;
  if (spec) nodes.push(spec);
  nodes.push(...sectionOf(path, 'tasks', use, inner, [...id, nodes.length], loading, load));
  const handlerKey = `${path}\n${use.from.handlers ?? ''}\n${use.key}`;
  if (place.frame.handlerKeys.has(handlerKey)) return { role, nodes };
  place.frame.handlerKeys.add(handlerKey);
  const handlerId = [...place.frame.handlerId, place.frame.handlers.length];
  place.frame.handlers.push(...sectionOf(path, 'handlers', use, { ...inner, handlers: true }, handlerId, loading, load));
  return { role, nodes };
}

function sectionOf(path: string, kind: 'tasks' | 'handlers', use: RoleUse, place: Place, id: readonly number[], loading: Loading, load: LoadNodes): Node[] {
  const [file] = filesOf(path, kind, use, loading);
  if (file === undefined) return [];
  if (place.files.includes(file)) {
    loading.report(problem('role-cycle', `the role '${use.name}' is used inside itself`, use.at, 'break the circle, or use include_role with a condition'));
    return [];
  }
  const document = loading.document(file, use.at);
  return document ? load(document, { ...place, files: [...place.files, file] }, id) : [];
}

function varsFrom(path: string, kind: 'defaults' | 'vars', use: RoleUse, loading: Loading): ReadonlyMap<string, Tree> {
  return new Map(filesOf(path, kind, use, loading).flatMap((file) => [...varsOfFile(file, loading)]));
}

function filesOf(path: string, kind: 'tasks' | 'vars' | 'defaults' | 'handlers', use: RoleUse, loading: Loading): string[] {
  const from = use.from[kind];
  const files = roleFiles(`${path}/${kind}`, from, kind === 'vars' || kind === 'defaults', loading.files);
  if (files.length === 0 && from !== undefined) {
    // Without the folder Ansible goes on as if nothing had been asked for.
    const say = loading.files.isDirectory(`${path}/${kind}`) ? problem : warning;
    loading.report(say('missing-file', `the role '${use.name}' has no ${kind}/${from}`, use.at, `looked for ${path}/${kind}/${from}, also with .yml, .yaml and .json`));
  }
  return files;
}

function metaOf(path: string, loading: Loading): YamlMapping | undefined {
  const [file] = roleFiles(`${path}/meta`, undefined, false, loading.files);
  const document = file === undefined ? undefined : loading.document(file);
  if (!document || isNothing(document)) return undefined;
  if (document.kind === 'mapping') return document;
  loading.report(problem('wrong-type', `a role's meta must be a mapping, not ${kindOf(document)}`, document.span));
  return undefined;
}

const PLUGIN_FOLDERS = ['library', 'action_plugins', 'filter_plugins', 'lookup_plugins', 'test_plugins', 'module_utils'];

function warnOfPlugins(path: string, at: Span, { files, report }: Loading): void {
  const found = PLUGIN_FOLDERS.filter((folder) => files.isDirectory(`${path}/${folder}`));
  if (found.length > 0)
    report(
      warning(
        'python-plugins',
        `the role's Python plugins in ${found.join(', ')} are not used`,
        at,
        'write them as tasks of your own: see docs/custom-tasks.md',
      ),
    );
}
