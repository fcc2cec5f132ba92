import { beforeAll, describe, expect, test } from '@jest/globals';
import { labKill, labLink, labList, labStart } from '../../lab/lab.ts';
import { until } from '../../lab/run.ts';
import { useLab } from './lab-for-tests.ts';

/** A little faster than a lab is by itself. Deadlines are generous: nobody waits for one that is met. */
const rig = useLab({ persona: 'centos6', conf: { TIME_SCALE: '0.07' } });

function address(last: number): string {
  return `10.66.${rig.lab.subnet}.${last}`;
}

/** A two-node cluster.conf with an address as its service, with or without devices to fence by. */
function clusterConf(version: number, options: { service?: boolean; fence?: boolean } = {}): string {
  const node = (id: number): string => {
    const device = options.fence ? `<device name="power" port="n${id}"/>` : '';
    return `<clusternode name="n${id}" votes="1" nodeid="${id}"><fence><method name="single">${device}</method></fence></clusternode>`;
  };
  const devices = options.fence ? '<fencedevice name="power" agent="fence_lab"/>' : '';
  const service = `<service autostart="1" name="IP" recovery="relocate"><ip address="${address(100)}" monitor_link="on" sleeptime="10"/></service>`;
  return `<?xml version="1.0"?>
<cluster name="hacluster" config_version="${version}"><cman two_node="1" expected_votes="1"/><clusternodes>${node(1)}${node(2)}</clusternodes>
<fencedevices>${devices}</fencedevices><rm><failoverdomains/><resources/>${options.service ? service : ''}</rm></cluster>
`;
}

async function both(script: string): Promise<readonly string[]> {
  const said = await Promise.all(['n1', 'n2'].map((name) => rig.on(name, script)));
  return said.map((each) => each.stdout);
}

async function putConf(text: string): Promise<void> {
  await both(`mkdir -p /etc/cluster; cat >/etc/cluster/cluster.conf <<'END'\n${text}END`);
}

async function members(name: string): Promise<string> {
  return (await rig.on(name, 'cman_tool nodes -F name,type')).stdout.trim().replaceAll('\n', ', ');
}

async function bothManage(name: string): Promise<boolean> {
  return until(async () => (await rig.on(name, 'clustat -x')).stdout.match(/ rgmanager="1"/g)?.length === 2, 20);
}

async function holdsAddress(name: string): Promise<boolean> {
  return (await rig.on(name, 'ip -o -4 addr show')).stdout.includes(`${address(100)}/24`);
}

const letIn = (other: number): string => `iptables -I INPUT 5 -s ${address(10 + other)} -j ACCEPT`;

describe('two simulated nodes', () => {
  beforeAll(async () => {
    await both(`yum -q -y groupinstall ha; printf '%s n1\\n%s n2\\n' ${address(11)} ${address(12)} >>/etc/hosts`);
    await putConf(clusterConf(1));
  });

  test('cman refuses while NetworkManager is on', async () => {
    await rig.on('n1', 'yum -q -y install NetworkManager');
    const said = await rig.on('n1', 'service cman start');
    expect(said.code).toBe(1);
    expect(said.stdout).toContain('Network Manager is either running or configured to run. Please disable it in the cluster.\n[FAILED]');
    await rig.on('n1', 'chkconfig NetworkManager off');
  });

  test('the default firewall keeps them apart, the rule of the tutorial lets them together', async () => {
    const starts = await both('service cman start; echo rc $?; service cman status');
    for (const said of starts) {
      expect(said).toContain('fence_tool: continuing without all members');
      expect(said).toContain('rc 0');
      expect(said).toContain('cluster is running.');
    }
    expect(await members('n1')).toBe('n1 M, n2 X');
    expect(await members('n2')).toBe('n1 X, n2 M');
    await Promise.all([rig.on('n1', letIn(2)), rig.on('n2', letIn(1))]);
    expect(await until(async () => (await members('n1')) === 'n1 M, n2 M' && (await members('n2')) === 'n1 M, n2 M', 20)).toBe(true);
    expect((await rig.on('n1', 'cat /var/log/messages')).stdout).toMatch(/n1 corosync\[\d+\]: \[QUORUM\] Members\[2\]: 1 2\n/);
  });

  test('a new configuration is taken by all when its version is higher, and the address comes up on n1', async () => {
    await both('service rgmanager start');
    expect(await bothManage('n2')).toBe(true);
    expect(await rig.on('n1', 'cman_tool version -r -S')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'cman_tool: Not reloading, config version older or equal the running config\n',
    });
    await putConf(clusterConf(2, { service: true }));
    expect(await rig.on('n1', 'cman_tool version -r -S')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await until(async () => (await rig.on('n2', 'cman_tool version')).stdout === '6.2.0 config 2\n', 20)).toBe(true);
    expect(await until(() => holdsAddress('n1'), 20)).toBe(true);
    expect(await holdsAddress('n2')).toBe(false);
    expect((await rig.on('n1', 'cat /var/log/messages')).stdout).toMatch(/stopped serviceservice:IP\n.*Adding IPv4 .*\n.*Service service:IP started\n/);
  });

  test('ccs_sync carries the file to the other node with root’s password, and says done when it was not', async () => {
    await both('service ricci start >/dev/null');
    const bump = (to: number): string => `sed -i 's/config_version="[0-9]*"/config_version="${to}"/' /etc/cluster/cluster.conf`;
    const version = "sed -n 's/.*config_version=\"\\([0-9]*\\)\".*/\\1/p' /etc/cluster/cluster.conf";
    await rig.on('n1', bump(3));
    expect((await rig.on('n1', "printf 'wrong\\nwrong\\n' | ccs_sync")).stderr).toContain('Unable to authenticate to the ricci daemon on n2');
    expect((await rig.on('n1', "printf 'root\\nroot\\n' | cman_tool version -r")).code).toBe(0);
    expect((await rig.on('n2', version)).stdout).toBe('3\n');
    await rig.on('n2', 'echo CCS_SYNC_LIES=1 >>/etc/rollcall-lab.conf');
    await rig.on('n1', bump(4));
    expect((await rig.on('n1', 'ccs_sync')).code).toBe(0);
    expect((await rig.on('n2', version)).stdout).toBe('3\n');
    await rig.on('n1', bump(3));
  });

  test('clusvcadm moves it, takes a wrong name for the closest, and exits with rgmanager’s code', async () => {
    const moved = 'Trying to relocate service:IP to n2...Success\nservice:IP is now running on n2\n';
    expect(await rig.on('n1', 'clusvcadm -r IP -m n2')).toEqual({ code: 0, stdout: moved, stderr: '' });
    expect([await holdsAddress('n1'), await holdsAddress('n2')]).toEqual([false, true]);
    const fuzzy = await rig.on('n1', 'clusvcadm -r IP -m n12');
    expect(fuzzy.stdout.split('\n').slice(0, 2)).toEqual(["'n12' not in membership list", "Closest match: 'n1'"]);
    expect(fuzzy.stdout).toMatch(/to n1\.\.\.Success\nservice:IP is now running on n1\n$/);
    const words = '"-d IP" "-r IP" "-e IP -m n1" "-e IP" "-e nosuch" "-r nosuch -m n1"';
    const codes = await rig.on('n2', `for words in ${words}; do clusvcadm $words >/dev/null; printf "%s " $?; done`);
    expect(codes.stdout).toBe('0 248 0 0 252 252 ');
    expect(await holdsAddress('n1')).toBe(true);
  });

  test('without a fence device nothing moves when a node dies, until an operator vouches for it', async () => {
    await labKill('n1', rig.lab.dir);
    const isFencing = async (): Promise<boolean> => (await rig.on('n2', 'fence_tool ls')).stdout.includes('wait state    fencing\n');
    expect(await until(isFencing, 15)).toBe(true);
    expect((await rig.on('n2', 'cat /var/log/messages')).stdout).toContain('fence n1 dev 0.0 agent none result: error no device');
    await new Promise((wake) => setTimeout(wake, 2000));
    expect([await holdsAddress('n2'), await isFencing()]).toEqual([false, true]);
    expect((await rig.on('n2', 'clustat')).stdout).toMatch(/ n1 +1 Offline\n/);
    await rig.on('n2', 'echo absolutely | fence_ack_manual n1');
    expect(await until(() => holdsAddress('n2'), 20)).toBe(true);
  });

  test('with one, the node is really switched off and the address moves', async () => {
    await labStart('n1', rig.lab.dir);
    await rig.on('n1', letIn(2));
    await putConf(clusterConf(4, { service: true, fence: true }));
    expect((await rig.on('n2', 'cman_tool version -r -S')).code).toBe(0);
    await rig.on('n1', 'service cman start && service rgmanager start');
    expect(await bothManage('n2')).toBe(true);
    expect((await rig.on('n1', 'fence_lab -o status -n n2')).stdout).toBe('Status: ON\n');
    // The cable is out, the node itself is fine: it holds the address and must be shot before another may have it.
    await labLink('n2', 'down', rig.lab.dir);
    expect(await until(() => holdsAddress('n1'), 20)).toBe(true);
    expect(labList(rig.lab.dir).map((host) => host.up)).toEqual([true, false]);
    expect((await rig.on('n1', 'cat /var/log/cluster/fenced.log')).stdout).toContain('fence n2 success');
  });

  test('an orderly stop hands the service over', async () => {
    await labStart('n2', rig.lab.dir);
    await rig.on('n2', letIn(1));
    await rig.on('n2', 'service cman start && service rgmanager start');
    expect(await bothManage('n1')).toBe(true);
    await rig.on('n1', 'service rgmanager stop; service cman stop');
    expect(await until(() => holdsAddress('n2'), 20)).toBe(true);
    const stopped = await rig.on('n1', 'service cman status; echo $?; service rgmanager status; echo $?');
    expect(stopped.stdout).toBe('corosync is stopped\n3\nrgmanager is stopped\n3\n');
    expect(await members('n2')).toBe('n1 X, n2 M');
    expect((await rig.on('n2', 'fence_tool ls')).stdout).toContain('victim count  0\n');
  });
});
