import { problem, warning } from '../source/diagnostic.ts';
import { unknownKeyword } from './call.ts';
import { conditionsOf } from './conditions.ts';
import { LOOP_CONTROL_KEYWORDS } from './keywords.ts';
import { plainOperation } from '../expr/missing-values.ts';
import { hasTemplate } from '../template/from-yaml.ts';
import type { Tree } from '../template/tree.ts';
import type { Loading } from './load-context.ts';
import type { Loop } from './model.ts';
import { keyText, fieldsByName, kindOf, scalarText, type Field } from './yaml-fields.ts';

/** The loop of a task or block, if it has one: `loop`, or `with_<lookup>`, with `loop_control`. */
export function readLoop(fields: ReadonlyMap<string, Field>, loading: Loading): Loop | undefined {
  const sources = [...fields.keys()].filter((word) => word === 'loop' || word.startsWith('with_'));
  const [word, other] = sources;
  const control = fields.get('loop_control');
  if (word === undefined) return undefined;
  const field = fields.get(word);
  if (!field) return undefined;
  if (other !== undefined) {
    loading.report(
      problem(
        'two-loops',
        `a task has one loop, and this one has both '${word}' and '${other}'`,
        fields.get(other)?.key.span ?? field.key.span,
        'remove one of them',
      ),
    );
  }
  const kind = word === 'loop' ? 'loop' : plainOperation(word.slice('with_'.length));
  checkItems(kind, field, loading);
  return { kind, items: loading.tree(field.value), ...loopControl(control, loading) };
}

function checkItems(kind: string, { key, value }: Field, loading: Loading): void {
  if (kind !== 'loop') {
    const lookups = loading.environment.lookups;
    if (!lookups.has(kind) && lookups.size > 0)
      loading.report(
        unknownKeyword(
          keyText(key),
          [...lookups.keys()].map((name) => `with_${name}`),
          key.span,
          'a task: there is no lookup of that name',
        ),
      );
    return;
  }
  const template = value.kind === 'scalar' && typeof value.value === 'string' && /\{[{%]/.test(value.value);
  if (value.kind === 'sequence' || template) return;
  const name = scalarText(value);
  const help = name !== undefined && /^[A-Za-z_][\w.]*$/.test(name) ? `write loop: "{{ ${name} }}" if it is a variable` : 'write one item a line';
  loading.report(problem('wrong-type', `'loop' must be a list, not ${kindOf(value)}`, value.span, help));
}

function loopControl(control: Field | undefined, loading: Loading): Omit<Loop, 'kind' | 'items'> {
  if (!control) return { variable: 'item' };
  if (control.value.kind !== 'mapping') {
    loading.report(problem('wrong-type', `'loop_control' must be a mapping, not ${kindOf(control.value)}`, control.value.span));
    return { variable: 'item' };
  }
  const fields = fieldsByName(control.value, loading.report);
  for (const [word, { key }] of fields)
    if (!LOOP_CONTROL_KEYWORDS.has(word)) loading.report(unknownKeyword(word, LOOP_CONTROL_KEYWORDS, key.span, 'loop_control'));
  const index = variableName(fields.get('index_var'), loading);
  const tree = (word: string): ReturnType<Loading['tree']> | undefined => {
    const field = fields.get(word);
    return field && loading.tree(field.value);
  };
  const [label, pause, extended, extendedAllItems] = [tree('label'), tree('pause'), tree('extended'), tree('extended_allitems')];
  const breakWhen = conditionsOf(fields.get('break_when'), loading);
  return {
    variable: variableName(fields.get('loop_var'), loading) ?? 'item',
    ...(index !== undefined && { indexVariable: index }),
    ...(label !== undefined && { label }),
    ...(pause !== undefined && { pause }),
    ...(extended !== undefined && { extended }),
    ...(extendedAllItems !== undefined && { extendedAllItems }),
    ...(breakWhen.length > 0 && { breakWhen }),
  };
}

function variableName(field: Field | undefined, loading: Loading): Tree | undefined {
  if (!field) return undefined;
  const name = scalarText(field.value);
  if (name !== undefined && hasTemplate(name)) return loading.tree(field.value);
  if (name !== undefined && /^[A-Za-z_]\w*$/.test(name)) return name;
  loading.report(
    problem('variable-name', `'${keyText(field.key)}' must be the name of a variable`, field.value.span, 'a name has letters, digits and underscores'),
  );
  return undefined;
}

/** Reports a `loop_control` that controls nothing. */
export function warnIdleLoopControl(fields: ReadonlyMap<string, Field>, loading: Loading): void {
  const control = fields.get('loop_control');
  if (!control || [...fields.keys()].some((word) => word === 'loop' || word.startsWith('with_'))) return;
  loading.report(warning('idle-keyword', "'loop_control' has no effect without a loop", control.key.span, 'add a loop, or remove it'));
}
