import type { Environment } from '../expr/scope.ts';
import type { BlockNode, Condition, Directives, IncludeNode, Loop, Node, Phase, Play, TaskNode } from '../playbook/model.ts';
import { literalTree } from '../template/from-yaml.ts';
import { conditionNames, sureConditionUses, sureTreeUses, type SpannedUse } from '../template/render.ts';
import { TemplateText, type Tree } from '../template/tree.ts';
import type { Definitions } from './definitions.ts';
import { keyOf, type Expand } from './expansion.ts';

/** What a walk through the tasks of a run needs to know. */
export interface Walk {
  readonly environment: Environment;
  readonly definitions: Definitions;
  readonly expand: Expand;
  /** For a module that steers the run: the names its bare expressions are given under, such as `that` of `assert`. */
  readonly expressions: (module: string) => readonly string[] | undefined;
  /** Uses in the file that a task renders. */
  readonly templateUses: (task: TaskNode, play: Play) => readonly SpannedUse[];
}

interface State {
  /** A task before may have defined anything: nothing can be said from here on. */
  open: boolean;
  /** A task before may have ended the play. */
  ended: boolean;
  /** A task before fails in any case: nothing after it is reached. */
  over: boolean;
  readonly play: Play;
  readonly uses: SpannedUse[];
  /** Names that an earlier `fail` or `assert` asks for: it has the better message. */
  readonly guarded: Set<string>;
  readonly included: Set<string>;
}

/**
 * Uses of variables that some host comes to for certain and that nothing catches: not behind a condition, in a loop that may be
 * empty, in a block with `rescue`, under `ignore_errors`, in a handler, nor behind a task that may end the play or define anything.
 */
export function sureUsesOf(plays: readonly Play[], runs: (play: Play) => boolean, walk: Walk): readonly SpannedUse[] {
  const state: Omit<State, 'play' | 'ended'> = { open: false, over: false, uses: [], guarded: new Set(), included: new Set() };
  for (const play of plays) {
    const own: State = { ...state, open: state.open || play.debugger === true, play, ended: !runs(play) };
    if (!own.open && !own.over) own.uses.push(...sureTreeUses(play.hosts, walk.environment));
    // Handlers come between the tasks, and hosts that do not wait for each other set facts for each other.
    visitAll(play.handlers, false, own, walk);
    if (play.strategy !== 'linear') for (const phase of play.phases) visitAll(phase.nodes, false, own, walk);
    own.open ||= walk.definitions.opensPlay(play);
    if (!own.open && !own.ended && !own.over) for (const tree of [play.serial, play.maxFailPercentage]) if (tree !== undefined) own.uses.push(...sureTreeUses(tree, walk.environment));
    for (const phase of play.phases) visitPhase(phase, own, walk);
    state.open = own.open;
    state.over = own.over;
  }
  return state.uses;
}

function visitPhase({ nodes, gate }: Phase, state: State, walk: Walk): void {
  visitAll(nodes, true, state, walk);
  if (!gate) return;
  visitAll(gate.tasks, false, state, walk);
  if (!state.open && !state.ended && !state.over) state.uses.push(...firstCondition(gate.until, walk));
}

function visitAll(nodes: readonly Node[], sure: boolean, state: State, walk: Walk): void {
  for (const node of nodes) {
    const reached = sure && !state.open && !state.ended && !state.over && !forgives(node.directives);
    if (node.kind === 'block') visitBlock(node, reached, sure, state, walk);
    else if (node.kind === 'include') visitInclude(node, reached, sure, state, walk);
    else {
      if (reached) state.uses.push(...taskUses(node, state.play, walk).filter(({ name }) => !state.guarded.has(name)));
      follow(node, state, walk);
    }
  }
}

function visitBlock(node: BlockNode, reached: boolean, sure: boolean, state: State, walk: Walk): void {
  if (reached && node.loop && always(node.directives.when)) state.uses.push(...loopUses(node.loop, walk));
  const inner = sure && (!node.loop || certain(node.loop));
  visitAll(node.block, inner && node.rescue.length === 0, state, walk);
  visitAll(node.rescue, false, state, walk);
  visitAll(node.always, inner, state, walk);
}

function visitInclude(node: IncludeNode, reached: boolean, sure: boolean, state: State, walk: Walk): void {
  if (reached) state.uses.push(...keywordUses(node, [node.target], walk));
  const brought = walk.expand(node);
  if (!brought) {
    state.open = true;
    return;
  }
  const inner = sure && always(node.directives.when) && (!node.loop || certain(node.loop)) && !forgives(node.directives);
  const key = `${keyOf(node, literalTree(node.target))}\0${inner}`;
  if (state.included.has(key)) return;
  state.included.add(key);
  visitAll(brought.nodes, inner, state, walk);
  visitAll(brought.handlers, false, state, walk);
}

/** What a task leaves behind for those after it. */
function follow(task: TaskNode, state: State, { definitions, environment }: Walk): void {
  const { module, directives } = task;
  state.open ||= definitions.opens(task);
  if (module === 'meta' && /end_/.test(JSON.stringify(literalTree(task.args)) ?? 'end_')) state.ended = true;
  if (module === 'validate_argument_spec') for (const name of specified(task)) state.guarded.add(name);
  if (module !== 'fail' && module !== 'assert') return;
  if (module === 'fail' && always(directives.when) && !forgives(directives)) state.over = true;
  for (const condition of [...directives.when, ...conditionsIn(task, 'that')]) for (const name of namesOf(condition, environment)) state.guarded.add(name);
}

/** The parameters that a role says it takes. */
function specified({ args }: TaskNode): readonly string[] {
  const spec = args instanceof Map ? (args as ReadonlyMap<string, Tree>).get('argument_spec') : undefined;
  return spec instanceof Map ? [...(spec as ReadonlyMap<string, Tree>).keys()] : [];
}

function namesOf(condition: Condition, environment: Environment): Iterable<string> {
  try {
    return conditionNames(condition, environment);
  } catch {
    // What is wrong with it has been said.
    return [];
  }
}

/** Uses in a task that certainly fail when their variable is missing. */
function taskUses(task: TaskNode, play: Play, walk: Walk): readonly SpannedUse[] {
  const { directives, args, module } = task;
  if (module === 'validate_argument_spec') return [];
  const bare = walk.expressions(module);
  const rendered: Tree[] = args instanceof Map ? [...(args as ReadonlyMap<string, Tree>)].filter(([name]) => bare?.includes(name) !== true).map(([, value]) => value) : [args];
  const uses = keywordUses(task, [...keywordsOf(task, bare === undefined), ...rendered], walk);
  if (!always(directives.when) || (task.loop && !certain(task.loop))) return uses;
  const judged = [task.failedWhen, task.changedWhen, task.until].flatMap((conditions) => firstCondition(conditions ?? [], walk));
  const asserted = module === 'assert' ? firstCondition(conditionsIn(task, 'that'), walk) : [];
  return [...uses, ...walk.templateUses(task, play), ...asserted, ...judged];
}

/** Keywords that are asked for before the task is carried out; how to reach a host matters to those that do. */
function keywordsOf({ directives, retries, delay, async: background, poll, notify }: TaskNode, connects: boolean): readonly Tree[] {
  const { throttle, runOnce, anyErrorsFatal, ignoreUnreachable, delegateTo, delegateFacts, checkMode, diff, noLog, timeout } = directives;
  const { become, becomeUser, becomeMethod, becomeExe, becomeFlags, remoteUser, connection, port, environment } = directives;
  const way = connects ? [become, becomeUser, becomeMethod, becomeExe, becomeFlags, remoteUser, connection, port, ...environment] : [];
  const own = [throttle, runOnce, anyErrorsFatal, ignoreUnreachable, delegateTo, delegateFacts, checkMode, diff, noLog, timeout, retries, delay, background, poll, notify];
  return [...own, ...way].filter((each): each is Tree => each !== undefined);
}

/** Uses in the first condition, in the loop, and, where neither can keep the node from running, in the values it is given. */
function keywordUses(node: TaskNode | IncludeNode, values: readonly Tree[], walk: Walk): readonly SpannedUse[] {
  const { when } = node.directives;
  const uses: SpannedUse[] = [];
  if (node.loop && always(when)) uses.push(...loopUses(node.loop, walk));
  if (node.loop && !certain(node.loop)) return uses;
  uses.push(...firstCondition(when, walk));
  if (always(when)) for (const value of values) uses.push(...sureTreeUses(value, walk.environment));
  return uses;
}

function loopUses(loop: Loop, { environment }: Walk): readonly SpannedUse[] {
  return loop.kind === 'first_found' ? [] : sureTreeUses(loop.items, environment);
}

/** The first of some conditions is always asked, the next ones only when it holds. */
function firstCondition([first]: readonly Condition[], { environment }: Walk): readonly SpannedUse[] {
  return first === undefined ? [] : sureConditionUses(first, environment);
}

function conditionsIn({ args }: TaskNode, parameter: string): readonly Condition[] {
  const given = args instanceof Map ? (args as ReadonlyMap<string, Tree>).get(parameter) : undefined;
  const list = Array.isArray(given) ? (given as readonly Tree[]) : given === undefined ? [] : [given];
  // One in braces is rendered from another place in its text.
  return list.filter((each): each is TemplateText => each instanceof TemplateText && !each.text.includes('{{'));
}

function always(conditions: readonly Condition[]): boolean {
  return conditions.every((each) => each === true);
}

/** A loop over a list that is written out and not empty. */
function certain({ kind, items }: Loop): boolean {
  return (kind === 'loop' || kind === 'items') && Array.isArray(items) && items.length > 0 && !(items as readonly Tree[]).some((each) => each instanceof TemplateText);
}

/** Where a failure is not the end: it is ignored, or a person is asked about it, who may give the variable a value. */
function forgives({ ignoreErrors, debugger: asked }: Directives): boolean {
  return (ignoreErrors !== undefined && literalTree(ignoreErrors) !== false) || (asked !== undefined && asked !== 'never');
}
