import { labKill } from '../../lab/lab.ts';
import { changedTasks } from '../../runner/event/promises.ts';
import { failedTasks } from './predictions.ts';
import { type Site, siteUp, until } from './site.ts';

/** The whole playbook where /bin/sh is not bash, each time with other choices of its variables. */
let site: Site | undefined;
afterEach(() => site?.down());

const HAS = 'for p in python python2 python3 perl ruby node; do command -v $p; done; readlink -f /bin/sh';

test('dash; SELinux stays enforcing; luci on the first node', async () => {
  site = await siteUp(51, { shell: 'dash' }, { ha_selinux: 'enforcing', ha_luci: true, ha_relocation_test: false });
  expect(await site.on('n1', HAS)).toBe('/usr/bin/dash\n');
  const built = await site.run();
  expect(failedTasks(built.events)).toEqual([]);
  expect(built.code).toBe(0);
  expect(changedTasks((await site.run()).events)).toEqual([]);
  expect(await site.on('n1', 'getenforce; clustat; service luci status; chkconfig --list luci')).toMatch(/^Enforcing[^]*service:IP +n1 +started[^]*luci.*running[^]*luci\s+0:off.*3:on/);
  expect(await site.on('n1', 'getsebool fenced_can_network_connect')).toContain('--> on');
  expect(await site.on('n2', 'getenforce; rpm -q luci')).toMatch(/^Enforcing[^]*not installed/);
});

test('busybox; no fencing: said loudly, and after a crash the address stays away', async () => {
  site = await siteUp(52, { shell: 'busybox' }, { ha_fence_devices: [] });
  const { vip } = site;
  expect(await site.on('n1', HAS)).toMatch(/busybox\n$/);
  const built = await site.run();
  expect(failedTasks(built.events)).toEqual([]);
  expect(built.code).toBe(0);
  expect(built.stdout).toContain(`NO FENCING: ha_fence_devices is empty`);
  expect(built.stdout).toContain(`the survivor will NOT take over ${vip}`);
  expect(changedTasks((await site.run()).events)).toEqual([]);
  expect(await site.on('n1', 'ip -4 -o addr')).toContain(vip);
  await labKill('n1', site.lab.dir);
  const there = site;
  await until(async () => /n1 +1 Offline/.test(await there.on('n2', 'clustat')), 20, () => there.on('n2', 'clustat'));
  // With fencing the address has moved after two seconds.
  await new Promise((wake) => setTimeout(wake, 6000));
  expect(await site.on('n2', 'ip -4 -o addr')).not.toContain(vip);
  expect(await site.on('n2', 'cat /var/log/messages')).toMatch(/fenc/i);
});
