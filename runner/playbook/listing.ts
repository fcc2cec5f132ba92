import { shownText as textOf } from './literal.ts';
import type { Node, Play } from './model.ts';

/** A task as `--list-tasks` shows it. */
export interface ListedTask {
  /** `role : name`, or the module's word when it has no name. */
  readonly name: string;
  /** Sorted. */
  readonly tags: readonly string[];
}

/** What `--list-tasks` and `--list-tags` say of a play. */
export interface ListedPlay {
  /** From 1. */
  readonly number: number;
  readonly hosts: string;
  readonly name: string;
  readonly tags: readonly string[];
  /** Of named phases; one without a name for a play that has none. */
  readonly phases: readonly { readonly name?: string; readonly tasks: readonly ListedTask[] }[];
  /** The tags of the play and of every task shown, sorted. */
  readonly taskTags: readonly string[];
}

/** What a play would show; `selected` says which tags the run asks for. Tasks of rescue and always are not listed, as in Ansible. */
export function listPlay(play: Play, selected: (tags: readonly string[]) => boolean): ListedPlay {
  const listed = play.phases.map((phase) => ({ phase, tasks: phase.nodes.flatMap((node) => listNode(node, selected)) }));
  const implicit = listed.filter(({ phase }) => phase.implicit).flatMap(({ tasks }) => tasks);
  const named = listed.filter(({ phase }) => !phase.implicit);
  const phases = named.length === 0 ? [{ tasks: implicit }] : listed.map(({ phase, tasks }) => ({ name: phase.name, tasks }));
  const tags = [...play.directives.tags].sort();
  const all = new Set([...tags, ...listed.flatMap(({ tasks }) => tasks.flatMap((task) => task.tags))]);
  return { number: play.index + 1, hosts: textOf(play.hosts), name: textOf(play.name), tags, phases, taskTags: [...all].sort() };
}

/** The text of `--list-tasks` and `--list-tags`, in ansible-playbook's layout; named phases stand above their tasks. */
export function formatListing(path: string, plays: readonly ListedPlay[], what: { readonly tasks: boolean; readonly tags: boolean }): string {
  const lines = ['', `playbook: ${path}`];
  for (const play of plays) {
    lines.push('', `  play #${play.number} (${play.hosts}): ${play.name}\tTAGS: [${play.tags.join(',')}]`);
    if (what.tasks) {
      lines.push('    tasks:');
      for (const phase of play.phases) {
        if (phase.name !== undefined) lines.push(`      phase: ${phase.name}`);
        for (const task of phase.tasks) lines.push(`      ${task.name}\tTAGS: [${task.tags.join(', ')}]`);
      }
    }
    if (what.tags) lines.push(`      TASK TAGS: [${play.taskTags.join(', ')}]`);
  }
  return `${lines.join('\n')}\n`;
}

function listNode(node: Node, selected: (tags: readonly string[]) => boolean): ListedTask[] {
  if (node.kind === 'block') return node.block.flatMap((inner) => listNode(inner, selected));
  if (!selected(node.directives.tags)) return [];
  const word = node.kind === 'task' ? node.module : `include_${node.what}`;
  const name = node.name === undefined || node.name === '' ? word : `${node.role ? `${node.role.name} : ` : ''}${textOf(node.name)}`;
  return [{ name, tags: [...node.directives.tags].sort() }];
}
