import { type Diagnostic, problem, warning } from '../source/diagnostic.ts';
import { didYouMean, nearest } from '../util/suggest.ts';
import { literalText } from './literal.ts';
import type { Node, Phase, Play, Playbook } from '../playbook/model.ts';
import { tagsSelect, type TagSelection } from './tags.ts';

/** What part of the playbooks a run is to execute. */
export interface Selection extends TagSelection {
  /** `--phase`: these named phases only. */
  readonly phases?: readonly string[];
  /** `--from-phase`: this named phase and what follows. */
  readonly fromPhase?: string;
  /** `--start-at-task`: a task's name, glob allowed, and what follows. */
  readonly startAtTask?: string;
}

/** Cuts playbooks down to what was asked for; asking for something that is not there is a diagnostic. Pure. */
export function select(playbooks: readonly Playbook[], selection: Selection): { playbooks: readonly Playbook[]; diagnostics: readonly Diagnostic[] } {
  const diagnostics = unknownPhases(playbooks, selection);
  let started = selection.startAtTask === undefined;
  let reached = selection.fromPhase === undefined;
  const startPattern = selection.startAtTask === undefined ? undefined : globPattern(selection.startAtTask);

  const keep = (nodes: readonly Node[]): Node[] => nodes.flatMap((node): Node[] => {
    if (node.kind === 'block') {
      const kept = { ...node, block: keep(node.block), rescue: keep(node.rescue), always: keep(node.always) };
      return kept.block.length + kept.rescue.length + kept.always.length > 0 ? [kept] : [];
    }
    if (!started && startPattern && namesOf(node).some((name) => startPattern.test(name))) started = true;
    const runs = started && tagsSelect(node.directives.tags, selection);
    return runs ? [node] : [];
  });
  const keepPhase = (phase: Phase): Phase[] => {
    if (phase.name === selection.fromPhase && !phase.implicit) reached = true;
    const asked = selection.phases === undefined || (!phase.implicit && selection.phases.includes(phase.name));
    return reached && asked ? [{ ...phase, nodes: keep(phase.nodes) }] : [];
  };
  const cutPlay = (play: Play): Play => ({ ...play, phases: play.phases.flatMap(keepPhase).filter((phase) => phase.nodes.length > 0 || phase.gate) });
  const cut = playbooks.map((playbook) => ({ ...playbook, plays: playbook.plays.map(cutPlay) }));
  diagnostics.push(...unknownTags(playbooks, selection));
  if (!started) {
    diagnostics.push(problem('no-such-task', `no task is named '${selection.startAtTask}'`, undefined, 'names are listed by --list-tasks'));
  }
  return { playbooks: cut, diagnostics };
}

/** What a task can be called: its name, with its role's too; its module's word when it has none. */
function namesOf(node: Exclude<Node, { readonly kind: 'block' }>): string[] {
  const name = literalText(node.name) ?? '';
  if (name !== '') return [name, ...(node.role ? [`${node.role.name} : ${name}`] : [])];
  return node.kind === 'task' ? [node.module, ...(node.role ? [`${node.role.name} : ${node.module}`] : [])] : [];
}

function unknownPhases(playbooks: readonly Playbook[], { phases = [], fromPhase }: Selection): Diagnostic[] {
  const known = playbooks.flatMap((playbook) => playbook.plays.flatMap((play) => play.phases.filter((phase) => !phase.implicit).map((phase) => phase.name)));
  return [...phases, ...(fromPhase === undefined ? [] : [fromPhase])].filter((name) => !known.includes(name)).map((name) => {
    const near = nearest(name, known);
    const help = near === undefined ? `phases here: ${known.join(', ') || 'none'}` : `did you mean '${near}'?`;
    return problem('no-such-phase', `no phase is named '${name}'`, undefined, help);
  });
}

/** Tags that no task has. A warning: what is included in the middle of the run may have them. */
function unknownTags(playbooks: readonly Playbook[], { only, skip }: Selection): Diagnostic[] {
  const known = new Set(['all', 'tagged', 'untagged', 'always', 'never']);
  let includes = false;
  const gather = (node: Node): void => {
    for (const tag of node.directives.tags) known.add(tag);
    if (node.kind === 'block') for (const inner of [...node.block, ...node.rescue, ...node.always]) gather(inner);
    includes ||= node.kind === 'include';
  };
  for (const { plays } of playbooks) for (const play of plays) for (const node of [...play.phases.flatMap((phase) => phase.nodes), ...play.handlers]) gather(node);
  if (includes) return [];
  return [...only, ...skip].filter((tag) => !known.has(tag)).map((tag) => warning('unknown-tag', `no task has the tag '${tag}'`, undefined, didYouMean(tag, known, 'tags are listed by --list-tags')));
}

function globPattern(text: string): RegExp {
  const source = text.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
