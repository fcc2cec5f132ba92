import { execFileSync, spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
// Below node_modules, so that the built program finds its dependencies.
const OUT = mkdtempSync(join(ROOT, 'node_modules/.rollcall-test-'));
const work = mkdtempSync(join(tmpdir(), 'rollcall-cli-'));
const MAIN = join(OUT, 'main.cjs');

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), relative(ROOT, OUT)]);
  writeFileSync(join(work, 'site.yml'), '- name: Here\n  hosts: all\n  connection: local\n  tasks:\n    - name: Write\n      copy: { content: "one\\n", dest: "{{ playbook_dir }}/{{ inventory_hostname }}.txt" }\n');
  writeFileSync(join(work, 'slow.yml'), '- hosts: all\n  connection: local\n  tasks:\n    - name: Wait\n      command: sleep 30\n');
  writeFileSync(join(work, 'broken.yml'), '- hosts: all\n  tasks:\n    - coppy: { dest: /x }\n');
});

afterAll(() => {
  rmSync(OUT, { recursive: true, force: true });
  rmSync(work, { recursive: true, force: true });
});

function rollcall(...words: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [MAIN, ...words], { cwd: work, encoding: 'utf8', timeout: 20_000, input: '' });
}

test('--version and --help', () => {
  expect(rollcall('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^rollcall \d+\.\d+\.\d+\n$/) as string, stderr: '' });
  expect(rollcall('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('rollcall run site.yml') as string });
});

test.each([
  [['rnu'], 'Did you mean run?'],
  [['run', '--chekc', 'site.yml'], 'Did you mean --check?'],
  [['run', 'broken.yml', '-i', 'n1,'], "did you mean 'copy'?"],
  [['run', 'none.yml', '-i', 'n1,'], 'none.yml'],
  [['run', 'site.yml', '-i', 'n1,', '-k'], 'use --connection-password-file'],
  [['run', 'site.yml', '-i', 'n1,', '-e', 'oops'], 'holds no variables'],
  [['doc', 'coppy'], "did you mean 'copy'?"],
  [['replay', 'none'], "there is no journal or run 'none'"],
])('%j is bad input: exit 5', (words, message) => {
  const { status, stderr } = rollcall(...words);
  expect(stderr).toContain(message);
  expect(status).toBe(5);
});

test('a task module in tasks/ beside the playbook, or in --task-path, is a word of the language and has a page', () => {
  mkdirSync(join(work, 'tasks'));
  cpSync(join(ROOT, 'examples/custom-task/tasks/motd.ts'), join(work, 'tasks/motd.ts'));
  writeFileSync(join(work, 'own.yml'), `- hosts: all\n  connection: local\n  tasks:\n    - motd: { text: mine, path: ${work}/motd }\n`);
  const run = rollcall('run', 'own.yml', '-i', 'n1,', '--no-journal');
  expect(run).toMatchObject({ status: 0, stdout: expect.stringContaining('changed') as string });
  expect(readFileSync(join(work, 'motd'), 'utf8')).toBe('mine\n');
  writeFileSync(join(work, 'typo.yml'), '- hosts: all\n  tasks:\n    - motd: { txt: mine }\n');
  expect(rollcall('run', 'typo.yml', '-i', 'n1,')).toMatchObject({ status: 5, stderr: expect.stringContaining("did you mean 'text'?") as string });
  expect(rollcall('doc', 'motd', '--task-path', 'tasks').stdout).toContain('What people read when they log in.');
});

test('check, run, run again: what it says and its exit codes; each is in the journal', () => {
  const run = (...words: string[]): SpawnSyncReturns<string> => rollcall('site.yml', '-i', 'n1,', '--output', 'lines', ...words);
  expect(run('--check', '--exit-on-change')).toMatchObject({ status: 3, stdout: expect.stringMatching(/changed +n1 {2}Write/) as string });
  expect(readdirSync(work)).not.toContain('n1.txt');
  expect(run()).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(join(work, 'n1.txt'), 'utf8')).toBe('one\n');
  expect(run('--check', '--exit-on-change', '--no-journal')).toMatchObject({ status: 0, stdout: expect.stringMatching(/ok +n1 {2}Write/) as string });
  expect(rollcall('replay', '--list').stdout.trim().split('\n')).toHaveLength(2);
  expect(rollcall('replay', '--output', 'classic').stdout).toContain('changed: [n1]');
});

test('--output json is the event stream, and a reader that leaves early ends nothing', async () => {
  const child = spawn(process.execPath, [MAIN, 'run', 'site.yml', '-i', 'n1,n2', '--output', 'json'], { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] });
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  child.stdout.destroy();
  const [code] = (await once(child, 'exit')) as [number];
  expect(JSON.parse(first.toString().split('\n')[0] ?? '')).toMatchObject({ type: 'run.start', version: 1 });
  expect(code).toBe(0);
  expect(readdirSync(work)).toContain('n2.txt');
});

test('Ctrl-C ends in good order with 130 and a recap', async () => {
  const child = spawn(process.execPath, [MAIN, 'run', 'slow.yml', '-i', 'n1,', '--output', 'lines'], { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(130);
  expect(text).toContain('Interrupted');
});

test('vault files are what ansible-vault understands, and back', () => {
  writeFileSync(join(work, 'pw'), 'hunter2\n');
  writeFileSync(join(work, 'secret.yml'), 'a: 1\n', { mode: 0o640 });
  expect(rollcall('vault', 'encrypt', 'secret.yml', '--vault-password-file', 'pw')).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(join(work, 'secret.yml'), 'utf8')).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n/);
  expect(rollcall('vault', 'view', 'secret.yml', '--vault-password-file', 'pw').stdout).toBe('a: 1\n');
  expect(rollcall('vault', 'encrypt', 'secret.yml', '--vault-password-file', 'pw')).toMatchObject({ status: 5, stderr: expect.stringContaining('encrypted already') as string });
  writeFileSync(join(work, 'other'), 'wrong\n');
  expect(rollcall('vault', 'decrypt', 'secret.yml', '--vault-password-file', 'other')).toMatchObject({ status: 5, stderr: expect.stringContaining('no vault password fits') as string });
  expect(rollcall('vault', 'decrypt', 'secret.yml', '--vault-password-file', 'pw').status).toBe(0);
  expect(readFileSync(join(work, 'secret.yml'), 'utf8')).toBe('a: 1\n');
});

test('flags that ansible-playbook, ansible-inventory and ansible-vault know are known, too', () => {
  expect(rollcall('run', 'site.yml', '--inventory-file', 'n1,', '--list-hosts')).toMatchObject({ status: 0, stdout: expect.stringContaining('n1') as string });
  expect(rollcall('run', 'site.yml', '-i', 'n1,', '--list-hosts', '--sftp-extra-args', '-4')).toMatchObject({ status: 0, stderr: 'warning: --sftp-extra-args has no effect here: files travel through the open shell\n' });
  for (const command of ['run', 'exec', 'inventory', 'doc', 'vault']) expect(rollcall(command, '--version').stdout).toMatch(/^rollcall \d/);
  expect(rollcall('inventory', '-i', 'n1,', '--list', '-vvv').status).toBe(0);
  expect(rollcall('vault', 'view', '-v', 'none').stderr).toContain("'none'");
});

test('--start-at-task finds a task without a name by its module', () => {
  writeFileSync(join(work, 'start.yml'), '- hosts: all\n  connection: local\n  tasks:\n    - ping:\n    - debug: { msg: begun }\n');
  const { stdout, status } = rollcall('run', 'start.yml', '-i', 'n1,', '--no-journal', '--start-at-task', 'deb*', '--output', 'classic');
  expect(status).toBe(0);
  expect(stdout).toContain('begun');
  expect(stdout).not.toContain('TASK [ping]');
});

test('doc tells of several modules, and with -t of filters, tests, lookups and keywords', () => {
  expect(rollcall('doc', 'ping', 'ansible.builtin.copy').stdout).toMatch(/^PING\n[^]*\nCOPY/);
  expect(rollcall('doc', '-l', 'ansible.builtin.deb').stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(['deb822_repository', 'debconf', 'debug', '']);
  expect((JSON.parse(rollcall('doc', '-j', 'ping').stdout) as { name: string }).name).toBe('ping');
  expect(rollcall('doc', '-t', 'filter', '-l').stdout.split('\n')).toEqual(expect.arrayContaining(['json_query', 'to_nice_yaml', 'urlize']));
  expect(rollcall('doc', '-t', 'keyword', 'listen', 'hosts').stdout).toBe('listen               handler\nhosts                play\n');
  expect(rollcall('doc', '-t', 'test', 'ansible.builtin.matsh')).toMatchObject({ status: 5, stderr: expect.stringContaining("did you mean 'match'?") as string });
});
