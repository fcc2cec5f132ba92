/** For the build: what most runs do, done once, so that the functions it needs are compiled. Nothing outside `folder` is touched. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';

const PLAYBOOK = `
- hosts: all
  gather_facts: false
  vars: { name: practice, list: [1, 2, 3] }
  tasks:
    - { name: Folder, file: { path: "{{ where }}/folder", state: directory, mode: "0755" }, register: folder }
    - { name: Copy, copy: { content: "{{ name }}\\n", dest: "{{ where }}/folder/copy" }, notify: Handle }
    - { name: Template, template: { src: practice.j2, dest: "{{ where }}/folder/template" }, when: name is defined and folder is changed }
    - { name: Line, lineinfile: { path: "{{ where }}/folder/copy", line: "more {{ item }}" }, loop: "{{ list }}" }
    - { name: Link, file: { src: copy, dest: "{{ where }}/folder/link", state: link } }
    - { name: User, user: { name: root }, check_mode: true }
    - { name: Group, group: { name: root }, check_mode: true }
    - { name: Command, command: { cmd: "true", creates: "{{ where }}/folder" } }
  handlers:
    - { name: Handle, command: "true" }
`;

/** Runs it on this machine and over ssh to a daemon in this process, first and converged; reports in every usual form. */
export async function practice(runProgram, folder) {
  const file = (name, text) => (writeFileSync(join(folder, name), text), join(folder, name));
  const playbook = file('practice.yml', PLAYBOOK);
  file('practice.j2', '{% for each in list %}{{ each | default(1) }}\n{% endfor %}\n');
  const daemon = new ssh2.Server({ hostKeys: [newKey()] }, serve).on('error', () => undefined);
  daemon.listen(0, '127.0.0.1');
  await once(daemon, 'listening');
  const key = newKey();
  chmodSync(file('key', key), 0o600);
  const inventory = file('hosts', `near ansible_connection=local where=${folder}/near\nfar ansible_host=127.0.0.1 ansible_port=${daemon.address().port} ansible_ssh_private_key_file=${folder}/key where=${folder}/far\n`);
  const run = (...words) => runProgram(['run', playbook, '-i', inventory, '--no-journal', '--host-key-checking', 'off', '--ssh-config', 'none', ...words]);
  await run('--check', '--diff', '--output', 'lines');
  await run('--output', 'classic');
  await run('--output', 'json');
  daemon.close();
}

/** One key in some two hundred ssh2 writes so that it cannot read it itself. */
function newKey() {
  for (;;) {
    const { private: key } = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(key) instanceof Error)) return key;
  }
}

function serve(client) {
  client.on('error', () => undefined).on('authentication', (context) => context.accept()).on('session', (accept) => {
    accept().on('exec', (start, _reject, { command }) => {
      const stream = start();
      const shell = spawn('/bin/sh', ['-c', command], { stdio: 'pipe' });
      stream.pipe(shell.stdin).on('error', () => undefined);
      shell.stdout.pipe(stream, { end: false });
      shell.stderr.pipe(stream.stderr, { end: false });
      shell.on('close', (code) => (stream.exit(code ?? 1), stream.end()));
    });
  });
}
