import { dirname, join, resolve } from 'node:path';
import type { Environment } from '../../expr/scope.ts';
import { configLookup } from '../../config/config-lookup.ts';
import type { SettingValues } from '../../config/settings.ts';
import { standardEnvironment } from '../../expr/environment.ts';
import { joinFolderVars, loadFolderVars } from '../../inventory/folder-vars.ts';
import { brokenVars } from '../../inventory/broken-vars.ts';
import { loadInventory } from '../../inventory/load.ts';
import type { Inventory } from '../../inventory/model.ts';
import { select, type Selection } from '../../plan/select.ts';
import { loadPlaybook } from '../../playbook/load.ts';
import type { LoadContext } from '../../playbook/load-context.ts';
import type { Playbook } from '../../playbook/model.ts';
import type { Diagnostic } from '../../source/diagnostic.ts';
import { diskReader } from '../../source/disk.ts';
import type { FileReader } from '../../source/reader.ts';
import { createRegistry, type Registry } from '../../task/registry.ts';
import { textsIn, type Tree } from '../../template/tree.ts';
import { keyring, type Keyring } from '../../vault/keyring.ts';
import type { VaultSecret } from '../../vault/vault.ts';
import { builtinControls, builtinTasks } from '../../../tasks/index.ts';
import { loadUserTasks } from './user-tasks.ts';
import { templateLookups } from '../../template/template-lookup.ts';
import { vaultReader } from './vault-reader.ts';

/** Where the input of a run is. */
export interface Sources {
  readonly cwd: string;
  readonly playbooks: readonly string[];
  readonly inventories: readonly string[];
  readonly taskPaths: readonly string[];
  readonly rolesPath: readonly string[];
  /** Folders that hold `ansible_collections`. */
  readonly collectionsPath?: readonly string[];
  /** What ansible.cfg and the environment set. */
  readonly configured?: SettingValues;
  readonly extraVars: ReadonlyMap<string, Tree>;
  readonly vaultSecrets: readonly VaultSecret[];
  readonly selection: Selection;
  /** In place of the controller's own file system. */
  readonly files?: FileReader;
}

/** Everything that is known before a host is contacted. */
export interface Loaded {
  readonly files: FileReader;
  readonly keys: Keyring;
  readonly environment: Environment;
  readonly registry: Registry;
  readonly inventory: Inventory;
  /** False when a source of it could not be read. */
  readonly inventoryRead: boolean;
  /** Reads its sources again. */
  reloadInventory(): Inventory;
  /** Whole, as written. */
  readonly playbooks: readonly Playbook[];
  /** Cut down to what was asked for. */
  readonly selected: readonly Playbook[];
  readonly load: LoadContext;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks everything; contacts nobody. `secret` is told of every value that no sink may show. */
export async function loadRun(sources: Sources, secret: (value: string) => void): Promise<Loaded> {
  const keys = keyring(sources.vaultSecrets);
  const disk = sources.files ?? diskReader();
  const files = vaultReader(disk, keys);
  const decrypt = (text: string): string => keys.decrypt(text);
  for (const { password } of sources.vaultSecrets) secret(String(password));
  const environment: Environment = {
    ...standardEnvironment({ lookups: new Map([...templateLookups(), ['config', configLookup(sources.configured ?? {})]]) }),
    vault(text) {
      const content = keys.decrypt(text);
      secret(content.trimEnd());
      return content;
    },
  };
  const playbookPaths = sources.playbooks.map((path) => resolve(sources.cwd, path));
  const folders = [...new Set(playbookPaths.map((path) => dirname(path)))];
  const user = await loadUserTasks([...folders.map((folder) => join(folder, 'tasks')), ...sources.taskPaths.map((path) => resolve(sources.cwd, path))], files);
  const registry = createRegistry([...builtinTasks, ...user.tasks], [...builtinControls, ...user.controls]);
  const readInventory = (): ReturnType<typeof loadInventory> => loadInventory(sources.inventories, { files: disk, cwd: sources.cwd, environment, decrypt });
  const { inventory, diagnostics: fromInventory } = readInventory();
  const beside = folders.map((folder) => loadFolderVars(folder, disk, { cwd: sources.cwd, decrypt }));
  inventory.folders.playbook = joinFolderVars(beside.map(({ vars }) => vars));
  for (const text of vaultedTexts(inventory)) secret(text);
  const load: LoadContext = { files, registry, environment, rolesPath: sources.rolesPath.map((path) => resolve(sources.cwd, path)), collectionsPath: (sources.collectionsPath ?? []).map((path) => resolve(sources.cwd, path)), extraVars: sources.extraVars };
  const playbooks: Playbook[] = [];
  const diagnostics: Diagnostic[] = [...user.diagnostics, ...fromInventory, ...beside.flatMap((each) => each.diagnostics), ...brokenVars(inventory, environment)];
  for (const path of playbookPaths) {
    const loaded = loadPlaybook(path, { ...load, firstPlay: playbooks.reduce((sum, each) => sum + each.plays.length, 0) });
    playbooks.push(loaded.playbook);
    diagnostics.push(...loaded.diagnostics);
  }
  const cut = select(playbooks, sources.selection);
  return { files, keys, environment, registry, inventory, inventoryRead: !fromInventory.some((each) => each.severity === 'error'), reloadInventory: () => readInventory().inventory, playbooks, selected: cut.playbooks, load, diagnostics: [...diagnostics, ...cut.diagnostics] };
}

/** What stood in encrypted files of variables. */
function vaultedTexts(inventory: Inventory): string[] {
  const folders = [inventory.folders.inventory, inventory.folders.playbook];
  const layers = folders.flatMap((folder) => [...folder.group.values(), ...folder.host.values()]).flat();
  return layers.filter((layer) => layer.vaulted === true).flatMap((layer) => [...layer.vars.values()].flatMap(textsIn));
}
