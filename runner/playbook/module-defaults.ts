import { problem, warning } from '../source/diagnostic.ts';
import { didYouMean } from '../util/suggest.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import type { Tree } from '../template/tree.ts';
import type { Loading } from './load-context.ts';
import { checkNames } from './params.ts';
import { keyText, kindOf } from './yaml-fields.ts';

/** `module_defaults`: parameters by module. The names of modules become the registry's. */
export function moduleDefaultsOf(node: YamlNode, loading: Loading): Tree {
  if (node.kind !== 'mapping') {
    if (node.kind === 'scalar' && typeof node.value === 'string' && node.value.includes('{{')) return loading.tree(node);
    loading.report(problem('wrong-type', `'module_defaults' must be a mapping, not ${kindOf(node)}`, node.span, 'write MODULE: {parameter: value}'));
    return new Map();
  }
  const defaults = new Map<string, Tree>();
  for (const { key, value } of node.entries) {
    const word = keyText(key);
    if (word.startsWith('group/')) {
      loading.report(warning('unknown-group', `no modules here belong to the group '${word.slice('group/'.length)}': its defaults have no effect`, key.span));
      continue;
    }
    const module = loading.registry.find(word);
    if (!module) {
      loading.report(
        warning('unknown-module', `there is no module '${word}': its defaults have no effect`, key.span, didYouMean(word, loading.registry.names)),
      );
      continue;
    }
    if (value.kind === 'mapping') {
      const spans = new Map(value.entries.map((entry) => [keyText(entry.key), entry.key.span]));
      for (const each of checkNames(module, spans.keys(), spans, key.span)) loading.report(each);
    }
    defaults.set(module.definition.name, loading.tree(value));
  }
  return defaults;
}
