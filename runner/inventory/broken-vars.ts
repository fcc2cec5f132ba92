import type { Environment } from '../expr/scope.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { checkTree, templatesIn } from '../template/render.ts';
import type { Tree } from '../template/tree.ts';
import type { Inventory } from './model.ts';

/** Different templates that are looked at: in large inventories they repeat, or are made by programs. */
const MOST = 1000;

/**
 * Templates among the variables of hosts and groups that can never be rendered. Ansible says nothing of them until one is used, and
 * an inventory may serve other tools too: each is a warning. Every text is looked at once, wherever it stands.
 */
export function brokenVars({ hosts, groups, folders }: Inventory, environment: Environment): Diagnostic[] {
  const known = new Set<string>();
  const found: Diagnostic[] = [];
  const look = (vars: ReadonlyMap<string, Tree>): void => {
    if (known.size >= MOST) return;
    for (const tree of vars.values()) {
      for (const text of typeof tree === 'object' ? templatesIn(tree) : []) {
        if (known.has(text.text)) continue;
        known.add(text.text);
        for (const each of checkTree(text, environment)) found.push({ ...each, severity: 'warning', help: each.help ?? 'a task that uses this variable fails' });
      }
    }
  };
  for (const group of groups.values()) look(group.vars);
  for (const host of hosts.values()) look(host.vars);
  for (const folder of [folders.inventory, folders.playbook]) for (const layers of [...folder.group.values(), ...folder.host.values()]) for (const layer of layers) look(layer.vars);
  return found;
}
