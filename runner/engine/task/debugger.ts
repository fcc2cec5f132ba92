import { setImmediate as immediately } from 'node:timers/promises';
import { compileExpression } from '../../expr/compile.ts';
import { fromJson, toText } from '../../expr/convert.ts';
import { Undefined, type Value } from '../../expr/value.ts';
import { prettyPrint } from '../../expr/filters/pretty-print.ts';
import type { TaskNode } from '../../playbook/model.ts';
import { SourceFile } from '../../source/file.ts';
import { renderTree } from '../../template/render.ts';
import { TemplateText, type Tree } from '../../template/tree.ts';
import { PromptCancelled } from '../../util/prompt-cancelled.ts';
import type { LayeredScope } from '../../vars/scope.ts';
import type { Batch } from '../batch.ts';
import { type DebuggerCommand, debuggerCommand } from './debugger-command.ts';
import { evaluate } from '../vars/evaluate.ts';
import { CENSORED } from './perform.ts';
import { nameOf } from '../call/prepare-call.ts';
import { type Result, resultValue } from '../call/result.ts';

/** What a person changed of a task on one host, for the tries that follow. */
export interface Amendments {
  readonly args: Map<string, Value>;
  readonly removed: Set<string>;
  readonly vars: Map<string, Value>;
}

/** One result that a person is asked about. */
export interface DebuggerCase {
  readonly batch: Batch;
  readonly host: string;
  readonly node: TaskNode;
  readonly result: Result;
  readonly amendments: Amendments;
  /** `no_log`: neither arguments nor result are shown. */
  readonly censored: boolean;
}

const HELP = [
  'p EXPRESSION               show a value: task, task.args, task_vars, host, result, or any variable',
  "task.args['KEY'] = VALUE   another argument for the next try; del task.args['KEY'] leaves it out",
  "task_vars['KEY'] = VALUE   another variable for the next tries",
  'u, update_task             the arguments as the playbook has them, with the variables as they are now',
  'r, redo                    try again',
  'c, continue                go on with this result',
  'q, quit                    end the run',
].join('\n');

/** Whether `debugger` (or a debugger for everything) wants a person to look at a result. `ignored`: by `ignore_errors`. */
export function wantsDebugger(batch: Batch, node: TaskNode, { status }: Result, ignored: boolean): boolean {
  const { settings } = batch.context;
  const failed = status === 'failed' && !(ignored && settings.debuggerIgnoresErrors !== false);
  switch (node.directives.debugger) {
    case 'always': return true;
    case 'never': return false;
    case 'on_failed': if (failed) return true; break;
    case 'on_unreachable': if (status === 'unreachable') return true; break;
    case 'on_skipped': if (status === 'skipped') return true; break;
    case undefined:
  }
  return (settings.debugger === true || batch.playVars.play.debugger === true) && (failed || status === 'unreachable');
}

/** Asks a person what to do about a result, one host at a time; without a terminal that is said once, and the result stands. @throws PromptCancelled */
export function askDebugger(each: DebuggerCase): Promise<'redo' | 'continue'> {
  return each.batch.asking.run(async () => {
    // What was decided on the host before shall stand there before the next question.
    await immediately();
    return converse(each);
  }, each.batch.context.signal);
}

async function converse(each: DebuggerCase): Promise<'redo' | 'continue'> {
  const { batch, host, node, result } = each;
  const { context } = batch;
  if (batch.states.unasked) return 'continue';
  const scope = batch.scopes.forNode(host, node, batch.playVars, each.amendments.vars);
  const question = `[${host}] TASK: ${nameOf(node, scope, batch)} (debug)> `;
  let said = `${host}: ${result.status}${typeof result.json['msg'] === 'string' && !each.censored ? `: ${result.json['msg']}` : ''}`;
  for (;;) {
    const line = await context.prompt(`${said === '' ? '' : `${said}\n`}${question}`, true);
    if (line === undefined) {
      batch.states.unasked = true;
      context.publish({ type: 'note', level: 'warning', code: 'no-terminal', message: 'the debugger was asked for, and there is no terminal: the run goes on without it' });
      return 'continue';
    }
    const command = debuggerCommand(line);
    if (command.kind === 'redo' || command.kind === 'continue') return command.kind;
    if (command.kind === 'quit') throw new PromptCancelled('stopped at the debugger');
    said = await answer(command, each).catch((error: unknown) => `*** ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function answer(command: DebuggerCommand, each: DebuggerCase): Promise<string> {
  const { args, removed, vars } = each.amendments;
  switch (command.kind) {
    case 'print':
      return prettyPrint(await valueOf(command.expression, each));
    case 'assign': {
      const key = toText(await valueOf(command.key, each));
      const value = await valueOf(command.value, each);
      (command.what === 'args' ? args : vars).set(key, value);
      if (command.what === 'args') removed.delete(key);
      return '';
    }
    case 'delete': {
      const key = toText(await valueOf(command.key, each));
      args.delete(key);
      removed.add(key);
      return '';
    }
    case 'update':
      args.clear();
      removed.clear();
      return '';
    case 'unknown':
      return `*** '${command.text}' is no command\n${HELP}`;
    case 'help':
      return HELP;
    default:
      return '';
  }
}

async function valueOf(text: string, each: DebuggerCase): Promise<Value> {
  const { batch, host, node, result, amendments, censored } = each;
  const { environment, signal } = batch.context;
  const file = new SourceFile('debugger', text);
  const compiled = compileExpression(text, { file, at: (offset) => offset }, environment, 'condition');
  return evaluate(batch, signal, () => {
    const scope = batch.scopes.forNode(host, node, batch.playVars, amendments.vars);
    const hidden = fromJson(CENSORED);
    const own = new Map<string, Value>([
      ['host', host],
      ['result', censored ? hidden : new Map<Value, Value>([['_result', resultValue(result)], ...entries(resultValue(result))])],
      ['task', new Map<Value, Value>([['name', nameOf(node, scope, batch)], ['action', node.module], ['args', censored ? hidden : shownArgs(amended(node, amendments), scope, batch)]])],
      ['task_vars', scope.lookup('vars') ?? null],
    ]);
    const value = compiled.evaluate(scope.with({ kind: 'data', vars: own }));
    if (value instanceof Undefined) throw new Error(`'${text}' is undefined`);
    return value;
  });
}

function entries(value: Value): [Value, Value][] {
  return value instanceof Map ? [...(value as ReadonlyMap<Value, Value>)] : [];
}

/** Arguments one by one: what cannot be worked out is shown as it was written. */
function shownArgs(node: TaskNode, scope: LayeredScope, batch: Batch): Value {
  const { environment } = batch.context;
  if (!(node.args instanceof Map)) return renderTree(node.args, scope, environment);
  return new Map([...(node.args as ReadonlyMap<string, Tree>)].map(([name, tree]): [Value, Value] => {
    try {
      return [name, renderTree(tree, scope, environment)];
    } catch (error) {
      if (!(tree instanceof TemplateText)) throw error;
      return [name, tree.text];
    }
  }));
}

/** A task with what was changed of its arguments. */
export function amended(node: TaskNode, { args, removed }: Amendments): TaskNode {
  if (args.size + removed.size === 0 || !(node.args === null || node.args instanceof Map)) return node;
  const own = new Map<string, Tree>([...((node.args ?? new Map()) as ReadonlyMap<string, Tree>), ...([...args] as [string, Tree][])]);
  for (const name of removed) own.delete(name);
  return { ...node, args: own };
}
