import { firstRefusal, type IptablesTable } from '../parse/iptables-table.ts';
import type { IptablesRule } from '../parse/iptables-rule.ts';

/** One edit of a table: a rule goes, or comes at a place. */
export type RuleEdit =
  | { readonly kind: 'delete'; readonly rule: IptablesRule; readonly index: number }
  /** `index`: before which rule of the whole table; `position`: number within its chain, from 1; `last` when it is appended to the chain. */
  | { readonly kind: 'insert'; readonly rule: IptablesRule; readonly index: number; readonly position: number; readonly last: boolean };

/** The edits that bring rules in (or out), each given in terms of the table left by the ones before it, and that table. */
export interface EditPlan {
  readonly edits: readonly RuleEdit[];
  readonly after: IptablesTable;
}

/**
 * Puts each rule before the first rule of its chain that refuses everything; one that stands behind it, where it has no effect, is moved.
 * A rule that is there already, however it is written, is never added again.
 */
export function planPresent(table: IptablesTable, wanted: readonly IptablesRule[]): EditPlan {
  let rules = [...table.rules];
  const edits: RuleEdit[] = [];
  for (const rule of wanted) {
    const now = { policies: table.policies, rules };
    const inChain = indexes(rules, ({ chain }) => chain === rule.chain);
    const limit = firstRefusal(now, rule.chain);
    const places = inChain.flatMap((index, position) => (rules[index]!.meaning === rule.meaning ? [position] : []));
    if (places.some((position) => position < limit)) continue;
    // An unconditional refusal that is wanted is itself the limit.
    if (places.includes(limit)) continue;
    for (const position of places.reverse()) {
      const index = inChain[position]!;
      edits.push({ kind: 'delete', rule: rules[index]!, index });
      rules = rules.filter((_, at) => at !== index);
    }
    const left = indexes(rules, ({ chain }) => chain === rule.chain);
    const last = limit >= left.length;
    const index = last ? (left.at(-1) ?? rules.length - 1) + 1 : left[limit]!;
    edits.push({ kind: 'insert', rule, index, position: limit + 1, last });
    rules = [...rules.slice(0, index), rule, ...rules.slice(index)];
  }
  return { edits, after: { policies: table.policies, rules } };
}

/** Takes every rule of the same meaning out. */
export function planAbsent(table: IptablesTable, unwanted: readonly IptablesRule[]): EditPlan {
  const meanings = new Set(unwanted.map(({ meaning }) => meaning));
  const edits = indexes(table.rules, ({ meaning }) => meanings.has(meaning))
    .reverse()
    .map((index): RuleEdit => ({ kind: 'delete', rule: table.rules[index]!, index }));
  return { edits, after: { policies: table.policies, rules: table.rules.filter(({ meaning }) => !meanings.has(meaning)) } };
}

function indexes(rules: readonly IptablesRule[], holds: (rule: IptablesRule) => boolean): number[] {
  return rules.flatMap((rule, index) => (holds(rule) ? [index] : []));
}
