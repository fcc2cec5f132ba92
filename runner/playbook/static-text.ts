import type { Scope } from '../expr/scope.ts';
import { problem } from '../source/diagnostic.ts';
import { spanAt } from '../source/span.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import { treeFromYaml } from '../template/from-yaml.ts';
import { checkTree, freeNames, renderTree } from '../template/render.ts';
import { TemplateText, type Tree } from '../template/tree.ts';
import type { Loading } from './load-context.ts';
import { kindOf, scalarText } from './yaml-fields.ts';

/** A text that must be known before the run: written out, or with extra variables in it. Undefined after a diagnostic. */
export function staticText(node: YamlNode, what: string, loading: Loading, more: ReadonlyMap<string, string> = new Map()): string | undefined {
  const text = scalarText(node);
  if (text === undefined || node.kind !== 'scalar') {
    loading.report(problem('wrong-type', `${what} must be a text, not ${kindOf(node)}`, node.span));
    return undefined;
  }
  const tree = treeFromYaml(node);
  const names = new Set(free(tree, loading));
  if (!(tree instanceof TemplateText)) return text;
  const unknown = [...names].filter((name) => !more.has(name) && !loading.extraVars.has(name));
  const problems = checkTree(tree, loading.environment);
  for (const each of problems) loading.report(each);
  for (const name of unknown) {
    const at = Math.max(0, text.indexOf(name));
    loading.report(
      problem(
        'static-template',
        `${what} must be known before the run, and '${name}' is not`,
        spanAt(tree.origin, at, at + name.length),
        `give it with -e ${name}=…, or use a dynamic include`,
      ),
    );
  }
  return unknown.length > 0 || problems.length > 0 ? undefined : rendered(tree, what, loading, more);
}

function free(tree: Tree, { environment }: Loading): ReadonlySet<string> {
  return checkTree(tree, environment).length > 0 ? new Set() : freeNames(tree, environment);
}

function rendered(tree: TemplateText, what: string, { extraVars, environment, report }: Loading, more: ReadonlyMap<string, string>): string | undefined {
  const scope: Scope = {
    lookup: (name) => {
      const given = extraVars.get(name);
      return more.get(name) ?? (given === undefined ? undefined : renderTree(given, scope, environment));
    },
  };
  try {
    const value = renderTree(tree, scope, environment);
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    report(problem('static-template', `${what} must be a text`, spanAt(tree.origin, 0, tree.text.length)));
  } catch (error) {
    report(
      problem(
        'static-template',
        `${what} cannot be rendered: ${error instanceof Error ? error.message : String(error)}`,
        spanAt(tree.origin, 0, tree.text.length),
      ),
    );
  }
  return undefined;
}
