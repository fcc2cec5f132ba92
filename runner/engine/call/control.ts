import { setTimeout as sleep } from 'node:timers/promises';
import { compileExpression } from '../../expr/compile.ts';
import { toJson } from '../../expr/convert.ts';
import { isList } from '../../expr/value.ts';
import { growInventory, joinGroup, replaceInventory } from '../grow-inventory.ts';
import { TaskFailure } from '../../task/failure.ts';
import type { Control } from '../../task/control.ts';
import { literalText } from '../../plan/literal.ts';
import { TemplateText, type Tree } from '../../template/tree.ts';
import type { Call } from './call.ts';
import { stateOf } from '../batch.ts';
import { flag } from '../task/keywords.ts';
import { loadVars } from './load-vars.ts';
import type { HostState } from '../host-state.ts';
import type { Steer } from './result.ts';
import { variables } from './invoke.ts';

const STEERS: readonly string[] = ['flush_handlers', 'end_host', 'end_play', 'end_batch', 'end_role'] satisfies Steer[];

/** The run as a control module sees it, and what a meta action asked for in the end. */
export function controlFor(call: Call): { control: Control; steer: () => Steer | undefined } {
  const { batch, node, host, scope, signal } = call;
  const { context } = batch;
  const state = stateOf(batch, host);
  let steer: Steer | undefined;
  const expression = (parameter: string, index?: number): Tree => {
    const given = node.args instanceof Map ? (node.args as ReadonlyMap<string, Tree>).get(parameter) : undefined;
    return (isListTree(given) && index !== undefined ? given[index] : given) ?? null;
  };
  const control: Control = {
    hostname: host,
    check: call.check,
    verbosity: context.settings.verbosity,
    signal,
    expressionText: (parameter, index) => textOf(expression(parameter, index)),
    evaluate(parameter, index) {
      const given = expression(parameter, index);
      if (typeof given !== 'string' && !(given instanceof TemplateText)) return toJson(given as never);
      const origin = given instanceof TemplateText ? given.origin : { file: node.at.file, at: () => node.argSpans.get(parameter)?.start ?? node.at.start };
      return toJson(compileExpression(bare(textOf(given)), origin, context.environment, 'condition').evaluate(scope));
    },
    variable(name) {
      const value = scope.lookup(name);
      return value === undefined ? undefined : toJson(value);
    },
    job(id, forget) {
      const job = state.jobs.get(id);
      if (forget) state.jobs.delete(id);
      return job && (job.result ? { result: job.result.json } : {});
    },
    setFacts(facts, cacheable) {
      const owners = owningStates(call);
      for (const [name, value] of variables(facts)) {
        for (const { vars } of owners) {
          vars.assign(name, value);
          if (cacheable) vars.learn(name, value);
        }
      }
    },
    includeVars: (request) => loadVars(call, request),
    addHost: (name, groups, vars) => growInventory(context.inventory, name, groups, vars),
    groupBy: (key, parents) => joinGroup(context.inventory, host, key, parents),
    prompt: (text, echo) => context.prompt(text, echo),
    sleep: (seconds) => sleep(seconds * 1000, undefined, { signal }),
    async meta(action) {
      if (STEERS.includes(action)) steer = action as Steer;
      else await act(call, action);
    },
    note: (level, message) => context.publish({ type: 'note', level, code: 'module', message, host }),
  };
  return { control, steer: () => steer };
}

async function act(call: Call, action: string): Promise<void> {
  const state = stateOf(call.batch, call.host);
  switch (action) {
    case 'noop':
      return;
    case 'clear_facts':
      state.vars.clearFacts();
      return;
    case 'clear_host_errors':
      for (const each of call.batch.states.all()) {
        if (each.out !== undefined) call.batch.context.publish({ type: 'host.state', host: each.name, state: 'cleared' });
        each.out = undefined;
      }
      return;
    case 'refresh_inventory':
      refresh(call);
      return;
    case 'reset_connection':
      await call.access().reconnect();
      return;
    default:
      throw new TaskFailure(`'${action}' is no meta action of Rollcall; there are: noop, ${STEERS.join(', ')}, clear_facts, clear_host_errors, refresh_inventory, reset_connection`);
  }
}

/** Reads the inventory again, once for all hosts; what the run itself added is gone. */
function refresh({ batch, node }: Call): void {
  const { inventory, reloadInventory } = batch.context;
  if (!reloadInventory || batch.refreshed.has(node)) return;
  batch.refreshed.add(node);
  replaceInventory(inventory, reloadInventory());
}

/** Hosts whose variables a task sets: what runs once sets them for all, `delegate_facts` for the other host. */
export function owningStates(call: Call): readonly HostState[] {
  if (delegatesFacts(call)) return [call.batch.states.of(call.worked)];
  const { batch, host, node, scope } = call;
  const once = flag(node.directives.runOnce, { scope, environment: batch.context.environment }, false);
  return (once ? batch.playVars.active() : [host]).map((each) => stateOf(batch, each));
}

function delegatesFacts(call: Call): boolean {
  return call.worked !== call.host && flag(call.node.directives.delegateFacts, { scope: call.scope, environment: call.batch.context.environment }, false);
}

function isListTree(tree: Tree | undefined): tree is readonly Tree[] {
  return isList(tree);
}

function textOf(tree: Tree): string {
  return literalText(tree) ?? '';
}

/** `var: "{{ x }}"` is meant as `var: x`. */
function bare(text: string): string {
  return /^\s*\{\{(.*)\}\}\s*$/s.exec(text)?.[1] ?? text;
}
