import type { Environment } from '../expr/scope.ts';
import type { Inventory } from '../inventory/model.ts';
import type { Play, Playbook } from '../playbook/model.ts';
import { problem, type Diagnostic } from '../source/diagnostic.ts';
import { sureTreeUses, type SpannedUse } from '../template/render.ts';
import { didYouMean } from '../util/suggest.ts';
import { MAGIC_NAMES, mayBeGiven } from '../vars/names.ts';
import { definitionsOf, inventoryNames, type Definitions, type Ground } from './definitions.ts';
import { sureUsesOf, type Walk } from './sure-walk.ts';

/** A run as far as it is known before it begins. */
export interface Known extends Pick<Walk, 'templateUses' | 'expressions'>, Ground {
  readonly inventory: Inventory;
  readonly environment: Environment;
  /** Whole, as written: what a tag leaves out may have been meant to define something. */
  readonly playbooks: readonly Playbook[];
  /** Cut down to what will run. */
  readonly selected: readonly Playbook[];
  /** Whether a play has hosts for sure. */
  readonly runs: (play: Play) => boolean;
}

/**
 * Variables that nothing in the run can define and that some host certainly comes to: docs/design/undefined.md says how both are
 * decided. Whatever is in doubt is left to the run.
 */
export function undefinedNames(known: Known): readonly Diagnostic[] {
  const definitions = definitionsOf(known.playbooks, known);
  const uses = sureUsesOf(known.selected.flatMap(({ plays }) => plays), known.runs, { ...known, definitions });
  const open = uses.filter(({ name }) => !mayBeGiven(name));
  if (open.length === 0) return [];
  const inventory = inventoryNames(known.inventory);
  const missing = new Map<string, SpannedUse[]>();
  for (const use of open.flatMap((each) => rootsOf(each, definitions, inventory, known.environment, new Set()))) {
    const places = missing.get(use.name) ?? [];
    if (!places.some(({ span }) => span.file.path === use.span.file.path && span.start === use.span.start)) places.push(use);
    missing.set(use.name, places);
  }
  const candidates = (): string[] => [...new Set([...definitions.names.keys(), ...inventory, ...MAGIC_NAMES])];
  return [...missing].map(([name, [first, ...others]]) => {
    const more = others.length === 0 ? '' : `, here and in ${others.length} more place${others.length === 1 ? '' : 's'}`;
    return problem('undefined-variable', `'${name}' is undefined${more}`, first?.span, didYouMean(name, candidates(), wayToDefine(name, first?.span.file.path ?? '')));
  });
}

/** The missing variables behind a use: the name itself, or those that the only value it can have is made of. */
function rootsOf(use: SpannedUse, definitions: Definitions, inventory: ReadonlySet<string>, environment: Environment, passed: Set<string>): readonly SpannedUse[] {
  const { name } = use;
  if (mayBeGiven(name) || inventory.has(name) || passed.has(name)) return [];
  if (!definitions.names.has(name)) return [use];
  passed.add(name);
  const value = definitions.names.get(name);
  return value === undefined ? [] : sureTreeUses(value, environment).flatMap((inner) => rootsOf(inner, definitions, inventory, environment, passed));
}

function wayToDefine(name: string, path: string): string {
  if (name === 'item') return "add 'loop' to the task: 'item' is what a loop hands to it";
  return `set it in the inventory or with -e, or write ${path.endsWith('.hbs') ? `(default ${name} …)` : `${name} | default(…)`}`;
}
