import { problem } from '../source/diagnostic.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import type { Tree } from '../template/tree.ts';
import { unknownKeyword } from './call.ts';
import { conditionsOf } from './conditions.ts';
import { checkKind } from './directives.ts';
import type { Loading } from './load-context.ts';
import type { Gate, Node } from './model.ts';
import { fieldsByName, isNothing, type Field } from './yaml-fields.ts';

const KEYWORDS = new Set(['until', 'retries', 'delay', 'timeout', 'check']);
/** Seconds between tries, and in all, when a gate says nothing. */
const DELAY = 5;
const TIMEOUT = 300;

/** Loads a phase's gate, written as `until: CONDITION` with its settings beside it, or as a mapping of its own. */
export function loadGate(fields: ReadonlyMap<string, Field>, loading: Loading, load: (tasks: YamlNode) => Node[]): Gate | undefined {
  const until = fields.get('until');
  if (!until) {
    for (const word of ['retries', 'delay', 'check']) {
      const field = fields.get(word);
      if (field)
        loading.report(
          problem('no-until', `'${word}' belongs to a gate, and this phase has no 'until'`, field.key.span, "add 'until' with the condition to wait for"),
        );
    }
    return undefined;
  }
  if (until.value.kind !== 'mapping') return gateOf(fields, until, loading, load);
  const inner = fieldsByName(until.value, loading.report);
  for (const [word, { key }] of inner) if (!KEYWORDS.has(word)) loading.report(unknownKeyword(word, KEYWORDS, key.span, 'a gate'));
  return gateOf(inner, until, loading, load);
}

function gateOf(fields: ReadonlyMap<string, Field>, at: Field, loading: Loading, load: (tasks: YamlNode) => Node[]): Gate {
  const conditions = conditionsOf(fields.get('until'), loading);
  if (conditions.length === 0) loading.report(problem('missing-keyword', 'this gate has no condition', at.key.span, 'write until: CONDITION'));
  const setting = (word: string): Tree | undefined => {
    const field = fields.get(word);
    if (!field || isNothing(field.value)) return undefined;
    checkKind(field, 'whole', loading);
    return loading.tree(field.value);
  };
  const delay = setting('delay') ?? DELAY;
  const retries = setting('retries');
  const timeout = setting('timeout');
  const check = fields.get('check');
  return {
    until: conditions,
    delay,
    // Whoever gives one bound means that one; the other must not come before it.
    retries: retries ?? Number.MAX_SAFE_INTEGER,
    timeout: timeout ?? (retries === undefined ? TIMEOUT : longEnough(retries, delay)),
    tasks: check ? load(check.value) : [],
    at: at.key.span,
  };
}

function longEnough(retries: Tree, delay: Tree): number {
  const known = typeof retries === 'number' && typeof delay === 'number' ? (retries + 1) * (delay + 60) : 3600;
  return Math.max(TIMEOUT, known);
}
