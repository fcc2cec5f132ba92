/** Hundreds of hosts: over ssh to daemons on this machine, against tuned Ansible; and thousands of simulated ones through the engine. */
import { startFleet } from './common/fleet.ts';
import { measure, type Measured } from './common/measure.ts';
import { factor, seconds } from './common/numbers.ts';
import { benchOptions } from './common/options.ts';
import { table, writeResults } from './common/results.ts';
import { simulate } from './common/simulated.ts';

/** Hosts that Ansible takes part with: more would take minutes. */
const ANSIBLE_HOSTS = 100;

/** Hosts worked on at a time where nobody says otherwise. */
const DEFAULT_FORKS = 20;

const options = benchOptions();
const fleet = await startFleet(4);
const parts: string[] = [];
try {
  // Patience: so many daemons share the processors with what they serve.
  const runOn = async (count: number, playbook: string, forks = count): Promise<Measured> => {
    const run = await measure([process.execPath, options.program, 'run', playbook, '-i', fleet.inventory(count), '-f', String(forks), '--no-journal', '--output', 'classic', '--host-key-checking', 'off', '--ssh-config', 'none', '-T', '30']);
    if (run.code !== 0) throw new Error(`rollcall, ${count} hosts: exit code ${run.code}\n${run.stdout.slice(-1000)}\n${run.stderr.slice(-1000)}`);
    return run;
  };
  const rollcall = async (count: number, tasks: number): Promise<Measured> => {
    const run = await runOn(count, fleet.playbook(tasks));
    fleet.verify(count, tasks);
    return run;
  };
  const rows: string[][] = [];
  for (const count of options.hosts ?? (options.quick ? [100] : [100, 500, 1000])) {
    for (const tasks of [1, 3]) {
      fleet.reset();
      const [first, again] = [await rollcall(count, tasks), await rollcall(count, tasks)];
      rows.push([String(count), String(tasks), seconds(first.wall), seconds(again.wall), seconds(again.cpu), `${Math.round(Math.max(first.peak, again.peak))} MB`]);
    }
  }
  parts.push('Over ssh; the daemons and their shells run on the same processors.', table(['hosts', 'tasks', 'first run', 'converged', 'processor of Rollcall, converged', 'peak memory'], rows));
  fleet.reset();
  await rollcall(1, 1);
  const long = fleet.longPlaybook();
  await runOn(1, long);
  const longRows: string[][] = [];
  for (const count of options.hosts ?? (options.quick ? [100] : [100, 200, 500, 1000])) {
    for (const forks of [count, DEFAULT_FORKS]) {
      const run = await runOn(count, long, forks);
      if (run.stdout.includes('changed: [')) throw new Error(`${count} hosts were not what they should be before the long play`);
      longRows.push([String(count), String(forks), seconds(run.wall), seconds(run.cpu), `${Math.round(run.peak)} MB`, `${Math.round(150 + 0.06 * count)} MB`]);
    }
  }
  parts.push('A converged play of a hundred tasks (folders, files, templates, lines, links, guarded commands):', table(['hosts', 'forks', 'wall', 'processor of Rollcall', 'peak memory', '150 MB + 60 KB a host'], longRows));
  if (!options.alone) {
    fleet.reset();
    const ansible = await measure(['ansible-playbook', fleet.playbook(3), '-i', fleet.inventory(ANSIBLE_HOSTS)], {
      env: { ANSIBLE_PIPELINING: '1', ANSIBLE_FORKS: String(ANSIBLE_HOSTS), ANSIBLE_SSH_TRANSFER_METHOD: 'piped', ANSIBLE_HOST_KEY_CHECKING: '0', ANSIBLE_SSH_ARGS: '-o ControlMaster=auto -o ControlPersist=2s -o UserKnownHostsFile=/dev/null', ANSIBLE_HOME: fleet.folder },
    });
    if (ansible.code !== 0) throw new Error(`ansible: exit code ${ansible.code}\n${ansible.stdout.slice(-1000)}\n${ansible.stderr.slice(-500)}`);
    fleet.verify(ANSIBLE_HOSTS, 3);
    fleet.reset();
    const own = await rollcall(ANSIBLE_HOSTS, 3);
    parts.push(`${ANSIBLE_HOSTS} hosts × 3 tasks, first run: tuned ansible-core ${seconds(ansible.wall)}, Rollcall ${seconds(own.wall)}: ${factor(ansible.wall / own.wall)} times.`);
  }
} finally {
  fleet.close();
}
await simulate(200, 3);
const simulated: string[][] = [];
for (const count of options.quick ? [500, 1000] : [1000, 2000, 5000, 10_000]) {
  const { seconds: wall, heap, results } = await simulate(count, 3);
  if (results !== count * 3) throw new Error(`${results} results of ${count * 3}`);
  simulated.push([String(count), seconds(wall), `${((wall / results) * 1e6).toFixed(0)} µs`, `${heap.toFixed(0)} MB`, `${((heap * 1024) / count).toFixed(1)} KB`]);
}
parts.push('Simulated hosts × 3 commands, through the whole engine:', table(['hosts', 'wall', 'per host and task', 'memory', 'per host'], simulated));
if (options.quick) console.log(parts.join('\n\n'));
else writeResults('fleet', 'Fleets', parts.join('\n\n'));
