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
    - { name: Another, file: { path: "{{ where }}/folder/another", state: directory, owner: "{{ user }}", group: "{{ group }}", mode: "0750" } }
    - { name: Its file, copy: { src: practice.txt, dest: "{{ where }}/folder/another/file", owner: "{{ user }}", group: "{{ group }}", mode: "0644" } }
    - { name: Its template, template: { src: practice.j2, dest: "{{ where }}/folder/another/template", owner: "{{ user }}", group: "{{ group }}", mode: "0644" } }
    - { name: Its line, lineinfile: { path: "{{ where }}/folder/another/file", regexp: "^some", line: other } }
    - { name: Its link, file: { src: "{{ where }}/folder/another/file", dest: "{{ where }}/folder/another/link", state: link } }
    - { name: Copy, copy: { content: "{{ name }}\\n", dest: "{{ where }}/folder/copy" }, notify: Handle }
    - { name: Template, template: { src: practice.j2, dest: "{{ where }}/folder/template" }, when: name is defined and folder is changed }
    - { name: Line, lineinfile: { path: "{{ where }}/folder/copy", line: "more {{ item }}" }, loop: "{{ list }}" }
    - { name: Link, file: { src: copy, dest: "{{ where }}/folder/link", state: link } }
    - { name: User, user: { name: root }, check_mode: true }
    - { name: New user, user: { name: rollcall-practice, uid: 59999, group: root, home: /nowhere, shell: /bin/sh, create_home: false }, check_mode: true }
    - { name: New group, group: { name: rollcall-practice, gid: 59999 }, check_mode: true }
    - { name: Command, command: { cmd: "true", creates: "{{ where }}/folder" } }
  handlers:
    - { name: Handle, command: "true" }
`;

/** Runs it on this machine and over ssh to a daemon in this process, first and converged; reports in every usual form. */
export async function practice(runProgram, folder) {
  const file = (name, text) => (writeFileSync(join(folder, name), text), join(folder, name));
  const playbook = file('practice.yml', PLAYBOOK);
  file('practice.j2', '{% for each in range(list | length) %}{{ list[each] + 1 if each >= 1 else inventory_hostname.upper() }}\n{% endfor %}{{ groups["all"][0] == inventory_hostname }}\n');
  file('practice.txt', 'some\n');
  const hostKey = newKey();
  const daemon = new ssh2.Server({ hostKeys: [hostKey.private] }, serve).on('error', () => undefined);
  daemon.listen(0, '127.0.0.1');
  await once(daemon, 'listening');
  const { port } = daemon.address();
  chmodSync(file('key', newKey().private), 0o600);
  chmodSync(file('rsa-key', ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private), 0o600);
  const known = file('known', `[127.0.0.1]:${port} ${hostKey.public}\n`);
  const config = file('config', `Host other\n  HostName 127.0.0.1\n  Port ${port}\n  IdentityFile ${folder}/rsa-key\n  IdentitiesOnly yes\nHost *\n  UserKnownHostsFile ${known}\n  GlobalKnownHostsFile none\n`);
  const inventory = file('hosts', `near ansible_connection=local\nfar ansible_host=127.0.0.1 ansible_port=${port} ansible_ssh_private_key_file=${folder}/key\nother\n[all:vars]\nuser=${nameOf(process.getuid())}\ngroup=${nameOf(process.getgid())}\nwhere="${folder}/{{ inventory_hostname }}"\n`);
  const run = (...words) => runProgram(['run', playbook, '-i', inventory, '--no-journal', '--ssh-config', config, ...words]);
  await run('--check', '--diff', '--output', 'lines');
  // What is changed here as well cannot be changed together: those that are far alone.
  await run('--limit', 'far,other', '--output', 'classic');
  await run('--output', 'classic');
  await run('--output', 'json');
  daemon.close();
}

function nameOf(id) {
  return id === 0 ? 'root' : String(id);
}

/** One key in some two hundred ssh2 writes so that it cannot read it itself. */
function newKey() {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
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
