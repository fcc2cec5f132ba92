import type { Redactor } from '../event/redact.ts';
import { standardEnvironment } from '../expr/environment.ts';
import { joinFolderVars, loadFolderVars } from '../inventory/folder-vars.ts';
import { loadInventory } from '../inventory/load.ts';
import type { Inventory } from '../inventory/model.ts';
import { selectHosts } from '../inventory/pattern.ts';
import { showGraph, showHost, showList } from '../inventory/show.ts';
import { InputError, problem } from '../source/diagnostic.ts';
import { diskReader } from '../source/disk.ts';
import { formatDiagnostic } from '../source/excerpt.ts';
import { didYouMean } from '../util/suggest.ts';
import { keyring, type Keyring } from '../vault/keyring.ts';
import type { InventoryFlags } from './given-flags.ts';
import type { SharedOptions } from './options.ts';
import { parseExtraVars } from './load/extra-vars.ts';
import { inventorySources } from './load/shared-request.ts';
import { readSecrets } from './load/vault-secrets.ts';

/** The text that `rollcall inventory` prints; warnings go to standard error. @throws InputError */
export async function showInventory(group: string, flags: InventoryFlags, options: SharedOptions, redactor: Redactor): Promise<string> {
  const keys = keyring(await readSecrets(options.vaultIds, redactor, options.configured.vaultIdMatch));
  const inventory = readInventory(flags, options, keys);
  if (options.limit !== undefined) cutInventory(inventory, options.limit);
  const extra = parseExtraVars(options.extraVars, diskReader(), { decrypt: (text) => keys.decrypt(text) });
  if (extra.diagnostics.some((each) => each.severity === 'error')) throw new InputError(extra.diagnostics);
  const shown = { yaml: flags.yaml === true, toml: flags.toml === true, export: flags.export === true, extraVars: extra.vars, mergeDicts: options.configured.mergeHashes === true };
  if (flags.list === true) return withNewline(showList(inventory, shown));
  if (flags.host !== undefined) {
    if (!inventory.hosts.has(flags.host)) throw unknown('host', flags.host, inventory.hosts.keys());
    return withNewline(showHost(inventory, flags.host, shown));
  }
  const graph = showGraph(inventory, group, { ...shown, vars: flags.vars === true });
  if (graph === undefined) throw unknown('group', group, inventory.groups.keys());
  return withNewline(graph);
}

/** Takes out every host that `--limit` leaves out. */
function cutInventory(inventory: Inventory, limit: string): void {
  const files = diskReader();
  const { hosts, unmatched } = selectHosts(inventory, 'all', { limit, readFile: (path) => files.read(path) });
  const [word] = unmatched;
  if (word !== undefined) throw new InputError([problem('no-such-host', `'${word}' in --limit matches no host or group of the inventory`, undefined, didYouMean(word, [...inventory.groups.keys(), ...inventory.hosts.keys()]))]);
  const kept = new Set(hosts);
  for (const name of inventory.hosts.keys()) if (!kept.has(name)) inventory.hosts.delete(name);
  for (const group of inventory.groups.values()) for (const name of group.hosts) if (!kept.has(name)) group.hosts.delete(name);
  inventory.version = (inventory.version ?? 0) + 1;
}

function readInventory(flags: InventoryFlags, options: SharedOptions, keys: Keyring): Inventory {
  const files = diskReader();
  const decrypt = (text: string): string => keys.decrypt(text);
  const cwd = process.cwd();
  const { inventory, diagnostics } = loadInventory(inventorySources(options.inventory), { files, cwd, environment: standardEnvironment({}), decrypt });
  const beside = flags.playbookDir === undefined ? [] : [loadFolderVars(flags.playbookDir, files, { cwd, decrypt })];
  inventory.folders.playbook = joinFolderVars(beside.map(({ vars }) => vars));
  const found = [...diagnostics, ...beside.flatMap((each) => each.diagnostics)];
  if (found.some((each) => each.severity === 'error')) throw new InputError(found);
  for (const each of found) process.stderr.write(`${formatDiagnostic(each)}\n\n`);
  return inventory;
}

function unknown(what: string, name: string, known: Iterable<string>): InputError {
  return new InputError([problem(`unknown-${what}`, `the inventory has no ${what} '${name}'`, undefined, didYouMean(name, known))]);
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
