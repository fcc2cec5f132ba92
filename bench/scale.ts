/** Ten times as much of one thing at a time, on this machine: time must grow in step, memory must not run away. */
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, type Measured } from './common/measure.ts';
import { seconds } from './common/numbers.ts';
import { benchOptions } from './common/options.ts';
import { table, writeResults } from './common/results.ts';

const options = benchOptions();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-scale-'));
const steps = <T>(few: readonly T[], all: readonly T[]): readonly T[] => (options.quick ? few : all);

try {
  const rows: string[][] = [];
  const note = (what: string, size: string, run: Measured): void => void rows.push([what, size, seconds(run.wall), seconds(run.cpu), `${Math.round(run.peak)} MB`]);
  for (const count of steps([10, 500], [10, 100, 1000, 5000])) {
    note('tasks of a play', String(count), await play(Array.from({ length: count }, (_, index) => `    - file: { path: ${folder}/made, state: directory }\n      name: task ${index}\n`).join('')));
  }
  for (const count of steps([10, 1000], [10, 100, 1000, 10_000])) note('items of a loop', String(count), await play(`    - file: { path: ${folder}/made, state: directory }\n      loop: "{{ range(${count}) | list }}"\n`));
  for (const count of steps([10, 1000], [10, 100, 1000, 10_000])) {
    const inventory = join(folder, `hosts-${count}`);
    writeFileSync(inventory, Array.from({ length: count }, (_, index) => `h${index} number=${index}\n`).join(''));
    const tasks = `    - assert: { that: "groups['all'] | map('extract', hostvars, 'number') | map('int') | sum == ${(count * (count - 1)) / 2}" }\n`;
    note('hosts in hostvars', String(count), await play(tasks, ['-i', inventory, '--limit', 'h0']));
  }
  for (const [label, bytes] of steps([['1 KB', 1024], ['50 MB', 50 * 2 ** 20]] as const, [['1 KB', 1024], ['1 MB', 2 ** 20], ['50 MB', 50 * 2 ** 20], ['500 MB', 500 * 2 ** 20]] as const)) {
    const [source, copy] = [await fileOf(bytes), join(folder, 'copy')];
    rmSync(copy, { force: true });
    note('a file to copy', label, await play(`    - copy: { src: ${source}, dest: ${copy} }\n`));
    if ((await digestOf(source)) !== (await digestOf(copy))) throw new Error(`the copy of ${label} is not the same`);
  }
  for (const [label, bytes] of steps([['1 MB', 2 ** 20], ['100 MB', 100 * 2 ** 20]] as const, [['1 MB', 2 ** 20], ['100 MB', 100 * 2 ** 20], ['1 GB', 2 ** 30]] as const)) {
    note('output of a command', label, await play(`    - shell: head -c ${bytes} /dev/zero | tr '\\0' x\n`));
  }
  const body = table(['what', 'how much', 'wall', 'processor', 'peak memory'], rows);
  if (options.quick) console.log(body);
  else writeResults('scale', 'More of everything', body);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function play(tasks: string, more: readonly string[] = []): Promise<Measured> {
  const playbook = join(folder, 'play.yml');
  writeFileSync(playbook, `- hosts: all\n  connection: local\n  gather_facts: false\n  tasks:\n${tasks}`);
  const inventory = more.includes('-i') ? [] : ['-i', 'h0,'];
  const run = await measure([process.execPath, options.program, 'run', playbook, ...inventory, ...more, '--no-journal', '--output', 'classic']);
  if (run.code !== 0) throw new Error(`exit code ${run.code}\n${run.stdout.slice(-1000)}\n${run.stderr.slice(-1000)}`);
  return run;
}

/** A file of so many bytes that no hole or compression makes smaller. */
async function fileOf(bytes: number): Promise<string> {
  const path = join(folder, 'source');
  const file = await open(path, 'w');
  const block = Buffer.from(Array.from({ length: 2 ** 16 }, (_, index) => (index * 7919) & 0xff));
  for (let left = bytes; left > 0; left -= block.length) {
    block.writeUInt32LE(left >>> 0, 0);
    await file.write(block, 0, Math.min(left, block.length));
  }
  await file.close();
  return path;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
