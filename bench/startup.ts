/** How long the program takes before it does anything: against bare Node, in turns. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure } from './common/measure.ts';
import { factor, median, ratio } from './common/numbers.ts';
import { benchOptions } from './common/options.ts';
import { table, writeResults } from './common/results.ts';

const options = benchOptions();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-startup-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
try {
  const one = file('one.yml', `- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n    - file: { path: ${folder}/made, state: directory }\n`);
  const flagship = join(import.meta.dirname, '../playbooks/ha-cluster-centos6.yml');
  const program = [process.execPath, options.program];
  const runs: Readonly<Record<string, readonly string[]>> = {
    'node -e 0': [process.execPath, '-e', '0'],
    'rollcall --version': [...program, '--version'],
    'rollcall --help': [...program, '--help'],
    'rollcall run --syntax-check (20 tasks)': [...program, 'run', '--syntax-check', join(import.meta.dirname, 'workload/site.yml')],
    'rollcall run, one task on this machine': [...program, 'run', one, '--no-journal', '--output', 'lines'],
    'rollcall run --syntax-check (flagship)': [...program, 'run', '--syntax-check', flagship, '-i', join(import.meta.dirname, '../inventory/lab.yml')],
  };
  const rounds = options.rounds ?? (options.quick ? 5 : 15);
  const times = new Map<string, { wall: number[]; cpu: number[]; peak: number[] }>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, argv] of Object.entries(runs)) {
      const run = await measure(argv);
      if (run.code !== 0) throw new Error(`${name}: exit code ${run.code}\n${run.stderr}`);
      const own = times.get(name) ?? { wall: [], cpu: [], peak: [] };
      own.wall.push(run.wall);
      own.cpu.push(run.cpu);
      own.peak.push(run.peak);
      times.set(name, own);
    }
  }
  const base = times.get('node -e 0')?.wall ?? [];
  const body = table(['command', 'wall', 'processor', 'memory', 'against bare node'], [...times].map(([name, { wall, cpu, peak }]) => [
    `\`${name}\``, `${Math.round(median(wall) * 1000)} ms`, `${Math.round(median(cpu) * 1000)} ms`, `${Math.round(median(peak))} MB`, factor(ratio(wall, base)),
  ]));
  if (options.quick) console.log(body);
  else writeResults('startup', 'Start', body);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
