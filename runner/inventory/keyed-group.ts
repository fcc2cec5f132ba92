import type { Compiled } from '../expr/compile.ts';
import { toText, truthy } from '../expr/convert.ts';
import { ExpressionError } from '../expr/errors.ts';
import type { Environment, Scope } from '../expr/scope.ts';
import { isList, isMapping, type Value } from '../expr/value.ts';
import type { YamlMapping, YamlNode, YamlScalar } from '../source/yaml-node.ts';
import { didYouMean } from '../util/suggest.ts';
import { renderTree } from '../template/render.ts';
import { treeFromYaml } from '../template/from-yaml.ts';
import { compileScalar } from './config-expression.ts';
import { scalarText } from './scalar-text.ts';
import { refuse, safeGroupName, type Reading } from './source.ts';

/** One entry of `keyed_groups`: names of groups made from a variable's value. */
export interface KeyedGroup {
  readonly at: YamlScalar;
  /** @throws ExpressionError when the host lacks what the key needs */
  groups(scope: Scope): { readonly names: readonly string[]; readonly parent: string | undefined };
}

const FIELDS = ['key', 'prefix', 'separator', 'parent_group', 'default_value', 'trailing_separator'];

/** Reads an entry of `keyed_groups`; what is wrong with it is reported. */
export function readKeyedGroup(reading: Reading, node: YamlNode, leadingSeparator: boolean, environment: Environment): KeyedGroup | undefined {
  if (node.kind !== 'mapping') {
    refuse(reading, 'inventory-plugin', 'an entry of keyed_groups must be a dict', node.span);
    return undefined;
  }
  for (const { key } of node.entries) {
    const name = scalarText(key);
    if (!FIELDS.includes(name)) refuse(reading, 'inventory-plugin', `keyed_groups has no option '${name}'`, key.span, didYouMean(name, FIELDS));
  }
  const key = field(node, 'key');
  if (!key) {
    refuse(reading, 'inventory-plugin', 'an entry of keyed_groups needs a key', node.span);
    return undefined;
  }
  const form = naming(node, leadingSeparator);
  if (form.fallback !== undefined && field(node, 'trailing_separator')) {
    refuse(reading, 'inventory-plugin', 'default_value and trailing_separator exclude each other', node.span);
    return undefined;
  }
  const compiled = compileScalar(reading, key.value, environment, 'template');
  return compiled && { at: key.key, groups: (scope) => named(compiled, form, node, scope, environment) };
}

interface Naming {
  readonly prefix: string;
  readonly separator: string;
  readonly leading: string;
  readonly fallback: string | undefined;
  readonly trailing: boolean;
}

function naming(node: YamlMapping, leadingSeparator: boolean): Naming {
  const prefix = textField(node, 'prefix') ?? '';
  const separator = textField(node, 'separator') ?? '_';
  const trailing = field(node, 'trailing_separator')?.value;
  return {
    prefix,
    separator,
    leading: prefix === '' && !leadingSeparator ? '' : separator,
    fallback: textField(node, 'default_value'),
    trailing: !(trailing?.kind === 'scalar' && trailing.value === false),
  };
}

function named(compiled: Compiled, form: Naming, node: YamlMapping, scope: Scope, environment: Environment): { names: readonly string[]; parent: string | undefined } {
  const key = compiled.evaluate(scope);
  if (!truthy(key) && !(key === '' && form.fallback !== undefined)) {
    if (isList(key) || isMapping(key)) return { names: [], parent: undefined };
    throw new ExpressionError('the key is empty');
  }
  const parent = field(node, 'parent_group');
  const parentName = parent && toText(renderTree(treeFromYaml(parent.value), scope, environment));
  return {
    names: bareNames(key, form).map((bare) => safeGroupName(`${form.prefix}${form.leading}${bare}`)),
    parent: parentName ? safeGroupName(parentName) : undefined,
  };
}

function bareNames(key: Value, { separator, fallback, trailing }: Naming): readonly string[] {
  if (isList(key)) return key.map((each) => (each === '' && fallback !== undefined ? fallback : toText(each)));
  if (!isMapping(key)) return [key === '' && fallback !== undefined ? fallback : toText(key)];
  return [...key.keys()].map((name) => {
    const value = key.get(name) ?? null;
    if (value !== '') return `${toText(name)}${separator}${toText(value)}`;
    return fallback !== undefined ? `${toText(name)}${separator}${fallback}` : trailing ? `${toText(name)}${separator}` : toText(name);
  });
}

function field(node: YamlMapping, name: string): { readonly key: YamlScalar; readonly value: YamlNode } | undefined {
  return node.entries.find(({ key }) => key.value === name);
}

function textField(node: YamlMapping, name: string): string | undefined {
  const value = field(node, name)?.value;
  return value?.kind === 'scalar' && value.value !== null ? scalarText(value) : undefined;
}
