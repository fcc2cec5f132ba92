import { isAbsolute, join } from 'node:path';
import { toText } from '../../expr/convert.ts';
import { Unknown } from '../../expr/value.ts';
import { loadIncludedRole, loadIncludedTasks } from '../../playbook/include.ts';
import type { IncludeNode, Node } from '../../playbook/model.ts';
import { tagsSelect } from '../../plan/tags.ts';
import { InputError } from '../../source/diagnostic.ts';
import { TaskFailure } from '../../task/failure.ts';
import { renderTree } from '../../template/render.ts';
import type { Tree } from '../../template/tree.ts';
import type { LayeredScope } from '../../vars/scope.ts';
import type { Batch } from '../batch.ts';
import { holds } from '../task/conditions.ts';
import { evaluate } from '../vars/evaluate.ts';
import { resultOfError } from '../task/failures.ts';
import { checkKeywords } from '../task/keywords.ts';
import { type Item, loopItems } from '../task/loop.ts';
import type { IncludedNodes } from './outcome.ts';
import type { Status } from '../../event/event.ts';
import { type Result, skippedResult, undetermined } from '../call/result.ts';

/** What an include came to: a result for each thing that was included, or one that says why nothing was. */
export interface Resolved {
  readonly status: Status;
  /** What is told of the host: nothing for roles and empty files, as in Ansible. */
  readonly results: readonly Result[];
  readonly included: readonly IncludedNodes[];
  /** Items that a condition left out. */
  readonly left: readonly Item[];
}

/** Loads what an `include_tasks` or `include_role` brings for one host, once for each item of its loop. */
export async function resolveInclude(batch: Batch, host: string, node: IncludeNode): Promise<Resolved> {
  const { context } = batch;
  const scope = batch.scopes.forNode(host, node, batch.playVars);
  try {
    const items = node.loop ? await evaluate(batch, context.signal, () => loopItems(node, node.loop, scope, context.environment)) : [undefined];
    const included: IncludedNodes[] = [];
    const results: Result[] = [];
    const left: Item[] = [];
    for (const [index, item] of items.entries()) {
      const itemScope = item ? scope.with({ kind: 'data', vars: item.locals }) : scope;
      const runs = await evaluate(batch, context.signal, () => holds(node.directives.when, itemScope, context.environment));
      if (runs instanceof Unknown) return { status: 'undetermined', results: [undetermined(`depends on ${runs.because}`)], included: [], left };
      if (!runs) {
        if (item) left.push(item);
        continue;
      }
      await evaluate(batch, context.signal, () => checkKeywords(node, { scope: itemScope, environment: context.environment }));
      const target = await evaluate(batch, context.signal, () => toText(renderTree(node.target, itemScope, context.environment)));
      const found = node.what === 'tasks' ? findTasks(batch, node, target) : target;
      const brought = await evaluate(batch, context.signal, () => load(batch, passage(batch, node, { item, index }, found), found, itemScope));
      included.push(brought);
      if (node.what === 'tasks' && !brought.empty) results.push({ status: 'ok', json: { changed: false, failed: false, include: found, ...(item && { ansible_loop_var: item.variable, item: item.label }) }, changes: [] });
    }
    return included.length > 0 ? { status: 'ok', results, included, left } : { status: 'skipped', results: [skippedResult()], included, left };
  } catch (error) {
    const result = resultOfError(error, { timeout: 0, timedOut: false });
    return { status: result.status, results: [result], included: [], left: [] };
  }
}

/** The node as one item of its loop and one file see it: with the item's variables and ids of its own. */
function passage(batch: Batch, node: IncludeNode, { item, index }: { item: Item | undefined; index: number }, found: string): IncludeNode {
  const id = item ? [...node.id, index] : node.id;
  const key = id.join('.');
  const met = batch.includes.get(key) ?? [];
  if (!met.includes(found)) met.push(found);
  batch.includes.set(key, met);
  const own = { ...node, id: [...id, met.indexOf(found)] };
  if (!item) return own;
  // Values of a run are data: a string among them is no TemplateText, so rendering leaves it as it is.
  const vars = new Map([...item.locals].map(([name, value]) => [name, value as Tree]));
  return { ...own, directives: { ...node.directives, vars: [...node.directives.vars, vars] } };
}

function load(batch: Batch, node: IncludeNode, target: string, scope: LayeredScope): IncludedNodes & { readonly empty: boolean } {
  const { context } = batch;
  const args = new Map([...node.args].map(([name, tree]) => [name, name === 'apply' ? tree : (renderTree(tree, scope, context.environment) as Tree)]));
  const loaded = node.what === 'tasks'
    ? { ...loadIncludedTasks(target, node, context.load), handlers: [] as readonly Node[], role: undefined }
    : loadIncludedRole(target, node, args, context.load);
  const errors = loaded.diagnostics.filter((each) => each.severity === 'error');
  if (errors.length > 0) throw new InputError(errors);
  const { role } = loaded;
  const { exported } = batch.playVars;
  const known = new Set(exported.map((each) => each.path));
  batch.states.clock.ticks++;
  exported.push(...loaded.roles.filter((each) => (each.imported || (each === role && args.get('public') === true)) && !known.has(each.path)));
  return { empty: loaded.nodes.length === 0, nodes: selected(loaded.nodes, batch), handlers: loaded.handlers, ...(role && { role }) };
}

function selected(nodes: readonly Node[], batch: Batch): readonly Node[] {
  const { tags } = batch.context.settings;
  return nodes.flatMap((node): Node[] => {
    if (node.kind !== 'block') return tagsSelect(node.directives.tags, tags) ? [node] : [];
    return [{ ...node, block: selected(node.block, batch), rescue: selected(node.rescue, batch), always: selected(node.always, batch) }];
  });
}

function findTasks(batch: Batch, node: IncludeNode, target: string): string {
  if (isAbsolute(target)) return target;
  const { files } = batch.context;
  const playFolder = batch.playVars.play.path.slice(0, batch.playVars.play.path.lastIndexOf('/'));
  const folders = [node.folder, ...(node.role ? [join(node.role.path, 'tasks'), node.role.path] : []), join(playFolder, 'tasks'), playFolder];
  const candidates = [...new Set(folders)].map((folder) => join(folder, target));
  const found = candidates.find((candidate) => files.read(candidate) !== undefined);
  if (found === undefined) throw new TaskFailure(`could not find '${target}'; looked at ${candidates.join(', ')}`);
  return found;
}
