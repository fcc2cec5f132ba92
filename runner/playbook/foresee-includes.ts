import type { Diagnostic } from '../source/diagnostic.ts';
import type { Span } from '../source/span.ts';
import { literalTree } from '../template/from-yaml.ts';
import { loadIncludedRole, loadIncludedTasks } from './include.ts';
import type { LoadContext } from './load-context.ts';
import type { IncludeNode, Node } from './model.ts';

/** Includes inside includes that are followed; what lies deeper is checked when it is reached. */
const MAX_DEPTH = 8;

/**
 * What is wrong in files and roles that the run is going to include in any case: literal names, no condition on them or around
 * them, no tag `never`. Their mistakes are known before a host is touched; missing files are not mistakes, a task may make them.
 */
export function foreseeIncludes(nodes: readonly Node[], context: LoadContext, seen: ReadonlySet<string> = new Set()): readonly Diagnostic[] {
  return nodes.flatMap((node): readonly Diagnostic[] => {
    if (node.kind === 'block') return foreseeIncludes([...node.block, ...node.rescue, ...node.always], context, seen);
    if (node.kind !== 'include' || node.directives.when.length > 0 || node.directives.tags.includes('never')) return [];
    const target = literalTree(node.target);
    if (typeof target !== 'string') return [];
    const key = `${node.what} ${node.folder} ${target} ${[...node.args].map(([name, value]) => `${name}=${JSON.stringify(literalTree(value))}`).join(' ')}`;
    if (seen.has(key) || seen.size >= MAX_DEPTH) return [];
    const found = load(node, target, context);
    const news = found.diagnostics.filter(({ code, span }) => code !== 'missing-file' && !(code === 'unknown-role' && span !== undefined && within(span, node.at)));
    return [...news, ...foreseeIncludes(found.nodes, context, new Set([...seen, key]))];
  });
}

/** What is wrong with the include itself has been said where it stands. */
function within(span: Span, place: Span): boolean {
  return span.file.path === place.file.path && span.start >= place.start && span.end <= place.end;
}

function load(node: IncludeNode, target: string, context: LoadContext): { readonly nodes: readonly Node[]; readonly diagnostics: readonly Diagnostic[] } {
  return node.what === 'tasks' ? loadIncludedTasks(target, node, context) : loadIncludedRole(target, node, node.args, context);
}
