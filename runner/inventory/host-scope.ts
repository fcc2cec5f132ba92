import { ExpressionError } from '../expr/errors.ts';
import type { Environment, Scope } from '../expr/scope.ts';
import type { Value } from '../expr/value.ts';
import { renderTree } from '../template/render.ts';
import type { Tree } from '../template/tree.ts';
import { isNumericAddress } from './address.ts';
import type { Inventory } from './model.ts';
import { groupNames, hostLayers } from './vars.ts';

/** The variables of one host as far as the inventory alone knows them, rendered when asked for. */
export class HostScope implements Scope {
  readonly #environment: Environment;
  readonly #vars = new Map<string, Tree>();
  readonly #open = new Set<string>();

  constructor(inventory: Inventory, host: string, environment: Environment) {
    this.#environment = environment;
    for (const layer of hostLayers(inventory, host)) for (const [name, value] of layer.vars) this.#vars.set(name, value);
    this.#vars.set('inventory_hostname', host);
    this.#vars.set('inventory_hostname_short', isNumericAddress(host) ? host : (host.split('.')[0] ?? host));
    this.#vars.set('group_names', groupNames(inventory, host));
  }

  lookup(name: string): Value | undefined {
    const tree = this.#vars.get(name);
    if (tree === undefined) return undefined;
    if (this.#open.has(name)) throw new ExpressionError(`the variable '${name}' is defined by itself`);
    this.#open.add(name);
    try {
      return renderTree(tree, this, this.#environment);
    } finally {
      this.#open.delete(name);
    }
  }
}
