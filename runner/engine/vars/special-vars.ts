import { resolve } from 'node:path';
import { fromJson } from '../../expr/convert.ts';
import type { Value } from '../../expr/value.ts';
import type { Inventory } from '../../inventory/model.ts';
import { groupNames } from '../../inventory/vars.ts';
import { searchRoots } from '../../playbook/find-file.ts';
import type { Play, Role } from '../../playbook/model.ts';
import type { Layer } from '../../vars/scope.ts';
import type { HostStates } from '../host-state.ts';
import type { RunContext } from '../request.ts';
import type { PlayVars } from './play-vars.ts';

/** Where a task stands: what its special variables are worked out from. */
interface Place {
  readonly host: string;
  readonly playVars: PlayVars;
  readonly role: Role | undefined;
  /** Folder of the file the task is in. */
  readonly folder: string | undefined;
  readonly context: RunContext;
  readonly states: HostStates;
}

type Table<T> = ReadonlyMap<string, (place: T) => Value | undefined>;

const IDENTITY: Table<{ readonly host: string; readonly inventory: Inventory }> = new Map(Object.entries({
  inventory_hostname: ({ host }) => host,
  inventory_hostname_short: ({ host }) => host.split('.')[0] ?? host,
  group_names: ({ host, inventory }) => [...groupNames(inventory, host)],
} satisfies Record<string, (place: { readonly host: string; readonly inventory: Inventory }) => Value>));

const SPECIAL: Table<Place> = new Map(Object.entries({
  playbook_dir: ({ playVars }) => folderOf(playVars.play),
  play_hosts: (place) => active(place, place.playVars.batch),
  ansible_play_hosts: (place) => active(place, place.playVars.hosts),
  ansible_play_hosts_all: ({ playVars }) => [...playVars.hosts],
  ansible_play_batch: (place) => active(place, place.playVars.batch),
  ansible_play_name: ({ playVars }) => playVars.name,
  ansible_play_role_names: ({ playVars }) => roleNames(playVars.play, false),
  role_names: ({ playVars }) => roleNames(playVars.play, false),
  ansible_dependent_role_names: ({ playVars }) => roleNames(playVars.play, true),
  ansible_role_names: ({ playVars }) => [...new Set([...roleNames(playVars.play, true), ...roleNames(playVars.play, false)])],
  ansible_check_mode: ({ context }) => context.settings.check,
  ansible_diff_mode: ({ context }) => context.settings.diff,
  ansible_forks: ({ context }) => context.settings.forks,
  ansible_verbosity: ({ context }) => context.settings.verbosity,
  ansible_limit: ({ context }) => context.settings.limit,
  ansible_run_tags: ({ context }) => [...context.settings.tags.only],
  ansible_skip_tags: ({ context }) => [...context.settings.tags.skip],
  ansible_inventory_sources: ({ context }) => context.inventory.sources.map((source) => (source.includes(',') ? source : resolve(source))),
  ansible_search_path: ({ role, folder, playVars }) => [...searchRoots(role, folder, folderOf(playVars.play))],
  ansible_config_file: ({ context }) => context.settings.configFile ?? null,
  ansible_collection_name: ({ role }) => (role ? null : undefined),
  ansible_version: () => fromJson({ string: '2.14.18', full: '2.14.18', major: 2, minor: 14, revision: 18 }),
  role_path: ({ role }) => role?.path,
  role_name: ({ role }) => role?.name,
  ansible_role_name: ({ role }) => role?.name,
  ansible_parent_role_names: ({ role }) => (role && role.parents.length > 0 ? role.parents.map((each) => each.name).toReversed() : undefined),
  ansible_parent_role_paths: ({ role }) => (role && role.parents.length > 0 ? role.parents.map((each) => each.path).toReversed() : undefined),
} satisfies Record<string, (place: Place) => Value | undefined>));

/** The names of a host and its groups. */
export function identityVars(host: string, inventory: Inventory): Layer {
  return computed(IDENTITY, { host, inventory });
}

/** Variables that the engine itself gives a task beside these. */
export function specialVars(place: Place): Layer {
  return computed(SPECIAL, place);
}

/** A layer that works names out when they are asked for. */
function computed<T>(table: Table<T>, place: T): Layer {
  return { kind: 'computed', lookup: (name) => table.get(name)?.(place), names: () => table.keys() };
}

function folderOf({ path }: Play): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Those of the hosts that are still in the play. */
function active({ states }: Place, hosts: readonly string[]): string[] {
  return hosts.filter((each) => states.of(each).out === undefined);
}

/** Names of the roles that a play names itself, or of those that others depend on: each once. */
function roleNames(play: Play, dependent: boolean): string[] {
  const names = play.roles.filter((each) => !each.imported && each.parents.length === 0 && (each.dependencyOf !== undefined) === dependent).map((each) => each.name);
  return dependent ? [...new Set(names)] : names;
}
