import { containsUnknown, fromJson, toJson, toText } from '../../expr/convert.ts';
import { isMapping, type Value } from '../../expr/value.ts';
import { coerceParams } from '../../playbook/coerce.ts';
import type { TaskNode } from '../../playbook/model.ts';
import { problem } from '../../source/diagnostic.ts';
import { formatDiagnostic } from '../../source/excerpt.ts';
import { didYouMean } from '../../util/suggest.ts';
import type { Module } from '../../task/registry.ts';
import { TaskFailure } from '../../task/failure.ts';
import { checked, fieldsOf } from '../../task/params.ts';
import type { LayeredScope } from '../../vars/scope.ts';
import { hasTemplate, literalTree } from '../../template/from-yaml.ts';
import { renderData, renderTree } from '../../template/render.ts';
import { TemplateText, type Tree } from '../../template/tree.ts';
import type { Environment } from '../../expr/scope.ts';
import type { Json, JsonObject } from '../../util/json.ts';
import type { z } from 'zod';

/** Arguments of a task that cannot be known in check mode. */
export class UnknownArguments extends Error {
  override readonly name = 'UnknownArguments';
}

/** Renders a task's arguments with its defaults merged in. @throws UnknownArguments, UndefinedError, TaskFailure */
function renderArguments(node: TaskNode, module: Module, scope: LayeredScope, environment: Environment): Json {
  const render = module.kind === 'control' && module.definition.templatedNames === true ? renderData : renderTree;
  const rendered = render(prepared(node, module, scope, environment), scope, environment);
  const merged = withDefaults(rendered, node, scope, environment);
  const unknown = containsUnknown(merged);
  if (unknown) throw new UnknownArguments(unknown.because);
  const json = toJson(merged);
  if (json === null) return {};
  if (typeof json !== 'object' || Array.isArray(json)) throw new TaskFailure(`the arguments of '${node.module}' must be a dict, not ${typeof json === 'object' ? 'a list' : `'${String(json)}'`}`);
  return json;
}

/** Arguments with what is special about those of some control modules: bare expressions, names that are templates. */
function prepared(node: TaskNode, module: Module, scope: LayeredScope, environment: Environment): Tree {
  if (module.kind !== 'control' || !(node.args instanceof Map)) return node.args;
  const { expressions = [], templatedNames } = module.definition;
  const entries = [...(node.args as ReadonlyMap<string, Tree>)];
  if (expressions.length > 0) return new Map(entries.map(([name, tree]) => [name, expressions.includes(name) ? unrendered(tree) : tree]));
  if (templatedNames !== true || !entries.some(([name]) => hasTemplate(name))) return node.args;
  const origin = { file: node.at.file, at: () => node.at.start };
  return new Map(entries.map(([name, tree]) => [hasTemplate(name) ? toText(renderTree(new TemplateText(name, origin), scope, environment)) : name, tree]));
}

/** Bare expressions are handed over as their texts. */
function unrendered(tree: Tree): Tree {
  if (tree instanceof TemplateText) return tree.text;
  return Array.isArray(tree) ? tree.map((each: Tree) => unrendered(each)) : tree;
}

function withDefaults(args: Value, node: TaskNode, scope: LayeredScope, environment: Environment): Value {
  if (!isMapping(args) || node.directives.moduleDefaults.length === 0) return args;
  const merged = new Map<Value, Value>();
  for (const layer of node.directives.moduleDefaults) {
    const defaults = renderTree(layer, scope, environment);
    if (!isMapping(defaults)) continue;
    for (const name of [node.module, `ansible.builtin.${node.module}`, `ansible.posix.${node.module}`, `community.general.${node.module}`]) {
      const own = defaults.get(name);
      if (isMapping(own)) for (const key of own.keys()) merged.set(key, own.get(key) ?? null);
    }
  }
  for (const key of args.keys()) merged.set(key, args.get(key) ?? null);
  return merged;
}

/** What arguments without a template came to: the same on every host, so checked once. */
const literals = new WeakMap<TaskNode, { readonly params: unknown } | 'rendered'>();

/** A task's arguments, rendered and checked against the module's schema. @throws what `renderArguments` and `validated` do */
export function taskParams(node: TaskNode, module: Module, scope: LayeredScope, environment: Environment): unknown {
  let known = literals.get(node);
  if (!known) {
    const json = module.kind === 'control' || node.directives.moduleDefaults.length > 0 ? undefined : literalTree(node.args);
    known = json === undefined || (typeof json !== 'object' && json !== null) || Array.isArray(json) ? 'rendered' : { params: frozen(validated(node, module.definition.params, json ?? {})) };
    literals.set(node, known);
  }
  return known === 'rendered' ? validated(node, module.definition.params, renderArguments(node, module, scope, environment)) : known.params;
}

/** Nobody may change for one host what all share. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || !(Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}

/** Checks rendered arguments against the module's schema. @throws TaskFailure naming parameter, place and fix */
function validated(node: TaskNode, schema: z.ZodType, args: Json): unknown {
  const outcome = checked(schema, coerceParams(schema, args));
  if (outcome.success) return outcome.data;
  const messages = outcome.error.issues.map((issue) => {
    const parameter = String(issue.path[0] ?? '');
    const span = node.argSpans.get(parameter) ?? node.argSpans.get('') ?? node.at;
    if (issue.code === 'unrecognized_keys') {
      const known = Object.keys(fieldsOf(schema));
      return formatDiagnostic(problem('unknown-parameter', `'${issue.keys.join("', '")}' is no parameter of '${node.module}'`, span, didYouMean(issue.keys[0] ?? '', known)));
    }
    const where = issue.path.length > 0 ? `parameter '${issue.path.join('.')}' of '${node.module}'` : `parameters of '${node.module}'`;
    return formatDiagnostic(problem('bad-parameter', `${where}: ${issue.message}`, span));
  });
  throw new TaskFailure(messages.join('\n'));
}

/** A JSON object as variables. */
export function variables(json: JsonObject): Map<string, Value> {
  return new Map(Object.entries(json).map(([name, value]) => [name, fromJson(value)]));
}
