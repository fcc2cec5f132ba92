import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadFolderVars } from '../../runner/inventory/folder-vars.ts';
import { loadInventory } from '../../runner/inventory/load.ts';
import type { Inventory } from '../../runner/inventory/model.ts';
import { showGraph, showList } from '../../runner/inventory/show.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import { diskReader } from '../../runner/source/disk.ts';

const folder = fileURLToPath(new URL('cases', import.meta.url));
const files = diskReader();
const environment = { filters: new Map(), tests: new Map(), globals: new Map(), lookups: new Map() };

/** The forms in which the reference implementation printed each case; `cases/regenerate.sh` writes them. */
const FORMS: Readonly<Record<string, (inventory: Inventory) => string | undefined>> = {
  'list.json': (inventory) => showList(inventory),
  'export.json': (inventory) => showList(inventory, { export: true }),
  'list.yaml': (inventory) => showList(inventory, { yaml: true }),
  'export.yaml': (inventory) => showList(inventory, { yaml: true, export: true }),
  'list.toml': (inventory) => showList(inventory, { toml: true }),
  'export.toml': (inventory) => showList(inventory, { toml: true, export: true }),
  'graph.txt': (inventory) => showGraph(inventory),
  'graph-vars.txt': (inventory) => showGraph(inventory, 'all', { vars: true }),
};

function load(name: string): Inventory {
  const cwd = join(folder, name);
  const listed = join(cwd, 'sources');
  const sources = existsSync(listed) ? readFileSync(listed, 'utf8').trim().split('\n') : readdirSync(cwd).filter((each) => each.startsWith('hosts'));
  const { inventory, diagnostics } = loadInventory(sources, { files, cwd, environment });
  expect(diagnostics.filter((each) => each.severity === 'error').map(formatDiagnostic)).toEqual([]);
  if (files.isDirectory(join(cwd, 'play'))) inventory.folders.playbook = loadFolderVars(join(cwd, 'play'), files).vars;
  return inventory;
}

const cases = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);

describe.each(cases)('%s', (name) => {
  const expected = readdirSync(join(folder, name, 'expected'));
  test.each(expected)('%s', (form) => {
    expect(FORMS[form]?.(load(name))?.replace(/\n?$/, '\n')).toBe(readFileSync(join(folder, name, 'expected', form), 'utf8'));
  });
});
