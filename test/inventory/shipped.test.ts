import { fileURLToPath } from 'node:url';
import { targetFrom } from '../../runner/inventory/connection.ts';
import { HostScope } from '../../runner/inventory/host-scope.ts';
import { loadInventory } from '../../runner/inventory/load.ts';
import type { Inventory } from '../../runner/inventory/model.ts';
import { groupMembers } from '../../runner/inventory/members.ts';
import { diskReader } from '../../runner/source/disk.ts';
import { toJson } from '../../runner/expr/convert.ts';

const cwd = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const environment = { filters: new Map(), tests: new Map(), globals: new Map(), lookups: new Map() };

function load(path: string): Inventory {
  const { inventory, diagnostics } = loadInventory([path], { files: diskReader(), cwd, environment });
  expect(diagnostics).toEqual([]);
  return inventory;
}

test('the lab is reached as admin, with its own key and its own known hosts', () => {
  const inventory = load('inventory/lab.yml');
  expect(groupMembers(inventory, 'cluster')).toEqual(['n1', 'n2']);
  const scope = new HostScope(inventory, 'n2', environment);
  const { target, problems } = targetFrom('n2', (name) => {
    const value = scope.lookup(name);
    return value === undefined ? undefined : toJson(value);
  });
  expect(problems).toEqual([]);
  expect(target).toEqual({
    name: 'n2', transport: 'ssh', address: '10.66.6.12', port: 22, user: 'admin', sshConfig: 'none',
    privateKey: `${cwd}/inventory/../.rollcall/lab/id_rsa`, knownHosts: [`${cwd}/inventory/../.rollcall/lab/known_hosts`],
  });
});

test('the examples can be read', () => {
  expect(groupMembers(load('inventory/example-centos6.yml'), 'cluster')).toEqual(['n1', 'n2']);
  expect(groupMembers(load('inventory/example.ini'), 'production')).toHaveLength(11);
});
