import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtProgram, removeProgram } from '../flagship/program.ts';
import { makePerson, type Person } from '../transport/people.ts';
import { startSshd, type Sshd } from '../transport/sshd.ts';
import { scratch, type Scratch } from './scratch.ts';

let place: Scratch;
let daemon: Sshd;
/** Needs a password for sudo, and one to log in where the key is not offered. */
let person: Person;

beforeAll(async () => {
  builtProgram();
  daemon = await startSshd();
  // Everybody may log in with the daemon's key.
  chmodSync(daemon.folder, 0o755);
  person = makePerson(['NAME ALL=(ALL) ALL', 'Defaults:NAME timestamp_timeout=0']);
  place = scratch();
  place.file('ssh', `h1 ansible_host=127.0.0.1 ansible_port=${daemon.port} ansible_ssh_known_hosts_file=${daemon.knownHosts}\n`);
  place.file('local', 'n1\nn2\n[all:vars]\nansible_connection=local\n');
  place.file('whoami.yml', '- hosts: all\n  gather_facts: no\n  tasks:\n    - { name: who, shell: "echo I am $(id -un)", register: r }\n    - debug: { var: r.stdout }\n');
});
afterAll(async () => {
  await daemon.stop();
  person.remove();
  place.remove();
  removeProgram();
});

const LINES = ['--output', 'lines', '--no-journal'];
const run = (words: readonly string[], env: Record<string, string> = {}): ReturnType<Scratch['rollcall']> => place.rollcall(['run', ...words, ...LINES], { env });
const who = (text: string): string | undefined => /r\.stdout: I am (\S+)/.exec(text)?.[1];

test('-u, --private-key, -c and -T say how to get to a host', () => {
  const key = ['--private-key', join(daemon.folder, 'id_rsa')];
  expect(who(run(['whoami.yml', '-i', 'ssh', '-u', person.name, ...key]).stdout)).toBe(person.name);
  expect(who(run(['whoami.yml', '-i', 'ssh', '-c', 'local']).stdout)).toBe('root');
  expect(run(['whoami.yml', '-i', 'ssh', '-u', person.name]).status).toBe(4);
  expect(who(run(['whoami.yml', '-i', 'ssh'], { ANSIBLE_REMOTE_USER: person.name, ANSIBLE_PRIVATE_KEY_FILE: join(daemon.folder, 'id_rsa') }).stdout)).toBe(person.name);
  // An address that answers nothing: only the time-out ends the attempt.
  const begun = Date.now();
  expect(run(['whoami.yml', '-i', '192.0.2.99,', '-T', '1', ...key])).toMatchObject({ status: 4, stdout: expect.stringMatching(/192\.0\.2\.99/) as string });
  expect(Date.now() - begun).toBeLessThan(8000);
});

test('host keys are checked, unless the configuration or ssh arguments say otherwise', () => {
  place.file('stranger', `h1 ansible_host=127.0.0.1 ansible_port=${daemon.port} ansible_ssh_known_hosts_file=/dev/null\n`);
  const words = ['whoami.yml', '-i', 'stranger', '-u', 'root', '--private-key', join(daemon.folder, 'id_rsa')];
  expect(run(words)).toMatchObject({ status: 4, stdout: expect.stringContaining('is not known') as string });
  for (const env of [{ ANSIBLE_HOST_KEY_CHECKING: 'False' }, { ANSIBLE_SSH_ARGS: '-C -o StrictHostKeyChecking=no' }]) expect(who(run(words, env).stdout)).toBe('root');
  expect(run([...words, '--host-key-checking', 'strict'], { ANSIBLE_HOST_KEY_CHECKING: 'False' }).status).toBe(4);
});

test('-k and -K ask at the terminal; an empty second answer means the first; nothing typed is shown', async () => {
  const words = ['run', 'whoami.yml', '-i', 'ssh', '-u', person.name, ...LINES];
  const plain = await place.atTerminal([...words, '-k'], [['SSH password: ', person.password]]);
  expect(who(plain.shown)).toBe(person.name);
  const raised = await place.atTerminal([...words, '-kbK'], [['SSH password: ', person.password], ['BECOME password [defaults to SSH password]: ', '']]);
  expect(who(raised.shown)).toBe('root');
  const wrong = await place.atTerminal([...words, '-kbK'], [['SSH password: ', person.password], ['BECOME password', 'wrong one']]);
  expect(wrong).toMatchObject({ code: expect.any(Number) as number, shown: expect.not.stringContaining('r.stdout') as string });
  for (const { shown } of [plain, raised, wrong]) expect(shown).not.toMatch(new RegExp(`${person.password.slice(0, 6)}|wrong one`));
  expect(wrong.code).not.toBe(0);
});

test('password files and programs', () => {
  place.file('pw', `${person.password}\n`, 0o600);
  place.file('pw-program', `#!/bin/sh\ncat '${place.path}/pw'\n`, 0o755);
  const words = ['whoami.yml', '-i', 'ssh', '-u', person.name];
  expect(who(run([...words, '--connection-password-file', 'pw']).stdout)).toBe(person.name);
  const both = [...words, '-b', '--connection-password-file', 'pw-program', '--become-password-file', 'pw-program'];
  expect(who(run(both).stdout)).toBe('root');
  expect(who(run(words, { ANSIBLE_CONNECTION_PASSWORD_FILE: 'pw', ANSIBLE_BECOME: '1', ANSIBLE_BECOME_PASSWORD_FILE: 'pw' }).stdout)).toBe('root');
  expect(run([...words, '--connection-password-file', 'none'])).toMatchObject({ status: 5, stderr: expect.stringContaining("no password file 'none'") as string });
});

test('-e: words, JSON, YAML and files, the last one wins', () => {
  place.file('extra.yml', 'a: from file\nb: from file\n');
  place.file('extra.json', '{"c": [1, 2]}');
  place.file('show.yml', '- hosts: n1\n  gather_facts: no\n  vars: { a: weak, b: weak, c: weak, d: weak }\n  tasks:\n    - debug: { msg: "{{ a }}|{{ b }}|{{ c }}|{{ d }}" }\n');
  const { stdout } = run(['show.yml', '-i', 'local', '-e', '@extra.yml', '-e', '@extra.json', '-e', 'a=word', '-e', '{"b": "json"}', '-e', '{d: [x, y]}']);
  expect(stdout).toContain("word|json|[1, 2]|['x', 'y']");
});

test('vault passwords: files, programs that are told the label, pipes and the terminal', async () => {
  place.file('vpw', 'hunter2\n');
  place.file('ask-client', '#!/bin/sh\n[ "$1 $2" = "--vault-id prod" ] && echo hunter2\n', 0o755);
  place.file('secret.yml', place.rollcall(['vault', 'encrypt', '--vault-id', 'prod@vpw'], { input: 'secret: opened wide\n' }).stdout);
  place.file('vaulted.yml', '- hosts: n1\n  gather_facts: no\n  vars_files: secret.yml\n  tasks:\n    - assert: { that: secret == "opened wide" }\n    - debug: { msg: "{{ secret }}" }\n');
  const words = ['vaulted.yml', '-i', 'local'];
  for (const flags of [['--vault-password-file', 'vpw'], ['--vault-id', 'prod@vpw'], ['--vault-id', 'other@vpw'], ['--vault-id', 'prod@ask-client']]) {
    const { status, stdout } = run([...words, ...flags]);
    expect([status, stdout.includes('opened wide')]).toEqual([0, false]);
  }
  expect(run(words, { ANSIBLE_VAULT_PASSWORD_FILE: 'vpw' }).status).toBe(0);
  expect(run(words)).toMatchObject({ status: 5, stderr: expect.stringContaining('vault password') as string });
  expect(run([...words, '-J'])).toMatchObject({ status: 5, stderr: expect.stringContaining('there is no terminal') as string });
  expect((await place.atTerminal(['run', ...words, '-J', ...LINES], [['Vault password: ', 'hunter2']])).code).toBe(0);
  expect((await place.atTerminal(['run', ...words, '--vault-id', 'prod@prompt', ...LINES], [['Vault password (prod): ', 'hunter2']])).code).toBe(0);
});

test('--start-at-task, --force-handlers, -f and --task-timeout', () => {
  place.file('flow.yml', `- hosts: all
  gather_facts: no
  tasks:
    - { name: first, copy: { content: "{{ inventory_hostname }}", dest: "${place.path}/first-{{ inventory_hostname }}" } }
    - { name: second one, command: "true", notify: mark }
    - { name: third, fail: { msg: stop } }
  handlers:
    - { name: mark, copy: { content: x, dest: "${place.path}/marked-{{ inventory_hostname }}" } }
`);
  expect(run(['flow.yml', '-i', 'local', '--start-at-task', 'second*']).status).toBe(2);
  expect([existsSync(join(place.path, 'first-n1')), existsSync(join(place.path, 'marked-n1'))]).toEqual([false, false]);
  run(['flow.yml', '-i', 'local', '--force-handlers', '--limit', 'n1']);
  expect([existsSync(join(place.path, 'first-n1')), existsSync(join(place.path, 'marked-n1'))]).toEqual([true, true]);
  run(['flow.yml', '-i', 'local', '--limit', 'n2'], { ANSIBLE_FORCE_HANDLERS: 'yes' });
  expect(existsSync(join(place.path, 'marked-n2'))).toBe(true);

  place.file('slow.yml', `- hosts: all\n  gather_facts: no\n  tasks:\n    - shell: "echo begin >>${place.path}/order; sleep 0.3; echo end >>${place.path}/order"\n`);
  run(['slow.yml', '-i', 'local', '-f', '1']);
  expect(readFileSync(join(place.path, 'order'), 'utf8')).toBe('begin\nend\nbegin\nend\n');

  place.file('hang.yml', '- hosts: n1\n  gather_facts: no\n  tasks:\n    - command: sleep 20\n');
  const begun = Date.now();
  for (const [flags, env] of [[['--task-timeout', '1'], {}], [[], { ANSIBLE_TASK_TIMEOUT: '1' }]] as const) expect(run(['hang.yml', '-i', 'local', ...flags], env).status).toBe(2);
  expect(Date.now() - begun).toBeLessThan(12_000);
});
