import { problem, type Diagnostic } from '../source/diagnostic.ts';
import type { Span } from '../source/span.ts';
import type { YamlMapping, YamlNode } from '../source/yaml-node.ts';
import { folderOf, resolvePath } from '../util/posix-path.ts';
import { unknownKeyword } from './call.ts';
import { inherit, NO_DIRECTIVES, readDirectives } from './directives.ts';
import { foreseeIncludes } from './foresee-includes.ts';
import { IMPORT_PLAYBOOK_KEYWORDS, plainName } from './keywords.ts';
import { startLoading, type LoadContext, type Loading } from './load-context.ts';
import type { Play, Playbook } from './model.ts';
import { loadPlay, type PlayExtras } from './play.ts';
import { splitArgs } from './split-args.ts';
import { staticText } from './static-text.ts';
import { varsOf } from './vars.ts';
import { keyText, fieldsByName, isNothing, kindOf, type Field } from './yaml-fields.ts';

/** Loads a playbook, everything static in it expanded and checked. Never throws for what stands in a file. */
export function loadPlaybook(path: string, context: LoadContext): { playbook: Playbook; diagnostics: readonly Diagnostic[] } {
  const loading = startLoading(context);
  const plays: Play[] = [];
  loadFile(path, undefined, [], { directives: NO_DIRECTIVES, vars: new Map() }, plays, loading);
  for (const { phases } of plays) for (const each of foreseeIncludes(phases.flatMap(({ nodes }) => nodes), context)) loading.report(each);
  return { playbook: { path, plays }, diagnostics: loading.diagnostics };
}

function loadFile(path: string, wantedBy: Span | undefined, chain: readonly string[], extras: PlayExtras, plays: Play[], loading: Loading): void {
  const document = loading.document(path, wantedBy);
  if (document === undefined) return;
  if (document === null || isNothing(document)) {
    loading.report(problem('empty-playbook', `'${path}' has no plays`, wantedBy, 'write - hosts: …'));
    return;
  }
  if (document.kind !== 'sequence') {
    loading.report(problem('wrong-type', `a playbook must be a list of plays, not ${kindOf(document)}`, firstOf(document), "begin each play with '- '"));
    return;
  }
  for (const item of document.items) loadEntry(item, path, [...chain, path], extras, plays, loading);
}

function loadEntry(item: YamlNode, path: string, chain: readonly string[], extras: PlayExtras, plays: Play[], loading: Loading): void {
  if (item.kind !== 'mapping') {
    loading.report(problem('wrong-type', `a play must be a mapping, not ${kindOf(item)}`, item.span, 'write - hosts: …'));
    return;
  }
  if (!loading.admit(firstOf(item))) return;
  const imported = item.entries.find(({ key }) => typeof key.value === 'string' && plainName(key.value) === 'import_playbook');
  if (imported) importPlaybook(item, imported, chain, extras, plays, loading);
  else if (isTask(item, loading))
    loading.report(problem('task-among-plays', 'this is a task, and only plays can stand here', firstOf(item), "put it under 'tasks' of a play with 'hosts'"));
  else plays.push(loadPlay(item, path, (loading.firstPlay ?? 0) + plays.length, extras, loading));
}

function importPlaybook(item: YamlMapping, imported: Field, chain: readonly string[], extras: PlayExtras, plays: Play[], loading: Loading): void {
  const fields = fieldsByName(item, loading.report);
  for (const [word, { key }] of fields)
    if (!IMPORT_PLAYBOOK_KEYWORDS.has(word)) loading.report(unknownKeyword(word, IMPORT_PLAYBOOK_KEYWORDS, key.span, 'import_playbook'));
  const text = staticText(imported.value, 'the name of an imported playbook', loading, new Map([['playbook_dir', folderOf(chain.at(-1) ?? '')]]));
  const name = text === undefined ? undefined : splitArgs(text)?.[0]?.text.trim();
  if (name === undefined || name === '') {
    if (text !== undefined)
      loading.report(problem('missing-parameter', "'import_playbook' does not say which file", imported.key.span, 'write import_playbook: FILE.yml'));
    return;
  }
  const path = resolvePath(folderOf(chain.at(-1) ?? ''), name);
  if (chain.includes(path)) {
    loading.report(problem('import-cycle', `'${name}' is imported inside itself`, imported.value.span, 'break the circle'));
    return;
  }
  const own = fields.get('vars');
  const directives = inherit(extras.directives, readDirectives(fields, loading, new Set(['vars'])));
  // The outermost import has the last word.
  const vars = new Map([...(own ? varsOf(own.value, loading) : []), ...extras.vars]);
  loadFile(path, imported.value.span, chain, { directives, vars }, plays, loading);
}

/** Tasks at the top of a file: a file of tasks given as a playbook. */
function isTask(item: YamlMapping, { registry }: Loading): boolean {
  const words = item.entries.map(({ key }) => keyText(key));
  return (
    !words.includes('hosts') &&
    words.some(
      (word) => registry.find(word) !== undefined || ['block', 'include_tasks', 'import_tasks', 'include_role', 'import_role'].includes(plainName(word)),
    )
  );
}

function firstOf(node: YamlNode): Span {
  return node.kind === 'mapping' ? (node.entries[0]?.key.span ?? node.span) : node.span;
}
