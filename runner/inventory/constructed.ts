import type { Compiled } from '../expr/compile.ts';
import { refuseUndefined, toText, truthy } from '../expr/convert.ts';
import { ExpressionError } from '../expr/errors.ts';
import { Callable, isList, isMapping, type Value } from '../expr/value.ts';
import type { Environment } from '../expr/scope.ts';
import { didYouMean } from '../util/suggest.ts';
import type { YamlMapping, YamlNode, YamlScalar } from '../source/yaml-node.ts';
import type { Tree } from '../template/tree.ts';
import { addChild, addGroup, addHost } from './change.ts';
import { compileScalar } from './config-expression.ts';
import { asFlag } from './connection-vars.ts';
import { HostScope } from './host-scope.ts';
import { readKeyedGroup, type KeyedGroup } from './keyed-group.ts';
import type { Inventory } from './model.ts';
import { scalarText } from './scalar-text.ts';
import { refuse, safeGroupName, type Reading } from './source.ts';

const OPTIONS = ['plugin', 'strict', 'compose', 'groups', 'keyed_groups', 'use_vars_plugins', 'use_extra_vars', 'leading_separator', 'cache'];

/** What the expressions of a `constructed` file see. */
export interface Surroundings {
  readonly environment: Environment;
  /** The inventory with the folders of variables read so far, for `use_vars_plugins`. */
  readonly withFolders: () => Inventory;
}

/** Reads a YAML file with a `plugin:` key: `constructed` makes variables and groups from those of the hosts read before. */
export function readPluginConfig(reading: Reading, root: YamlMapping, plugin: YamlNode, surroundings: Surroundings): void {
  const name = plugin.kind === 'scalar' ? scalarText(plugin) : '';
  if (name !== 'constructed' && name !== 'ansible.builtin.constructed') {
    refuse(reading, 'inventory-plugin', `the inventory plugin '${name}' is not known`, plugin.span, didYouMean(name, ['constructed'], 'constructed is; for others use an inventory script'));
    return;
  }
  for (const { key } of root.entries) {
    const option = scalarText(key);
    if (!OPTIONS.includes(option)) refuse(reading, 'inventory-plugin', `constructed has no option '${option}'`, key.span, didYouMean(option, OPTIONS));
  }
  const recipe = readRecipe(reading, root, surroundings.environment);
  const inventory = isOn(root, 'use_vars_plugins') ? surroundings.withFolders() : reading.inventory;
  for (const host of reading.inventory.hosts.keys()) construct(reading, recipe, host, inventory, surroundings.environment);
}

interface Part {
  readonly name: string;
  readonly at: YamlScalar;
  readonly compiled: Compiled;
}

interface Recipe {
  readonly strict: boolean;
  readonly compose: readonly Part[];
  readonly groups: readonly Part[];
  readonly keyed: readonly KeyedGroup[];
}

function readRecipe(reading: Reading, root: YamlMapping, environment: Environment): Recipe {
  const keyed = option(root, 'keyed_groups');
  const leading = !isOff(root, 'leading_separator');
  if (keyed && keyed.kind !== 'sequence' && !isNull(keyed)) refuse(reading, 'inventory-plugin', 'keyed_groups must be a list', keyed.span);
  return {
    strict: isOn(root, 'strict'),
    compose: parts(reading, root, 'compose', environment),
    groups: parts(reading, root, 'groups', environment),
    keyed: keyed?.kind === 'sequence' ? keyed.items.flatMap((item) => readKeyedGroup(reading, item, leading, environment) ?? []) : [],
  };
}

function parts(reading: Reading, root: YamlMapping, name: string, environment: Environment): readonly Part[] {
  const node = option(root, name);
  if (!node || isNull(node)) return [];
  if (node.kind !== 'mapping') {
    refuse(reading, 'inventory-plugin', `${name} must be a dict of expressions`, node.span);
    return [];
  }
  return node.entries.flatMap(({ key, value }) => {
    const compiled = compileScalar(reading, value, environment, name === 'groups' ? 'condition' : 'template');
    return compiled ? [{ name: scalarText(key), at: key, compiled }] : [];
  });
}

function construct(reading: Reading, recipe: Recipe, host: string, inventory: Inventory, environment: Environment): void {
  const attempt = (what: string, at: YamlScalar, action: () => void): void => {
    try {
      action();
    } catch (error) {
      // Without `strict` a host that lacks something is just passed over.
      if (!(error instanceof ExpressionError)) throw error;
      if (recipe.strict) refuse(reading, 'inventory-plugin', `${what} for the host '${host}': ${error.message}`, at.span);
    }
  };
  let scope = new HostScope(inventory, host, environment);
  for (const { name, at, compiled } of recipe.compose) {
    attempt(`cannot compose '${name}'`, at, () => void reading.inventory.hosts.get(host)?.vars.set(name, settled(compiled.evaluate(scope))));
  }
  if (recipe.compose.length > 0) scope = new HostScope(inventory, host, environment);
  for (const { name, at, compiled } of recipe.groups) {
    attempt(`cannot decide on the group '${name}'`, at, () => {
      if (truthy(compiled.evaluate(scope))) addHost(reading.inventory, host, { group: safeGroupName(name) });
    });
  }
  for (const keyed of recipe.keyed) {
    attempt('cannot find the group', keyed.at, () => {
      const { names, parent } = keyed.groups(scope);
      for (const name of names) {
        addHost(reading.inventory, host, { group: name });
        if (parent === undefined) continue;
        addGroup(reading.inventory, parent);
        const wrong = addChild(reading.inventory, parent, name);
        if (wrong) refuse(reading, 'group-loop', wrong, keyed.at.span);
      }
    });
  }
}

/** A computed value as plain data: its texts are not templates. */
function settled(value: Value): Tree {
  refuseUndefined(value);
  if (value instanceof Callable) throw new ExpressionError('a function cannot be a variable');
  if (isList(value)) return value.map(settled);
  if (isMapping(value)) return new Map([...value.keys()].map((key) => [toText(key), settled(value.get(key) ?? null)]));
  return value as Tree;
}

function option(root: YamlMapping, name: string): YamlNode | undefined {
  return root.entries.find(({ key }) => key.value === name)?.value;
}

function isOn(root: YamlMapping, name: string): boolean {
  const node = option(root, name);
  return node?.kind === 'scalar' && asFlag(scalarText(node)) === true;
}

function isOff(root: YamlMapping, name: string): boolean {
  const node = option(root, name);
  return node?.kind === 'scalar' && asFlag(scalarText(node)) === false;
}

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
