import { problem } from '../source/diagnostic.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import type { Tree } from '../template/tree.ts';
import { firstExisting } from './find-file.ts';
import { startLoading, type LoadContext, type Loading } from './load-context.ts';
import { keyText, isNothing, kindOf } from './yaml-fields.ts';

/** A `vars:` section: a mapping of variable names, or (older) a list of such mappings. */
export function varsOf(node: YamlNode, loading: Loading): ReadonlyMap<string, Tree> {
  const vars = new Map<string, Tree>();
  if (isNothing(node)) return vars;
  for (const part of node.kind === 'sequence' ? node.items : [node]) {
    if (part.kind !== 'mapping') {
      loading.report(problem('wrong-type', `'vars' must be a mapping, not ${kindOf(part)}`, part.span, 'write one name: value a line'));
      continue;
    }
    for (const { key, value } of part.entries) {
      if (typeof key.value !== 'string' || !isVariableName(key.value)) {
        const shown = typeof key.value === 'object' ? '' : ` '${keyText(key)}'`;
        loading.report(
          problem(
            'variable-name',
            `a variable cannot be called${shown}`,
            key.span,
            'a name has letters, digits and underscores, and does not begin with a digit',
          ),
        );
        continue;
      }
      vars.set(key.value, loading.tree(value));
    }
  }
  return vars;
}

/** The variables of a whole file (role defaults, role vars); any key is taken, as Ansible does there. */
export function varsOfFile(path: string, loading: Loading): ReadonlyMap<string, Tree> {
  const document = loading.document(path);
  const vars = new Map<string, Tree>();
  if (document === undefined || document === null || isNothing(document)) return vars;
  if (document.kind !== 'mapping') {
    loading.report(problem('wrong-type', `a vars file must be a mapping, not ${kindOf(document)}`, document.span));
    return vars;
  }
  for (const { key, value } of document.entries) vars.set(keyText(key), loading.tree(value));
  return vars;
}

/** The variables of the first of some files that exists; undefined when there is none, or what it holds cannot be used. */
export function varsFromFirst(paths: readonly string[], context: LoadContext): ReadonlyMap<string, Tree> | undefined {
  const loading = startLoading(context);
  const path = firstExisting(paths, loading);
  if (path === undefined) return undefined;
  const vars = varsOfFile(path, loading);
  return loading.diagnostics.some((each) => each.severity === 'error') ? undefined : vars;
}

/** True for names that expressions can use. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}
