import { loadIncludedRole, loadIncludedTasks } from '../playbook/include.ts';
import type { LoadContext } from '../playbook/load-context.ts';
import type { IncludeNode, Node, Role } from '../playbook/model.ts';
import { literalTree } from '../template/from-yaml.ts';

/** What an include would bring. */
export interface Expansion {
  readonly nodes: readonly Node[];
  readonly handlers: readonly Node[];
  readonly roles: readonly Role[];
}

/** Tells what an include would bring: undefined when only the run can know. */
export type Expand = (node: IncludeNode) => Expansion | undefined;

/** Arguments of `include_role` that choose files. */
const CHOOSING = ['tasks_from', 'vars_from', 'defaults_from', 'handlers_from'];

/** Loads includes whose names are written out; each file and role once, for what stands around it in the same way. */
export function expansions(context: LoadContext): Expand {
  const known = new Map<string, Expansion | undefined>();
  return (node) => {
    const target = literalTree(node.target);
    if (typeof target !== 'string' || CHOOSING.some((name) => literalTree(node.args.get(name) ?? null) === undefined)) return undefined;
    const key = keyOf(node, target);
    if (!known.has(key)) known.set(key, load(node, target, context));
    return known.get(key);
  };
}

/** The same for includes that bring the same tasks under the same circumstances, as far as these decide whether a task is reached. */
export function keyOf(node: IncludeNode, target: unknown): string {
  const { when, ignoreErrors } = node.directives;
  const applied = node.surroundings?.applied;
  const chosen = CHOOSING.map((name) => JSON.stringify(literalTree(node.args.get(name) ?? null)));
  const guarded = when.length > 0 || ignoreErrors !== undefined || (applied !== undefined && (applied.when.length > 0 || applied.ignoreErrors !== undefined));
  return [node.what, node.folder, node.role?.path, target, ...chosen, guarded].join('\0');
}

function load(node: IncludeNode, target: string, context: LoadContext): Expansion | undefined {
  const loaded = node.what === 'tasks' ? { ...loadIncludedTasks(target, node, context), handlers: [] } : loadIncludedRole(target, node, node.args, context);
  return loaded.diagnostics.some((each) => each.severity === 'error') ? undefined : loaded;
}
