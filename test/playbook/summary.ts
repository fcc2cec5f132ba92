import { shownText } from '../../runner/playbook/literal.ts';
import type { Condition, Directives, Node, Playbook } from '../../runner/playbook/model.ts';
import { TemplateText, VaultText, type Tree } from '../../runner/template/tree.ts';

/** A playbook's model in lines, for cases in files: every node with its id, what it is, and all it carries. */
export function summaryOf({ plays }: Playbook): string[] {
  return plays.flatMap((play) => [
    `play ${play.index} ${show(play.name)} on ${show(play.hosts)}${facts(play)}`,
    ...[...play.vars].map(([name, value]) => `  var ${name}=${show(value)}`),
    ...play.roles.map((role) => `  role ${role.name} at ${role.path}${map('defaults', role.defaults)}${map('vars', role.vars)}${map('params', role.params)}${role.parents.length ? ` under ${role.parents.map((each) => each.name).join('>')}` : ''}${role.once ? ' once' : ''}`),
    ...play.phases.flatMap((phase) => [
      `  phase ${phase.name}${phase.implicit ? '' : ' (named)'}`,
      ...summaryOfNodes(phase.nodes, '    '),
      ...(phase.gate ? [`    until ${phase.gate.until.map(condition).join(' and ')} retries=${show(phase.gate.retries)} delay=${show(phase.gate.delay)} timeout=${show(phase.gate.timeout)}`, ...summaryOfNodes(phase.gate.tasks, '      ')] : []),
    ]),
    ...(play.handlers.length > 0 ? ['  handlers', ...summaryOfNodes(play.handlers, '    ')] : []),
  ]);
}

/** The same for a list of nodes. */
export function summaryOfNodes(nodes: readonly Node[], indent = ''): string[] {
  return nodes.flatMap((node) => {
    const name = node.name === undefined ? '' : ` "${shownText(node.name)}"`;
    const head = `${indent}${node.id.join('.')} `;
    const role = node.role ? ` [${node.role.name}]` : '';
    const loop = node.loop ? ` ${node.loop.kind}=${show(node.loop.items)} as ${shownText(node.loop.variable)}${node.loop.indexVariable === undefined ? '' : `,${shownText(node.loop.indexVariable)}`}` : '';
    const tail = `${name}${loop}${role}${directives(node.directives)}`;
    if (node.kind === 'block') {
      const section = (word: string, inner: readonly Node[]): string[] => (inner.length > 0 ? [`${indent}  ${word}`, ...summaryOfNodes(inner, `${indent}    `)] : []);
      return [`${head}block${tail}`, ...section('block', node.block), ...section('rescue', node.rescue), ...section('always', node.always)];
    }
    if (node.kind === 'include') return [`${head}include ${node.what} ${show(node.target)}${map('args', node.args)}${tail}`];
    const { register, changedWhen, failedWhen, until, retries, delay, notify, listen, async, poll } = node;
    const more = Object.entries({ register, changedWhen, failedWhen, until, retries, delay, notify, listen, async, poll }).filter(([, value]) => value !== undefined);
    return [`${head}${node.module} ${show(node.args)}${more.map(([key, value]) => ` ${key}=${show(value as Tree)}`).join('')}${tail}`];
  });
}

function directives({ when, vars, tags, environment, moduleDefaults, ...scalars }: Directives): string {
  const parts = Object.entries(scalars).map(([key, value]) => `${key}=${show(value)}`);
  if (when.length > 0) parts.push(`when=(${when.map(condition).join(' and ')})`);
  if (tags.length > 0) parts.push(`tags=${tags.join(',')}`);
  if (vars.length > 0) parts.push(`vars=${vars.map(show).join('+')}`);
  if (environment.length > 0) parts.push(`environment=${environment.map(show).join('+')}`);
  if (moduleDefaults.length > 0) parts.push(`defaults=${moduleDefaults.map(show).join('+')}`);
  return parts.length > 0 ? ` | ${parts.join(' ')}` : '';
}

function facts(play: Playbook['plays'][number]): string {
  const { gatherFacts, strategy, order, serial, maxFailPercentage, forceHandlers, varsFiles, varsPrompt, gatherSubset } = play;
  const parts = Object.entries({ gatherFacts, serial, maxFailPercentage, forceHandlers, gatherSubset }).filter(([, value]) => value !== undefined).map(([key, value]) => ` ${key}=${show(value as Tree)}`);
  if (strategy !== 'linear') parts.push(` ${strategy}`);
  if (order !== 'inventory') parts.push(` order=${order}`);
  if (varsFiles.length > 0) parts.push(` varsFiles=${show(varsFiles)}`);
  for (const prompt of varsPrompt) parts.push(` asks ${JSON.stringify(prompt)}`);
  return parts.join('');
}

const condition = (each: Condition): string => (typeof each === 'boolean' ? String(each) : each.text);
const map = (word: string, given: ReadonlyMap<unknown, Tree>): string => (given.size > 0 ? ` ${word}=${show(given as Tree)}` : '');

function show(tree: Tree): string {
  if (tree instanceof TemplateText) return `<${tree.text}>`;
  if (tree instanceof VaultText) return '<vault>';
  if (tree instanceof Map) return `{${[...(tree as ReadonlyMap<unknown, Tree>)].map(([key, value]) => `${String(key)}: ${show(value)}`).join(', ')}}`;
  if (Array.isArray(tree)) return `[${tree.map((each: Tree) => show(each)).join(', ')}]`;
  return typeof tree === 'string' ? tree : shownText(tree) || 'null';
}
