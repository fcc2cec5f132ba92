import type { BlockNode, IncludeNode, Node, TaskNode } from '../playbook/model.ts';
import type { Tree } from '../template/tree.ts';
import { type Batch, stateOf } from './batch.ts';
import { number } from './keywords.ts';
import { loopItems } from './loop.ts';
import { nameOf } from './prepare-call.ts';
import { describeTask, type WalkHost } from './walk.ts';

/** A host of a batch as its walk sees it. */
export function walkHost(batch: Batch, host: string): WalkHost {
  const board = batch.boards.get(host);
  const runs = batch.roleRuns.get(host);
  return {
    takeHandler: (behind) => board?.take(behind),
    addHandlers: (nodes) => board?.add(nodes),
    ...(runs && { roles: runs }),
    rescued(node, result) {
      const scope = batch.scopes.forNode(host, node, batch.playVars);
      const { vars } = stateOf(batch, host);
      vars.assign('ansible_failed_task', describeTask(node, nameOf(node, scope, batch)));
      vars.assign('ansible_failed_result', result);
    },
    retriesLeft: (node, attempt) => node.retries !== undefined && attempt <= keyword(batch, host, node, node.retries, 0),
    retrying(node) {
      stateOf(batch, host).pausedUntil = Date.now() + keyword(batch, host, node, node.delay, 5) * 1000;
    },
    passages(node) {
      const scope = batch.scopes.forNode(host, node, batch.playVars);
      return loopItems(node, node.loop, scope, batch.context.environment).map((item, index) => {
        const vars = new Map([...item.locals].map(([name, value]) => [name, value as Tree]));
        return passageOf(node, vars, index);
      });
    },
  };
}

/** A number that a block says; the fallback where it cannot be worked out. */
function keyword(batch: Batch, host: string, node: BlockNode, tree: Tree | undefined, fallback: number): number {
  try {
    return number(tree, { scope: batch.scopes.forNode(host, node, batch.playVars), environment: batch.context.environment }, fallback);
  } catch {
    return fallback;
  }
}

/** A copy of a block for one item of its loop: every node in it sees the item and has an id of its own. */
function passageOf(block: BlockNode, vars: ReadonlyMap<string, Tree>, index: number): BlockNode {
  const copy = <N extends Node>(node: N): N => {
    const own = { ...node, id: [...block.id, index, ...node.id.slice(block.id.length)], directives: { ...node.directives, vars: withItem(node, block, vars) } };
    if (own.kind !== 'block') return own;
    return { ...own, block: own.block.map(copy), rescue: own.rescue.map(copy), always: own.always.map(copy) };
  };
  const { loop: _, ...rest } = block;
  const plain: BlockNode = rest;
  return { ...plain, block: block.block.map(copy), rescue: block.rescue.map(copy), always: block.always.map(copy) };
}

/** The item's variables stand between those of the block and those of what is inside it. */
function withItem(node: Node, block: BlockNode, vars: ReadonlyMap<string, Tree>): readonly ReadonlyMap<string, Tree>[] {
  const outer = block.directives.vars.length;
  return [...node.directives.vars.slice(0, outer), vars, ...node.directives.vars.slice(outer)];
}

/** The leaves of a list of nodes in document order, as far as a host passes them when nothing fails. */
export function leaves(nodes: readonly Node[]): (TaskNode | IncludeNode)[] {
  return nodes.flatMap((node) => (node.kind === 'block' ? [...leaves(node.block), ...leaves(node.always)] : [node]));
}
