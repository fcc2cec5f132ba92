import { addChild, addGroup, addHost, emptyInventory, reconcile } from '../../runner/inventory/change.ts';
import type { FolderVars, VarLayer } from '../../runner/inventory/model.ts';
import { groupNames, hostLayers } from '../../runner/inventory/vars.ts';
import { groupMembers } from '../../runner/inventory/members.ts';

const layer = (origin: string): VarLayer => ({ origin, vars: new Map() });

function folder(name: string): FolderVars {
  const layers = (...names: string[]): [string, VarLayer[]][] => names.map((each) => [each, [layer(`${name} ${each}`)]]);
  return { group: new Map(layers('all', 'a', 'top')), host: new Map(layers('h', 'localhost')) };
}

function sample(): ReturnType<typeof emptyInventory> {
  const inventory = emptyInventory();
  addGroup(inventory, 'top');
  addHost(inventory, 'h', { group: 'b' });
  addHost(inventory, 'h', { group: 'a' });
  addChild(inventory, 'top', 'a');
  reconcile(inventory);
  return { ...inventory, folders: { inventory: folder('inv'), playbook: folder('play') } };
}

test('layers stand in the order of their strength', () => {
  expect(hostLayers(sample(), 'h').map((each) => each.origin)).toEqual([
    '[all:vars]', '[b:vars]', '[top:vars]', '[a:vars]', 'inv all', 'play all', 'inv top', 'inv a', 'play top', 'play a', 'host h', 'inv h', 'play h',
  ]);
});

test('this machine has the variables of all, without being in the inventory', () => {
  const layers = hostLayers(sample(), 'localhost');
  expect(layers.map((each) => each.origin)).toEqual(['[all:vars]', 'inv all', 'play all', 'implicit localhost', 'inv localhost', 'play localhost']);
  expect(layers.flatMap((each) => [...each.vars])).toEqual([['ansible_connection', 'local']]);
});

test('a run that adds hosts and groups sees them at once', () => {
  const inventory = sample();
  expect(groupNames(inventory, 'h')).toEqual(['a', 'b', 'top']);
  expect(groupMembers(inventory, 'top')).toEqual(['h']);
  addHost(inventory, 'new', { group: 'a' });
  addHost(inventory, 'h', { group: 'late' });
  addHost(inventory, 'alone');
  reconcile(inventory);
  expect(groupMembers(inventory, 'top')).toEqual(['h', 'new']);
  expect(groupNames(inventory, 'h')).toEqual(['a', 'b', 'late', 'top']);
  expect(groupNames(inventory, 'alone')).toEqual(['ungrouped']);
  expect(groupMembers(inventory, 'all')).toContain('alone');
});

test('the layers follow the folder of the playbook that is being run', () => {
  const inventory = sample();
  hostLayers(inventory, 'h');
  inventory.folders.playbook = folder('other');
  expect(hostLayers(inventory, 'h').map((each) => each.origin)).toContain('other a');
});

test('a loop among groups is refused, whatever its length', () => {
  const inventory = emptyInventory();
  for (const name of ['x', 'y', 'z']) addGroup(inventory, name);
  expect([addChild(inventory, 'x', 'y'), addChild(inventory, 'y', 'z')]).toEqual([undefined, undefined]);
  expect(addChild(inventory, 'z', 'x')).toMatch(/would close a loop/);
});
