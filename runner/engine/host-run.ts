import type { BlockNode, IncludeNode, Node, TaskNode } from '../playbook/model.ts';
import type { Tree } from '../template/tree.ts';
import { type Batch, stateOf } from './batch.ts';
import { holds } from './task/conditions.ts';
import { integer, number } from './task/keywords.ts';
import { loopItems } from './task/loop.ts';
import { nameOf } from './call/prepare-call.ts';
import { describeTask, type WalkHost } from './walk/walk.ts';

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
    terms(node) {
      const scope = batch.scopes.forNode(host, node, batch.playVars);
      const place = { scope, environment: batch.context.environment };
      const passages = node.loop && loopItems(node, node.loop, scope, batch.context.environment).map((item, index) => {
        const vars = new Map([...item.locals].map(([name, value]) => [name, value as Tree]));
        return passageOf(node, vars, index);
      });
      return {
        passages: passages ?? [node],
        pause: number(node.loop?.pause, place, 0),
        retries: Math.max(0, integer(node.retries, place, node.until ? 3 : 0)),
        delay: number(node.delay, place, 5),
      };
    },
    // What check mode cannot know is not waited for.
    accepts: (node) => holds(node.until ?? [], batch.scopes.forNode(host, node, batch.playVars), batch.context.environment) !== false,
    breaks: (passage) => holds(passage.loop?.breakWhen ?? [], batch.scopes.forNode(host, passage, batch.playVars), batch.context.environment) === true,
    waits(seconds) {
      stateOf(batch, host).pausedUntil = Date.now() + seconds * 1000;
    },
  };
}

/** A copy of a block for one item of its loop: every node in it sees the item and has an id of its own. */
function passageOf(block: BlockNode, vars: ReadonlyMap<string, Tree>, index: number): BlockNode {
  const copy = <N extends Node>(node: N): N => {
    const own = { ...node, id: [...block.id, index, ...node.id.slice(block.id.length)], directives: { ...node.directives, vars: withItem(node, block, vars) } };
    if (own.kind !== 'block') return own;
    return { ...own, block: own.block.map(copy), rescue: own.rescue.map(copy), always: own.always.map(copy) };
  };
  const directives = { ...block.directives, vars: withItem(block, block, vars) };
  return { ...block, directives, block: block.block.map(copy), rescue: block.rescue.map(copy), always: block.always.map(copy) };
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
