import { fromJson, toText } from '../../expr/convert.ts';
import { UndefinedError } from '../../expr/errors.ts';
import type { Environment } from '../../expr/scope.ts';
import { isList, Tuple, Unknown, type Value } from '../../expr/value.ts';
import type { Loop, Node } from '../../playbook/model.ts';
import { renderData, renderTree } from '../../template/render.ts';
import type { Tree } from '../../template/tree.ts';
import { TaskFailure } from '../../task/failure.ts';
import type { LayeredScope } from '../../vars/scope.ts';
import { UnknownArguments } from '../call/invoke.ts';
import { flag } from './keywords.ts';

/** One passage of a loop. */
export interface Item {
  /** Name of the loop variable. */
  readonly variable: string;
  /** Loop variable, index variable, `ansible_loop`, and the names of the first two. */
  readonly locals: ReadonlyMap<string, Value>;
  /** What reports show. */
  readonly label: string;
}

/** The passages of a loop, ready to run. @throws TaskFailure when it does not run over a list */
export function loopItems(node: Node, loop: Loop | undefined, scope: LayeredScope, environment: Environment): Item[] {
  if (!loop) return [];
  const values = loopValues(node, loop, scope, environment);
  const place = { scope, environment };
  const extended = flag(loop.extended, place, false);
  const allItems = flag(loop.extendedAllItems, place, true);
  const variable = nameOf(loop.variable, scope, environment);
  const indexVariable = loop.indexVariable === undefined ? undefined : nameOf(loop.indexVariable, scope, environment);
  return values.map((value, index) => {
    const locals = new Map<string, Value>([[variable, value], ['ansible_loop_var', variable]]);
    if (indexVariable !== undefined) locals.set(indexVariable, index).set('ansible_index_var', indexVariable);
    if (extended) locals.set('ansible_loop', extendedLoop(values, index, allItems));
    return { variable, locals, label: labelOf(loop, value, locals, scope, environment) };
  });
}

function nameOf(tree: Tree, scope: LayeredScope, environment: Environment): string {
  const name = toText(renderTree(tree, scope, environment));
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new TaskFailure(`'${name}' cannot be the name of a loop's variable: it has letters, digits and underscores`);
  return name;
}

function loopValues(node: Node, loop: Loop, scope: LayeredScope, environment: Environment): readonly Value[] {
  const rendered = loop.kind === 'first_found' && Array.isArray(loop.items) ? definedTerms(loop.items as readonly Tree[], scope, environment) : renderData(loop.items, scope, environment);
  if (rendered instanceof Unknown) throw new UnknownArguments(rendered.because);
  if (loop.kind === 'loop') {
    if (isList(rendered)) return rendered.map(asLists);
    throw new TaskFailure(`'loop' needs a list, not ${typeof rendered === 'string' ? `the text '${rendered}'` : toText(rendered)}${typeof rendered === 'string' ? '; write [ ] around a single item' : ''}`);
  }
  const lookup = environment.lookups.get(loop.kind);
  if (!lookup) throw new TaskFailure(`there is no lookup '${loop.kind}' for 'with_${loop.kind}' (${node.at.file.path})`);
  const terms = isList(rendered) ? rendered : [rendered];
  return lookup(terms, new Map(), { scope, environment, kind: kindOf(node) }).map(asLists);
}

/** Of `with_first_found` a name that uses something undefined stands for no file: the next one is tried. */
function definedTerms(items: readonly Tree[], scope: LayeredScope, environment: Environment): readonly Value[] | Unknown {
  const terms: Value[] = [];
  for (const item of items) {
    try {
      const term = renderData(item, scope, environment);
      if (term instanceof Unknown) return term;
      terms.push(term);
    } catch (error) {
      if (!(error instanceof UndefinedError)) throw error;
    }
  }
  return terms;
}

/** The folder of the role in which a loop's files lie goes by the task's module: `include_vars` looks in vars, `template` in templates. */
function kindOf(node: Node): 'files' | 'templates' | 'vars' {
  const module = node.kind === 'task' ? node.module : '';
  return module.includes('template') ? 'templates' : module.includes('var') ? 'vars' : 'files';
}

/** Items are templated once more in Ansible, which makes lists of tuples. */
function asLists(value: Value): Value {
  return value instanceof Tuple ? Array.from(value, asLists) : value;
}

function extendedLoop(values: readonly Value[], index: number, allItems: boolean): Value {
  const length = values.length;
  const entries: [string, Value][] = [
    ['index', index + 1], ['index0', index], ['first', index === 0], ['last', index + 1 === length],
    ['length', length], ['revindex', length - index], ['revindex0', length - index - 1],
    ...(allItems ? [['allitems', values] as [string, Value]] : []),
  ];
  if (index > 0) entries.push(['previtem', values[index - 1] ?? null]);
  if (index + 1 < length) entries.push(['nextitem', values[index + 1] ?? null]);
  return new Map<Value, Value>(entries);
}

function labelOf(loop: Loop, value: Value, locals: ReadonlyMap<string, Value>, scope: LayeredScope, environment: Environment): string {
  if (loop.label === undefined) return toText(value);
  return toText(renderTree(loop.label, scope.with({ kind: 'data', vars: locals }), environment) ?? fromJson(null));
}
