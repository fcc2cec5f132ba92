import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labExec } from '../../lab/exec.ts';
import { LabError } from '../../lab/lab-dir.ts';
import { type Lab, labDown, type LabOptions, labUp } from '../../lab/lab.ts';
import { start, type Ran, type Running, removeProgram, ROOT } from './program.ts';

/** The flagship playbook. */
const PLAYBOOK = join(ROOT, 'playbooks/ha-cluster-centos6.yml');

/** Two throwaway hosts, an inventory of them, and a folder to work in. */
export interface Site {
  readonly lab: Lab;
  readonly work: string;
  readonly inventory: string;
  readonly vip: string;
  address(host: string): string;
  /** Starts `rollcall run` of the flagship, or of a playbook's text, with this site's inventory. */
  start(words?: readonly string[], playbook?: string): Running;
  run(words?: readonly string[], playbook?: string): Promise<Ran>;
  /** What a command says on a host, past ssh. */
  on(host: string, command: string): Promise<string>;
  down(): Promise<void>;
}

/** Boots a lab of its own. `vars` are set for all hosts, over those of `inventory/lab.yml`. */
export async function siteUp(subnet: number, options: Partial<LabOptions> = {}, vars: Readonly<Record<string, unknown>> = {}): Promise<Site> {
  const work = mkdtempSync(join(tmpdir(), `rollcall-flagship-${subnet}-`));
  const dir = join(work, 'lab');
  const lab = await labUpSomewhere([subnet, subnet + 100, subnet + 150], { persona: 'centos6', names: ['n1', 'n2'], dir, owner: process.pid, ...options });
  const inventory = join(work, 'hosts.yml');
  writeFileSync(inventory, JSON.stringify(inventoryOf(lab, vars), null, 1));
  const address = (host: string): string => lab.hosts.find((each) => each.name === host)?.address ?? '';
  const site: Site = {
    lab, work, inventory, address,
    vip: `10.66.${lab.subnet}.100`,
    start: (words = [], playbook = PLAYBOOK) => start(work, ['run', playbookFile(work, playbook), '-i', inventory, ...words]),
    run: (words, playbook) => site.start(words, playbook).done,
    on: async (host, command) => (await labExec(host, ['sh', '-c', command], { dir })).stdout,
    async down() {
      await labDown(dir);
      rmSync(work, { recursive: true, force: true });
      removeProgram();
    },
  };
  // Whoever lists the processes of a host shall not meet its daemons on their way up.
  for (const { name } of lab.hosts) {
    const isUp = async (): Promise<boolean> => (await site.on(name, 'cat /run/rollcall-lab/engine 2>/dev/null; :')) !== '';
    await until(isUp, 20, () => site.on(name, 'ps -ef'));
  }
  return site;
}

/** The tests of two checkouts may run on one machine at the same time: the next network then. */
async function labUpSomewhere([subnet = 0, ...others]: readonly number[], options: LabOptions): Promise<Lab> {
  try {
    return await labUp({ ...options, subnet });
  } catch (error) {
    if (others.length === 0 || !(error instanceof LabError)) throw error;
    return labUpSomewhere(others, options);
  }
}

function inventoryOf(lab: Lab, vars: Readonly<Record<string, unknown>>): unknown {
  const hosts = Object.fromEntries(lab.hosts.map(({ name, address }) => [name, { ansible_host: address, ha_fence: [{ name: 'power', port: name }] }]));
  const shared = {
    ansible_user: 'admin',
    ansible_ssh_private_key_file: lab.identityFile,
    ansible_ssh_known_hosts_file: lab.knownHosts,
    ansible_ssh_config_file: 'none',
    ansible_become_password: 'admin',
    ha_vip: `10.66.${lab.subnet}.100`,
    ha_fence_devices: [{ name: 'power', agent: 'fence_lab' }],
    ha_log_path: join(lab.dir, '..', 'ha-log'),
  };
  return { cluster: { hosts, vars: { ...shared, ...vars } } };
}

/** Waits until something holds, looking five times a second; fails with what `tell` finds when it never does. */
export async function until(holds: () => Promise<boolean>, seconds: number, tell: () => Promise<string>): Promise<void> {
  for (const deadline = Date.now() + seconds * 1000; !(await holds());) {
    if (Date.now() > deadline) throw new Error(`did not happen within ${seconds} s: ${await tell()}`);
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

let count = 0;

/** A playbook given as text is written to a file first. */
function playbookFile(work: string, playbook: string): string {
  if (!playbook.includes('\n')) return playbook;
  const path = join(work, `play-${++count}.yml`);
  writeFileSync(path, playbook);
  return path;
}
