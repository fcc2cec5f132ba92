import type { IncludeNode, Node, TaskNode } from '../../playbook/model.ts';

/** The handlers of a play as one host sees them, and which of them it owes. */
export class HandlerBoard {
  readonly #definitions: (TaskNode | IncludeNode)[];
  readonly #owed = new Set<TaskNode | IncludeNode>();
  readonly #nameOf: (node: TaskNode | IncludeNode) => string;

  /** `nameOf` renders a handler's name with the host's variables. */
  constructor(definitions: readonly Node[], nameOf: (node: TaskNode | IncludeNode) => string) {
    this.#definitions = flatten(definitions);
    this.#nameOf = nameOf;
  }

  /** Handlers of a role that was included at run time; they stand after the others. */
  add(nodes: readonly Node[]): void {
    for (const node of flatten(nodes)) if (!this.#definitions.includes(node)) this.#definitions.push(node);
  }

  /**
   * Notes that a name or topic was notified. Of several handlers with the name the last one counts; every listener counts.
   * @returns the handlers' names, empty when nobody answers to it
   */
  notify(topic: string): readonly string[] {
    const matches = this.#definitions.filter((node) => node.kind === 'task' && node.listen?.includes(topic));
    const named = this.#definitions.findLast((node) => this.#answersTo(node, topic));
    if (named && !matches.includes(named)) matches.push(named);
    for (const node of matches) this.#owed.add(node);
    return matches.map((node) => this.#nameOf(node));
  }

  /** The first handler owed behind another one, in order of definition, or from the start; taking it pays it. */
  take(behind: TaskNode | IncludeNode | undefined): TaskNode | IncludeNode | undefined {
    const from = behind === undefined ? 0 : this.#definitions.indexOf(behind) + 1;
    const next = this.#definitions.slice(from).find((node) => this.#owed.has(node));
    if (next) this.#owed.delete(next);
    return next;
  }

  /** Names of what is owed. */
  owed(): readonly string[] {
    return [...this.#owed].map((node) => this.#nameOf(node));
  }

  #answersTo(node: TaskNode | IncludeNode, topic: string): boolean {
    const name = this.#nameOf(node);
    return name !== '' && (name === topic || (node.role !== undefined && `${node.role.name} : ${name}` === topic));
  }
}

function flatten(nodes: readonly Node[]): (TaskNode | IncludeNode)[] {
  return nodes.flatMap((node) => (node.kind === 'block' ? flatten(node.block) : [node]));
}
