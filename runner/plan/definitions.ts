import type { Inventory } from '../inventory/model.ts';
import type { LoadContext } from '../playbook/load-context.ts';
import type { Node, Play, Playbook, Role, TaskNode } from '../playbook/model.ts';
import { varsFromFirst } from '../playbook/vars.ts';
import { hasTemplate, literalTree } from '../template/from-yaml.ts';
import type { Tree } from '../template/tree.ts';
import { folderOf, resolvePath } from '../util/posix-path.ts';
import { keyOf, type Expand } from './expansion.ts';
import { own } from '../util/own.ts';

/** Every name that something in a run may define, whenever and on whichever host. */
export interface Definitions {
  /** The value, where one place of a playbook defines the name and nothing else does; undefined where it is not as simple. */
  readonly names: ReadonlyMap<string, Tree | undefined>;
  /** True for a task after which there may be variables of any name. */
  opens(task: TaskNode): boolean;
  /** True for a play whose `vars_files` may bring variables of any name. */
  opensPlay(play: Play): boolean;
}

/** What is read to find them. */
export interface Ground {
  readonly load: LoadContext;
  readonly expand: Expand;
  /** Modules that came with the program: what facts they bring is known. */
  readonly isBuiltin: (module: string) => boolean;
}

/** Names beside those of `setup` that modules set for the rest of the run. */
const MODULE_FACTS: Readonly<Record<string, readonly string[]>> = { service_facts: ['services'], package_facts: ['packages'] };

/** Gathers them from whole playbooks: also what a tag or a condition leaves out may have been meant. */
export function definitionsOf(playbooks: readonly Playbook[], ground: Ground): Definitions {
  const names = new Map<string, Tree | undefined>();
  const define = (name: string, value?: Tree): void => void names.set(name, names.has(name) ? undefined : value);
  const defineAll = (vars: ReadonlyMap<string, Tree>): void => vars.forEach((value, name) => define(name, value));
  for (const [name, value] of ground.load.extraVars) define(name, value);
  const seen = new Set<unknown>();
  /** A loop names its variable with a template. */
  let anyName = false;
  const role = (each: Role): void => {
    for (const vars of [each.defaults, each.vars, each.params]) once(vars, defineAll);
  };
  const once = <T extends object>(value: T, act: (value: T) => void): void => {
    if (seen.has(value)) return;
    seen.add(value);
    act(value);
  };
  const visit = (node: Node): void => {
    for (const vars of node.directives.vars) once(vars, defineAll);
    if (node.role) once(node.role, role);
    if ('loop' in node && node.loop) {
      for (const name of [node.loop.variable, node.loop.indexVariable]) {
        if (typeof name === 'string') define(name);
        else if (name !== undefined) anyName = true;
      }
    }
    if ('register' in node && node.register !== undefined) define(node.register);
    if (node.kind === 'block') for (const each of [...node.block, ...node.rescue, ...node.always]) visit(each);
    else if (node.kind === 'task') for (const [name, value] of definedBy(node, ground)) define(name, value);
    else {
      const key = keyOf(node, literalTree(node.target));
      if (seen.has(key)) return;
      seen.add(key);
      const brought = ground.expand(node);
      for (const each of [...(brought?.nodes ?? []), ...(brought?.handlers ?? [])]) visit(each);
      for (const each of brought?.roles ?? []) once(each, role);
    }
  };
  for (const play of playbooks.flatMap(({ plays }) => plays)) {
    once(play.vars, defineAll);
    for (const each of play.roles) once(each, role);
    for (const { name } of play.varsPrompt) define(name);
    for (const vars of varsFilesOf(play, ground.load) ?? []) defineAll(vars);
    for (const phase of play.phases) for (const node of [...phase.nodes, ...(phase.gate?.tasks ?? [])]) visit(node);
    for (const node of play.handlers) visit(node);
  }
  return { names, opens: (task) => opens(task, ground), opensPlay: (play) => anyName || varsFilesOf(play, ground.load) === undefined };
}

/** Names that inventory and the folders beside it and the playbooks define, for whichever host or group. */
export function inventoryNames({ hosts, groups, folders }: Inventory): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { vars } of [...hosts.values(), ...groups.values()]) for (const name of vars.keys()) names.add(name);
  for (const folder of [folders.inventory, folders.playbook])
    for (const layers of [...folder.group.values(), ...folder.host.values()]) for (const { vars } of layers) for (const name of vars.keys()) names.add(name);
  return names;
}

const SETTING = new Set(['set_fact', 'add_host']);

function definedBy(task: TaskNode, { load }: Ground): readonly (readonly [string, Tree?])[] {
  const { module, args } = task;
  if (module === 'include_vars') return varsFileOf(task, load) ?? [];
  if (SETTING.has(module)) return args instanceof Map ? [...args.keys()].map((name) => [String(name)] as const) : [];
  const database = module === 'getent' && args instanceof Map ? literalTree((args as ReadonlyMap<string, Tree>).get('database') ?? null) : undefined;
  return [...(own(MODULE_FACTS, module) ?? []), ...(typeof database === 'string' ? [`getent_${database}`] : [])].map((name) => [name] as const);
}

function opens(task: TaskNode, { load, isBuiltin }: Ground): boolean {
  const { module, args } = task;
  if (!isBuiltin(module)) return true;
  if (module === 'meta') return literalTree(args) === undefined || JSON.stringify(literalTree(args)).includes('refresh_inventory');
  if (module === 'include_vars') return varsFileOf(task, load) === undefined;
  if (module === 'getent') return definedBy(task, { load } as Ground).length === 0;
  return SETTING.has(module) && !(args instanceof Map && [...args.keys()].every((name) => !hasTemplate(String(name)) && name !== '_raw_params'));
}

/** What an `include_vars` of a file written out sets; undefined when only the run can know. */
function varsFileOf(task: TaskNode, load: LoadContext): readonly (readonly [string, Tree?])[] | undefined {
  const args = literalTree(task.args instanceof Map ? new Map([...task.args].filter(([name]) => name === 'file' || name === 'name' || name === 'dir')) : task.args);
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return undefined;
  const { file, name } = args as Readonly<Record<string, unknown>>;
  if (typeof name === 'string') return [[name]];
  if (typeof file !== 'string') return undefined;
  const folders = [...(task.role ? [task.role.path] : []), task.folder];
  const vars = varsFromFirst(folders.flatMap((folder) => [resolvePath(`${folder}/vars`, file), resolvePath(folder, file)]), load);
  return vars && [...vars.keys()].map((each) => [each] as const);
}

/** The contents of a play's `vars_files`, the later ones stronger; undefined when only the run can know. */
function varsFilesOf(play: Play, load: LoadContext): readonly ReadonlyMap<string, Tree>[] | undefined {
  const folder = folderOf(play.path);
  const read: ReadonlyMap<string, Tree>[] = [];
  for (const entry of play.varsFiles) {
    const literal = literalTree(entry);
    const files = (Array.isArray(literal) ? literal : [literal]).map((name) => (typeof name === 'string' ? name : undefined));
    if (files.includes(undefined)) return undefined;
    const vars = varsFromFirst(files.flatMap((name) => [resolvePath(`${folder}/vars`, name ?? ''), resolvePath(folder, name ?? '')]), load);
    if (!vars) return undefined;
    read.push(vars);
  }
  return read;
}
