import { toText } from '../../expr/convert.ts';
import { LazyMapping, OMIT, type Value } from '../../expr/value.ts';
import type { Play, TaskNode, IncludeNode, BlockNode } from '../../playbook/model.ts';
import type { Inventory } from '../../inventory/model.ts';
import { hostLayers } from '../../inventory/vars.ts';
import { groupMembers } from '../../inventory/members.ts';
import { mayBeFact } from '../../vars/names.ts';
import { NeedFacts } from '../../vars/need-facts.ts';
import { LayeredScope, type Layer } from '../../vars/scope.ts';
import type { Tree } from '../../template/tree.ts';
import { connectionNames } from './connection-names.ts';
import type { HostStates } from '../host-state.ts';
import type { RunContext } from '../request.ts';
import type { PlayVars } from './play-vars.ts';
import { identityVars, specialVars } from './special-vars.ts';

/** Builds the variables of a host for one node of a play, strongest layer first (docs/variables.md has the table). */
export class Scopes {
  readonly #context: RunContext;
  readonly #states: HostStates;
  readonly #groups: Layer;

  constructor(context: RunContext, states: HostStates) {
    this.#context = context;
    this.#states = states;
    const hostvars = new HostVarsMapping(this, context.inventory);
    const groups = new GroupsMapping(context.inventory);
    this.#groups = computed({ groups: () => groups, hostvars: () => hostvars, omit: () => OMIT });
  }

  /** Variables for a node; `locals` (loop variables and the like) are strongest. */
  forNode(host: string, node: TaskNode | IncludeNode | BlockNode | undefined, playVars: PlayVars, locals: ReadonlyMap<string, Value> = new Map()): LayeredScope {
    const scope: LayeredScope = this.#scope(() => this.#nodeLayers(host, node, playVars, locals, (name) => scope.lookup(name)));
    return scope;
  }

  /** Variables that a play's own keywords may use before it has hosts: extra vars and the play's vars. */
  forRun(play: Play): LayeredScope {
    return this.#scope(() => [this.#groups, { kind: 'tree', vars: this.#context.extraVars }, { kind: 'tree', vars: play.vars }]);
  }

  /** Variables of a host outside any play: what `hostvars[host]` shows. */
  forHost(host: string, gathers: boolean): LayeredScope {
    const { vars } = this.#states.of(host);
    return this.#scope(() => [
      identityVars(host, this.#context.inventory),
      this.#groups,
      { kind: 'tree', vars: this.#context.extraVars },
      { kind: 'data', vars: vars.set },
      { kind: 'tree', vars: vars.included },
      ...this.#hostLayers(host, gathers),
    ]);
  }

  /** Whether `hostvars` may gather facts of other hosts; set by the play that is running. */
  gathers = true;

  #scope(layers: () => readonly Layer[]): LayeredScope {
    const scope: LayeredScope = new LayeredScope(() => [...layers(), computed({ vars: () => new ScopeMapping(scope) })], this.#context.environment, this.#context.settings.mergeHashes);
    return scope;
  }

  #nodeLayers(host: string, node: TaskNode | IncludeNode | BlockNode | undefined, playVars: PlayVars, locals: ReadonlyMap<string, Value>, lookup: (name: string) => Value | undefined): Layer[] {
    const { vars } = this.#states.of(host);
    const { play } = playVars;
    const role = node?.role;
    const roles = [...play.roles, ...playVars.exported].toReversed();
    return [
      { kind: 'data', vars: locals },
      specialVars({ host, playVars, role, folder: node?.folder, context: this.#context, states: this.#states }),
      identityVars(host, this.#context.inventory),
      this.#groups,
      tree(this.#context.extraVars),
      ...(role ? [tree(role.params)] : []),
      { kind: 'data', vars: vars.set },
      tree(vars.included),
      ...(node?.directives.vars.toReversed() ?? []).map(tree),
      ...(role ? [tree(role.vars)] : []),
      ...roles.map((each) => tree(each.vars)),
      ...(playVars.files.get(host) ?? []).toReversed().map(tree),
      { kind: 'data', vars: playVars.prompted },
      tree(play.vars),
      ...this.#hostLayers(host, playVars.gathers),
      ...(role ? [tree(role.defaults)] : []),
      ...roles.map((each) => tree(each.defaults)),
      ...connectionNames(host, node?.directives ?? play.directives, this.#context.settings, lookup),
    ];
  }

  #hostLayers(host: string, gathers: boolean): Layer[] {
    const state = this.#states.of(host);
    const inventory = hostLayers(this.#context.inventory, host).toReversed();
    const renews = this.#context.settings.gathering !== 'smart';
    const facts: Layer = {
      kind: 'computed',
      names: () => (state.vars.facts ? ['ansible_facts', ...[...state.vars.facts.keys()].map((name) => `ansible_${toText(name)}`)] : []),
      lookup: (name) => {
        if (name !== 'ansible_facts' && !mayBeFact(name)) return undefined;
        const known = state.vars.facts;
        if ((known && !(state.vars.remembered && renews)) || state.vars.factsUnavailable || !gathers) {
          if (name === 'ansible_facts') return withLearned(known, state.vars.cached);
          return known?.get(name.slice('ansible_'.length));
        }
        if (name !== 'ansible_facts' && inventory.some((layer) => layer.vars.has(name))) return undefined;
        throw new NeedFacts(host);
      },
    };
    return [{ kind: 'data', vars: state.vars.cached }, facts, ...inventory.map((layer): Layer => ({ kind: 'tree', vars: layer.vars }))];
  }
}

function computed(table: Readonly<Record<string, () => Value>>): Layer {
  return {
    kind: 'computed',
    lookup: (name) => (Object.hasOwn(table, name) ? table[name]?.() : undefined),
    names: () => Object.keys(table),
  };
}

/** Facts with those that were set or brought by modules. */
function withLearned(facts: ReadonlyMap<Value, Value> | undefined, learned: ReadonlyMap<string, Value>): Value {
  if (facts && learned.size === 0) return facts;
  return new Map<Value, Value>([...(facts ?? []), ...[...learned].map(([name, value]) => [name.replace(/^ansible_/, ''), value] as const)]);
}

function tree(vars: ReadonlyMap<string, Tree>): Layer {
  return { kind: 'tree', vars };
}

/** `hostvars`: every host's variables, computed when asked. */
class HostVarsMapping extends LazyMapping {
  readonly #scopes: Scopes;
  readonly #inventory: Inventory;
  constructor(scopes: Scopes, inventory: Inventory) {
    super();
    this.#scopes = scopes;
    this.#inventory = inventory;
  }
  get(key: Value): Value | undefined {
    return typeof key === 'string' && this.has(key) ? new ScopeMapping(this.#scopes.forHost(key, this.#scopes.gathers)) : undefined;
  }
  has(key: Value): boolean {
    return typeof key === 'string' && this.#inventory.hosts.has(key);
  }
  keys(): IterableIterator<Value> {
    return this.#inventory.hosts.keys();
  }
  get size(): number {
    return this.#inventory.hosts.size;
  }
}

/** `groups`: the members of every group, descendants included. */
class GroupsMapping extends LazyMapping {
  readonly #inventory: Inventory;
  constructor(inventory: Inventory) {
    super();
    this.#inventory = inventory;
  }
  get(key: Value): Value | undefined {
    return typeof key === 'string' && this.has(key) ? groupMembers(this.#inventory, key) : undefined;
  }
  has(key: Value): boolean {
    return typeof key === 'string' && this.#inventory.groups.has(key);
  }
  keys(): IterableIterator<Value> {
    return this.#inventory.groups.keys();
  }
  get size(): number {
    return this.#inventory.groups.size;
  }
}

/** A scope seen as a dict. */
class ScopeMapping extends LazyMapping {
  readonly #scope: LayeredScope;
  constructor(scope: LayeredScope) {
    super();
    this.#scope = scope;
  }
  get(key: Value): Value | undefined {
    return typeof key === 'string' ? this.#scope.lookup(key) : undefined;
  }
  has(key: Value): boolean {
    return this.get(key) !== undefined;
  }
  keys(): IterableIterator<Value> {
    return this.#scope.names().values();
  }
  get size(): number {
    return this.#scope.names().size;
  }
}
