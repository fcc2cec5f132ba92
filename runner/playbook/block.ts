import { problem } from '../source/diagnostic.ts';
import type { YamlMapping } from '../source/yaml-node.ts';
import { folderOf } from '../util/posix-path.ts';
import { conditionsOf } from './conditions.ts';
import { unknownKeyword } from './call.ts';
import { inherit, readDirectives } from './directives.ts';
import { BLOCK_KEYWORDS } from './keywords.ts';
import type { Loading } from './load-context.ts';
import { readLoop, warnIdleLoopControl } from './loop.ts';
import type { BlockNode, Node } from './model.ts';
import type { LoadNodes, Place } from './place.ts';
import { nameOf, notifyOf, optional } from './task.ts';
import type { Field } from './yaml-fields.ts';

/** Loads a block with its rescue and always; its children take over its keywords. */
export function loadBlock(
  item: YamlMapping,
  fields: ReadonlyMap<string, Field>,
  place: Place,
  id: readonly number[],
  loading: Loading,
  load: LoadNodes,
): BlockNode | undefined {
  const at = fields.get('block')?.key.span ?? item.span;
  if (place.handlers) {
    loading.report(problem('block-handler', 'a block cannot be a handler', at, 'write the tasks one by one, listening to the same topic'));
    return undefined;
  }
  for (const [word, { key }] of fields) {
    if (BLOCK_KEYWORDS.has(word) || word.startsWith('with_')) continue;
    const module = loading.registry.find(word) !== undefined;
    loading.report(
      module
        ? problem('conflicting-modules', `this is a block, and '${word}' makes it a task as well`, key.span, "make it two: begin the second with '- '")
        : unknownKeyword(word, BLOCK_KEYWORDS, key.span, 'a block'),
    );
  }
  const inner: Place = {
    ...place,
    directives: inherit(place.directives, readDirectives(fields, loading)),
    ...optional('notify', notifyOf(fields, place, loading)),
  };
  warnIdleLoopControl(fields, loading);
  const section = (word: string, number: number): Node[] => {
    const field = fields.get(word);
    return field ? load(field.value, inner, [...id, number]) : [];
  };
  const [retries, delay] = [fields.get('retries'), fields.get('delay')];
  const until = conditionsOf(fields.get('until'), loading);
  return {
    kind: 'block',
    id,
    at: item.span,
    directives: inner.directives,
    folder: folderOf(place.files.at(-1) ?? ''),
    ...(place.role && { role: place.role }),
    ...optional('name', nameOf(fields, loading)),
    ...optional('loop', readLoop(fields, loading)),
    ...(until.length > 0 && { until }),
    ...optional('retries', retries && loading.tree(retries.value)),
    ...optional('delay', delay && loading.tree(delay.value)),
    block: section('block', 0),
    rescue: section('rescue', 1),
    always: section('always', 2),
  };
}
