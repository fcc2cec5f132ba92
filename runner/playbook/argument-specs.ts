import type { YamlNode } from '../source/yaml-node.ts';
import type { Tree } from '../template/tree.ts';
import type { Loading } from './load-context.ts';
import type { Role, TaskNode } from './model.ts';
import type { Place } from './place.ts';
import { roleFiles } from './role-files.ts';
import { fieldsByName, scalarText, type Field } from './yaml-fields.ts';

const MODULE = 'validate_argument_spec';

/** The task that checks a role's parameters before its own tasks, where the role has a specification of this entry point. */
export function argumentSpecTask(
  role: Role,
  entryPoint: string,
  meta: ReadonlyMap<string, Field>,
  place: Place,
  id: readonly number[],
  loading: Loading,
): TaskNode | undefined {
  const spec = entry(specsOf(role, meta, loading), entryPoint.replace(/\.ya?ml$/, ''));
  if (spec?.kind !== 'mapping' || loading.registry.find(MODULE) === undefined) return undefined;
  const fields = fieldsByName(spec, loading.report);
  const options = fields.get('options')?.value;
  const short = scalarText(fields.get('short_description')?.value);
  const args = new Map<string, Tree>([
    ['argument_spec', options ? loading.tree(options) : new Map()],
    ['provided_arguments', role.params],
    [
      'validate_args_context',
      new Map<string, Tree>([
        ['type', 'role'],
        ['name', role.name],
        ['argument_spec_name', entryPoint],
        ['path', role.path],
      ]),
    ],
  ]);
  return {
    kind: 'task',
    id,
    at: spec.span,
    name: `Validating arguments against arg spec '${entryPoint}'${short === undefined ? '' : ` - ${short}`}`,
    directives: { ...place.directives, tags: [...new Set([...place.directives.tags, 'always'])] },
    role,
    folder: `${role.path}/tasks`,
    module: MODULE,
    args,
    argSpans: new Map([['', spec.span]]),
  };
}

function specsOf(role: Role, meta: ReadonlyMap<string, Field>, loading: Loading): YamlNode | undefined {
  const [file] = roleFiles(`${role.path}/meta`, 'argument_specs', false, loading.files);
  if (file === undefined) return meta.get('argument_specs')?.value;
  const document = loading.document(file);
  return document ? entry(document, 'argument_specs') : undefined;
}

function entry(node: YamlNode | undefined, name: string): YamlNode | undefined {
  return node?.kind === 'mapping' ? node.entries.find(({ key }) => key.value === name)?.value : undefined;
}
