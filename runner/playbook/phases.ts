import { problem, warning } from '../source/diagnostic.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import { unknownKeyword } from './call.ts';
import { inherit, readDirectives } from './directives.ts';
import { loadGate } from './gate.ts';
import { PHASE_KEYWORDS } from './keywords.ts';
import type { Loading } from './load-context.ts';
import type { Node, Phase } from './model.ts';
import { loadNodes } from './nodes.ts';
import type { Place } from './place.ts';
import { loadRole } from './role.ts';
import { readRoleUse, roleUses } from './role-use.ts';
import { notifyOf, optional } from './task.ts';
import { fieldsByName, isNothing, kindOf, scalarText, type Field } from './yaml-fields.ts';

const IMPLICIT = ['pre_tasks', 'roles', 'tasks', 'post_tasks'] as const;

/** Loads a play's phases: those it names, or the sections every Ansible play has. */
export function loadPhases(fields: ReadonlyMap<string, Field>, place: Place, play: number, loading: Loading): Phase[] {
  const named = fields.get('phases');
  if (!named) return IMPLICIT.flatMap((word) => implicitPhase(word, fields, place, [play, IMPLICIT.indexOf(word)], loading));
  const tasks = fields.get('tasks');
  if (tasks)
    loading.report(
      problem(
        'conflicting-keywords',
        "a play has either 'tasks' or 'phases'",
        tasks.key.span,
        "move the tasks into a phase, or to 'pre_tasks' or 'post_tasks'",
      ),
    );
  const phases: Phase[] = [];
  for (const word of ['pre_tasks', 'roles'] as const) phases.push(...implicitPhase(word, fields, place, [play, phases.length], loading));
  if (named.value.kind === 'sequence') for (const item of named.value.items) phases.push(...namedPhase(item, phases, place, [play, phases.length], loading));
  else if (!isNothing(named.value))
    loading.report(problem('wrong-type', `'phases' must be a list, not ${kindOf(named.value)}`, named.value.span, "begin each phase with '- '"));
  return [...phases, ...implicitPhase('post_tasks', fields, place, [play, phases.length], loading)];
}

/** How many phases a play can have at most: ids of handlers begin after them. */
export function phaseCount(fields: ReadonlyMap<string, Field>): number {
  const named = fields.get('phases')?.value;
  return IMPLICIT.length + (named?.kind === 'sequence' ? named.items.length : 0);
}

function implicitPhase(word: (typeof IMPLICIT)[number], fields: ReadonlyMap<string, Field>, place: Place, id: readonly number[], loading: Loading): Phase[] {
  const field = fields.get(word);
  if (!field || isNothing(field.value)) return [];
  const nodes = word === 'roles' ? loadRoles(field.value, place, id, loading) : loadNodes(field.value, place, id, loading);
  return [{ name: word, implicit: true, nodes, at: field.key.span }];
}

function loadRoles(list: YamlNode, place: Place, id: readonly number[], loading: Loading): Node[] {
  return roleUses(list, 'roles', loading).flatMap((entry, index) => {
    const use = readRoleUse(entry, place, loading);
    return (use && loadRole(use, place, [...id, index], loading, (tasks, inner, innerId) => loadNodes(tasks, inner, innerId, loading))?.nodes) ?? [];
  });
}

function namedPhase(item: YamlNode, before: readonly Phase[], place: Place, id: readonly number[], loading: Loading): Phase[] {
  if (item.kind !== 'mapping') {
    loading.report(problem('wrong-type', `a phase must be a mapping, not ${kindOf(item)}`, item.span, 'write - name: …, then tasks: below it'));
    return [];
  }
  const fields = fieldsByName(item, loading.report);
  const at = item.entries[0]?.key.span ?? item.span;
  for (const [word, { key }] of fields) {
    if (PHASE_KEYWORDS.has(word)) continue;
    const module = loading.registry.find(word) !== undefined;
    loading.report(unknownKeyword(word, PHASE_KEYWORDS, key.span, 'a phase', module ? `put the task under 'tasks'` : undefined));
  }
  const name = scalarText(fields.get('name')?.value) ?? `phase ${before.filter((phase) => !phase.implicit).length + 1}`;
  const same = before.find((phase) => phase.name === name);
  if (same)
    loading.report({
      ...warning('duplicate-phase', `there are two phases called '${name}'`, at, 'give them different names, so that --phase can choose one'),
      related: [{ message: 'the first one', span: same.at }],
    });
  const gated = fields.has('until') && fields.get('until')?.value.kind !== 'mapping';
  // Beside `until`, `timeout` is the gate's.
  const own = readDirectives(fields, loading, new Set(gated ? ['timeout'] : []));
  const inner: Place = { ...place, directives: inherit(place.directives, own), ...optional('notify', notifyOf(fields, place, loading)) };
  const section = (word: string, part: number): Node[] => {
    const field = fields.get(word);
    return field ? loadNodes(field.value, inner, [...id, part], loading) : [];
  };
  const roles = fields.get('roles');
  const nodes = [...(roles ? loadRoles(roles.value, inner, [...id, 0], loading) : []), ...section('tasks', 1)];
  if (nodes.length === 0 && !fields.has('tasks') && !roles && !gated && !fields.has('until'))
    loading.report(warning('empty-phase', `the phase '${name}' has no tasks`, at, "add 'tasks'"));
  const gate = loadGate(fields, loading, (tasks) => loadNodes(tasks, inner, [...id, 4], loading));
  return [{ name, implicit: false, nodes: guarded(nodes, fields, inner, id, section), at, ...(gate && { gate }) }];
}

/** A phase with rescue or always is one block. */
function guarded(
  nodes: Node[],
  fields: ReadonlyMap<string, Field>,
  place: Place,
  id: readonly number[],
  section: (word: string, part: number) => Node[],
): Node[] {
  const [first] = nodes;
  if (!first || (!fields.has('rescue') && !fields.has('always'))) return nodes;
  const { directives } = place;
  return [
    { kind: 'block', id: [...id, 0], at: first.at, directives, folder: first.folder, block: nodes, rescue: section('rescue', 2), always: section('always', 3) },
  ];
}
