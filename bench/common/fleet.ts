import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeKey } from '../../lab/keys.ts';

/** Hosts without number, each with a folder of its own. */
export interface Fleet {
  readonly folder: string;
  /** Writes an inventory of so many hosts; returns its path. */
  inventory(count: number): string;
  /** Writes a playbook of the first so many of the three tasks; returns its path. */
  playbook(tasks: number): string;
  /** Writes a playbook of a hundred tasks about what all hosts share: once one of them has it, all have; returns its path. */
  longPlaybook(): string;
  reset(): void;
  /** @throws Error naming the hosts that have not what they should */
  verify(count: number, tasks: number): void;
  close(): void;
}

const JITI = join(import.meta.dirname, '../../node_modules/jiti/lib/jiti-cli.mjs');

const TASKS = [
  '    - file: { path: "FOLDER/state/{{ inventory_hostname }}", state: directory, mode: "0755" }',
  '    - copy: { content: "of {{ inventory_hostname }}\\n", dest: "FOLDER/state/{{ inventory_hostname }}/file", mode: "0644" }',
  '    - lineinfile: { path: "FOLDER/state/{{ inventory_hostname }}/lines", line: "a line", create: true }',
];

const LONG_TASKS = [
  (index: number) => `file: { path: "FOLDER/state/shared/${index}", state: directory, mode: "0755" }`,
  (index: number) => `copy: { content: "the content of file ${index}\\nand a second line\\n", dest: "FOLDER/state/shared/${index}", mode: "0644" }`,
  (index: number) => `lineinfile: { path: "FOLDER/state/shared/${index}", regexp: "^key=", line: "key=${index}", create: true, mode: "0644" }`,
  (index: number) => `template: { src: long.j2, dest: "FOLDER/state/shared/${index}", mode: "0644" }`,
  (index: number) => `file: { src: "${index - 1}", dest: "FOLDER/state/shared/${index}", state: link }`,
  (index: number) => `command: { cmd: "touch FOLDER/state/shared/${index}", creates: "FOLDER/state/shared/${index}" }`,
  (index: number) => `blockinfile: { path: "FOLDER/state/shared/${index}", block: "one\\ntwo\\n${index}", create: true, mode: "0644" }`,
] as const;

/** Starts the daemons. */
export async function startFleet(daemons: number): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-fleet-'));
  await makeKey(join(folder, 'key'), 'ed25519', 'fleet');
  const children = Array.from({ length: daemons }, () => spawn(process.execPath, [JITI, join(import.meta.dirname, 'fleet-server.ts'), join(folder, 'key')], { stdio: ['pipe', 'pipe', 'inherit'] }));
  const ports = await Promise.all(children.map(portOf));
  const state = join(folder, 'state');
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    folder,
    inventory: (count) => write(`hosts-${count}`, `${Array.from({ length: count }, (_, index) => `h${index} ansible_port=${ports[index % ports.length] ?? 0}\n`).join('')}[all:vars]\nansible_host=127.0.0.1\nansible_user=root\nansible_ssh_private_key_file=${folder}/key\nansible_python_interpreter=/usr/bin/python3\n`),
    playbook: (tasks) => write(`play-${tasks}.yml`, `- hosts: all\n  gather_facts: false\n  tasks:\n${TASKS.slice(0, tasks).join('\n').replaceAll('FOLDER', folder)}\n`),
    longPlaybook() {
      write('long.j2', 'hello\n{% for number in range(20) %}\nline {{ number }}\n{% endfor %}\n');
      const tasks = Array.from({ length: 100 }, (_, index) => LONG_TASKS[index % LONG_TASKS.length]?.(index) ?? '');
      const all = ['file: { path: "FOLDER/state/shared", state: directory, mode: "0755" }', ...tasks].slice(0, 100);
      return write('long.yml', `- hosts: all\n  gather_facts: false\n  tasks:\n${all.map((task) => `    - ${task}\n`).join('')}`.replaceAll('FOLDER', folder));
    },
    reset() {
      rmSync(state, { recursive: true, force: true });
    },
    verify(count, tasks) {
      const wanted = ['', 'file:of NAME\n', 'lines:a line\n'].slice(0, tasks).filter((each) => each !== '');
      const found = new Set(readdirSync(state));
      const wrong = Array.from({ length: count }, (_, index) => `h${index}`).filter((name) => !found.has(name) || wanted.some((each) => {
        const [file = '', text = ''] = each.replace('NAME', name).split(':');
        return readFileSync(join(state, name, file), 'utf8') !== text;
      }));
      if (wrong.length > 0) throw new Error(`not done on ${wrong.length} hosts: ${wrong.slice(0, 5).join(', ')}`);
    },
    close() {
      for (const child of children) child.stdin?.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a daemon of the fleet ended before it listened: exit code ${String(code)}`);
  });
  const [text] = (await Promise.race([once(child.stdout ?? child, 'data'), ended])) as [Buffer];
  return Number(text.toString().trim());
}
