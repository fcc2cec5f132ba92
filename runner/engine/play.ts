import { fromJson, toJson, toText } from '../expr/convert.ts';
import { isList, type Value } from '../expr/value.ts';
import { selectHosts } from '../inventory/pattern.ts';
import { batches, isSerialStep, type SerialStep } from '../plan/batches.ts';
import type { Play } from '../playbook/model.ts';
import { literalText } from '../plan/literal.ts';
import { InputError, problem } from '../source/diagnostic.ts';
import { renderTree } from '../template/render.ts';
import type { Tree } from '../template/tree.ts';
import { pacer } from '../util/pacer.ts';
import { Semaphore } from '../util/semaphore.ts';
import type { Batch } from './batch.ts';
import { HandlerBoard } from './walk/handlers.ts';
import { evaluate } from './vars/evaluate.ts';
import { inputErrorOf } from './task/failures.ts';
import type { HostStates } from './host-state.ts';
import { flag, number } from './task/keywords.ts';
import { runPhase } from './phase.ts';
import { failurePolicy } from './policy.ts';
import { nameOf } from './call/prepare-call.ts';
import { playVarsFiles } from './vars/vars-files.ts';
import type { RunContext } from './request.ts';
import { RoleRuns } from './role-runs.ts';
import type { Sessions } from './sessions/sessions.ts';
import { Scopes } from './vars/scopes.ts';
import type { PlayVars } from './vars/play-vars.ts';
import type { LayeredScope } from '../vars/scope.ts';
import type { WalkEnd } from './walk/walk.ts';

/** Runs one play on its hosts, batch after batch. False when the run must not go on to the next play. */
export async function runPlay(context: RunContext, states: HostStates, play: Play): Promise<boolean> {
  const scopes = new Scopes(context, states);
  const hosts = hostsOf(context, play, scopes);
  const isIn = (host: string): boolean => states.of(host).out === undefined;
  const name = playName(context, play, scopes);
  const pass = (index: number, batches: number): void => {
    context.publish({ type: 'play.start', play: play.index, name, hosts: [], batch: index, batches });
    context.publish({ type: 'play.end', play: play.index });
  };
  const [first] = hosts.filter(isIn);
  if (first === undefined) {
    context.publish({ type: 'note', level: 'warning', code: 'no-hosts', message: `the play '${name}' has no hosts left or matched` });
    pass(0, 1);
    return true;
  }
  const prompted = await promptVars(context, play);
  const base = { play, name, prompted, hosts: play.order === 'inventory' ? hosts : hostsOf(context, play, scopes, 'inventory'), gathers: play.gatherFacts ?? context.settings.gathering !== 'explicit', exported: [] };
  const groups = batches(hosts, serialSteps(context, play, scopes.forNode(first, undefined, { ...base, files: new Map(), batch: hosts, active: () => hosts })));
  for (const [index, batch] of groups.entries()) {
    // Batches are cut before those who failed in earlier plays leave.
    const left = batch.filter(isIn);
    if (left.length === 0) {
      pass(index, groups.length);
      continue;
    }
    const goesOn = await runBatch(context, states, scopes, base, left, { index, count: groups.length });
    if (!goesOn || context.signal.aborted) return false;
    if (!left.some(isIn)) return false;
  }
  return true;
}

/**
 * Hosts from which on they begin their tasks one by one, however few of them at a time: they look ahead one after the other then, and answers come
 * in between (128 hosts x 500 tasks: 141 MB instead of 184). With fewer, what they all hold is little, and a turn of the event loop for each task is not.
 */
const MANY = 64;

/**
 * One host after the other, when it need not queue up to be one of those worked on at a time, and for its first task when it need not for a
 * connection: what it holds for the task would wait there with it.
 */
function turns(sessions: Sessions, forks: Semaphore): (host: string) => Promise<void> {
  const begun = new Set<string>();
  const next = pacer(() => forks.calm());
  const first = pacer(() => forks.calm().then(() => sessions.room?.()));
  return (host) => {
    if (begun.has(host)) return next();
    begun.add(host);
    return first();
  };
}

async function runBatch(context: RunContext, states: HostStates, scopes: Scopes, base: Omit<PlayVars, 'batch' | 'active' | 'files'>, hosts: readonly string[], place: { index: number; count: number }): Promise<boolean> {
  const { play } = base;
  const ended = new Set<string>();
  const active = (): readonly string[] => hosts.filter((host) => states.of(host).out === undefined && !ended.has(host));
  const files = new Map<string, readonly ReadonlyMap<string, Tree>[]>();
  const playVars: PlayVars = { ...base, files, batch: hosts, active };
  scopes.gathers = base.gathers;
  const boards = new Map<string, HandlerBoard>();
  const forks = new Semaphore(context.settings.forks);
  const batch: Batch = {
    context, states, scopes, playVars, boards,
    roleRuns: new Map(hosts.map((host) => [host, new RoleRuns()])), includes: new Map(),
    forks, turn: hosts.length > MANY ? turns(context.sessions, forks) : undefined,
    once: new Map(), refreshed: new Set(), carriedOut: new Set(), announced: new Set(), throttles: new Map(), answers: new Map(), asking: new Semaphore(1),
    phase: '', upcoming: new Map(), worksHere: false, stepping: context.settings.step,
  };
  for (const host of hosts) {
    boards.set(host, new HandlerBoard(play.handlers, (node) => nameOf(node, scopes.forNode(host, node, playVars), batch)));
  }
  context.publish({ type: 'play.start', play: play.index, name: base.name, hosts, batch: place.index, batches: place.count });
  for (const host of hosts) {
    files.set(host, await evaluate(batch, context.signal, () => playVarsFiles(context, play, scopes.forNode(host, undefined, playVars))));
  }
  const policy = failurePolicy(hosts, maxFailPercentage(batch), (host, end) => isFatal(batch, host, end));
  const rules = {
    active,
    forceHandlers: play.forceHandlers ?? context.settings.forceHandlers,
    leaves(host: string, end: WalkEnd): boolean {
      if (end.kind === 'ended') {
        if (end.scope !== 'role') ended.add(host);
      } else if (end.kind !== 'done' && !context.signal.aborted) states.of(host).out = end.kind === 'failed' && end.unreachable ? 'unreachable' : 'failed';
      const stops = policy.stops(host, end);
      if (stops && end.kind === 'ended') for (const each of hosts) ended.add(each);
      return stops;
    },
  };
  let goesOn = true;
  for (const [index, phase] of play.phases.entries()) {
    if (active().length === 0 && !rules.forceHandlers) break;
    const next = play.phases[index + 1];
    const flushes = !(phase.implicit && phase.name === 'roles' && next?.implicit === true && next.name === 'tasks');
    goesOn = await runPhase(batch, phase, { ...rules, flushes });
    if (!goesOn) break;
  }
  context.publish({ type: 'play.end', play: play.index });
  // A play that was ended by a meta action ends well; one that was stopped by failures ends the run.
  return goesOn || (active().length === 0 && hosts.every((host) => states.of(host).out === undefined));
}

function isFatal(batch: Batch, host: string, end: WalkEnd): boolean {
  const node = end.kind === 'failed' ? end.node : undefined;
  const directives = node?.directives ?? batch.playVars.play.directives;
  const place = { scope: batch.scopes.forNode(host, node, batch.playVars), environment: batch.context.environment };
  const fallback = batch.context.settings.anyErrorsFatal ?? false;
  if (orElse(fallback, () => flag(directives.anyErrorsFatal, place, fallback))) return true;
  return end.kind === 'failed' && !end.unreachable && orElse(false, () => flag(directives.runOnce, place, false));
}

/** A keyword without a value has failed the task already, and is no reason to stop the others. */
function orElse(fallback: boolean, ask: () => boolean): boolean {
  try {
    return ask();
  } catch (error) {
    if (inputErrorOf(error)) return fallback;
    throw error;
  }
}

function maxFailPercentage(batch: Batch): number | undefined {
  const { maxFailPercentage: tree } = batch.playVars.play;
  if (tree === undefined) return undefined;
  return number(tree, { scope: batch.scopes.forNode(batch.playVars.batch[0] ?? '', undefined, batch.playVars), environment: batch.context.environment }, 100);
}

/** The hosts of a play: its pattern (extra vars may stand in it), cut by `--limit`, in its order. */
function hostsOf(context: RunContext, play: Play, scopes: Scopes, order: Play['order'] = play.order): readonly string[] {
  const pattern = renderTree(play.hosts, scopes.forRun(play), context.environment);
  const patterns = isList(pattern) ? pattern.map(toText) : [toText(pattern)];
  const { limit } = context.settings;
  return selectHosts(context.inventory, patterns, { ...(limit !== undefined && { limit }), order, readFile: (path) => context.files.read(path) }).hosts;
}

function playName(context: RunContext, play: Play, scopes: Scopes): string {
  try {
    // Without a name of its own it is called as its hosts are.
    const unnamed = literalText(play.name) === literalText(play.hosts);
    return toText(renderTree(unnamed ? play.hosts : play.name, scopes.forRun(play), context.environment));
  } catch {
    return literalText(play.name) ?? '';
  }
}

function serialSteps(context: RunContext, play: Play, scope: LayeredScope): readonly SerialStep[] {
  if (play.serial === undefined) return [];
  const json = toJson(renderTree(play.serial, scope, context.environment));
  return (Array.isArray(json) ? json : [json]).map((step) => {
    // Taken for "all at once", a slip here would do what `serial` is there to prevent.
    if (!isSerialStep(step)) throw new InputError([problem('wrong-value', `'serial' comes to ${JSON.stringify(step)}, which is no number of hosts`, play.at, 'it must be a whole number such as 2, a share such as 30%, or a list of them')]);
    return step;
  });
}

async function promptVars(context: RunContext, play: Play): Promise<ReadonlyMap<string, Value>> {
  const answers = new Map<string, Value>();
  for (const each of play.varsPrompt) {
    if (context.extraVars.has(each.name)) continue;
    const fallback = each.default === undefined || typeof each.default === 'object' ? undefined : String(each.default);
    const text = `${each.prompt}${fallback !== undefined && !each.private ? ` [${fallback}]` : ''}: `;
    const answer = await askTwice(context, text, each.private, each.confirm);
    const value = answer === undefined || answer === '' ? (fallback ?? '') : answer;
    // A default stands in the playbook for everybody to read.
    if (each.private && value !== fallback) context.secret(value);
    answers.set(each.name, fromJson(value));
  }
  return answers;
}

async function askTwice(context: RunContext, text: string, hidden: boolean, confirm: boolean): Promise<string | undefined> {
  for (;;) {
    const answer = await context.prompt(text, !hidden);
    if (!confirm || answer === undefined || answer === (await context.prompt(`confirm ${text}`, !hidden))) return answer;
    context.publish({ type: 'note', level: 'warning', code: 'prompt', message: 'the two answers differ; once more' });
  }
}
