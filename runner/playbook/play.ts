import { problem, warning } from '../source/diagnostic.ts';
import type { YamlMapping } from '../source/yaml-node.ts';
import type { Tree } from '../template/tree.ts';
import { folderOf } from '../util/posix-path.ts';
import { unknownKeyword } from './call.ts';
import { checkKind, inherit, listOf, readDirectives } from './directives.ts';
import { checkNotified } from './handlers.ts';
import { PLAY_KEYWORDS } from './keywords.ts';
import { choiceOf } from './choice.ts';
import type { Loading } from './load-context.ts';
import { shownText } from './literal.ts';
import type { Directives, Play } from './model.ts';
import { loadNodes } from './nodes.ts';
import { loadPhases, phaseCount } from './phases.ts';
import { newFrame, type Place } from './place.ts';
import { staticText } from './static-text.ts';
import { nameOf, optional } from './task.ts';
import { varsOf } from './vars.ts';
import { loadPrompts } from './vars-prompt.ts';
import { keyText, fieldsByName, isNothing, scalarText, type Field } from './yaml-fields.ts';
import { yesOrNo } from '../util/yes-no.ts';

/** What an `import_playbook` adds to the plays it brings. */
export interface PlayExtras {
  readonly directives: Directives;
  readonly vars: ReadonlyMap<string, Tree>;
}

const STRATEGIES = ['linear', 'free', 'host_pinned', 'debug'] as const;
const ORDERS = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'] as const;

/** Loads one play. */
export function loadPlay(mapping: YamlMapping, path: string, index: number, extras: PlayExtras, loading: Loading): Play {
  const fields = fieldsByName(mapping, loading.report);
  const at = mapping.entries[0]?.key.span ?? mapping.span;
  checkKeywords(fields, loading);
  const tree = (word: string, kind?: 'whole' | 'flag' | 'text'): Tree | undefined => {
    const field = fields.get(word);
    if (!field || isNothing(field.value)) return undefined;
    if (kind) checkKind(field, kind, loading);
    return loading.tree(field.value);
  };
  const directives = inherit(extras.directives, readDirectives(fields, loading, new Set(['vars', 'delegate_to', 'delegate_facts'])));
  const frame = newFrame(folderOf(path), [index, phaseCount(fields)]);
  const place: Place = { directives, files: [path], handlers: false, frame };
  const own = fields.get('vars');
  const phases = loadPhases(fields, place, index, loading);
  const handlers = fields.get('handlers');
  const ownHandlers = handlers ? loadNodes(handlers.value, { ...place, handlers: true }, [...frame.handlerId, 1_000_000], loading) : [];
  checkNotified(frame, loading);
  const hosts = hostsOf(fields, at, loading);
  const strategy = choiceOf(fields.get('strategy'), STRATEGIES, 'strategy', loading);
  return {
    index,
    name: nameOf(fields, loading) ?? shownText(hosts),
    hosts,
    path,
    at,
    directives,
    vars: new Map([...(own ? varsOf(own.value, loading) : []), ...extras.vars]),
    varsFiles: listOf(fields.get('vars_files')?.value).map((each) => loading.tree(each)),
    varsPrompt: loadPrompts(fields.get('vars_prompt')?.value, loading),
    gatherFacts: gatherFacts(fields, loading),
    strategy: strategy === undefined || strategy === 'debug' ? 'linear' : strategy,
    ...(strategy === 'debug' && { debugger: true }),
    order: choiceOf(fields.get('order'), ORDERS, 'order', loading) ?? 'inventory',
    ...optional('hostsAt', fields.get('hosts')?.value.span),
    ...optional('gatherSubset', tree('gather_subset')),
    ...optional('gatherTimeout', tree('gather_timeout', 'whole')),
    ...optional('serial', serialOf(fields.get('serial'), loading)),
    ...optional('maxFailPercentage', tree('max_fail_percentage')),
    ...optional('forceHandlers', flag(fields.get('force_handlers'), loading)),
    phases,
    // A play's own handlers come last: of two with the same name the last one is run.
    handlers: [...frame.handlers, ...ownHandlers],
    roles: frame.roles,
  };
}

function checkKeywords(fields: ReadonlyMap<string, Field>, loading: Loading): void {
  for (const [word, { key }] of fields) {
    if (PLAY_KEYWORDS.has(word)) continue;
    const module = loading.registry.find(word) !== undefined;
    loading.report(
      unknownKeyword(
        word,
        PLAY_KEYWORDS,
        key.span,
        'a play',
        module ? `put the task under 'tasks'` : word === 'when' ? 'put it on the tasks, or on a block around them' : undefined,
      ),
    );
  }
  const facts = fields.get('fact_path');
  if (facts) loading.report(warning('ignored-keyword', "'fact_path' is ignored: local facts are read from /etc/ansible/facts.d", facts.key.span));
}

function hostsOf(fields: ReadonlyMap<string, Field>, at: Play['at'], loading: Loading): Tree {
  const field = fields.get('hosts');
  if (!field) {
    loading.report(problem('no-hosts', "this play does not say on which 'hosts' it runs", at, 'add hosts: GROUP'));
    return '';
  }
  const items = listOf(field.value);
  if (items.length === 0) loading.report(problem('no-hosts', "'hosts' is empty", field.key.span, 'name a group or a host'));
  for (const item of items) checkKind({ key: field.key, value: item }, 'text', loading);
  return loading.tree(field.value);
}

/** `serial`: numbers and shares, as far as they are written out. */
function serialOf(field: Field | undefined, loading: Loading): Tree | undefined {
  if (!field || isNothing(field.value)) return undefined;
  for (const item of listOf(field.value)) {
    const text = scalarText(item);
    if (text === undefined || /\{[{%]/.test(text) || /^\s*-?\d+(?:\.\d+)?%?\s*$/.test(text)) continue;
    loading.report(problem('wrong-value', `'${text}' is no number of hosts`, item.span, 'write a whole number such as 2, a share such as 30%, or a list of them'));
  }
  return loading.tree(field.value);
}

function gatherFacts(fields: ReadonlyMap<string, Field>, loading: Loading): boolean | undefined {
  return flag(fields.get('gather_facts'), loading);
}

/** A yes or no that must be known before the run. */
function flag(field: Field | undefined, loading: Loading): boolean | undefined {
  if (!field || isNothing(field.value)) return undefined;
  if (field.value.kind === 'scalar' && typeof field.value.value === 'boolean') return field.value.value;
  const word = scalarText(field.value) === undefined ? undefined : staticText(field.value, `'${keyText(field.key)}'`, loading);
  const known = word === undefined ? undefined : yesOrNo(word);
  if (known === undefined) checkKind(field, 'flag', loading);
  return known;
}
