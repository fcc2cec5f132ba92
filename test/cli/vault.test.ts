import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtProgram, removeProgram } from '../flagship/program.ts';
import { scratch, type Scratch } from './scratch.ts';

let place: Scratch;
let work = '';

beforeAll(() => void builtProgram());
afterAll(removeProgram);
beforeEach(() => {
  place = scratch();
  work = place.path;
  for (const name of ['pw', 'other']) place.file(name, `${name} hunter2\n`);
});
afterEach(() => place.remove());

const path = (name: string): string => join(work, name);
const text = (name: string): string => readFileSync(path(name), 'utf8');
const mode = (name: string): string => (statSync(path(name)).mode & 0o777).toString(8);
const PW = ['--vault-password-file', 'pw'];

function vault(words: readonly string[], options: { input?: string; env?: Record<string, string> } = {}): SpawnSyncReturns<string> {
  return place.rollcall(['vault', ...words], options);
}

/** An editor that is a shell script; `$1` is the file. */
function editor(script: string): { env: Record<string, string> } {
  writeFileSync(path('editor'), `#!/bin/sh\n${script}\n`);
  chmodSync(path('editor'), 0o755);
  return { env: { EDITOR: path('editor') } };
}

test('files are encrypted and decrypted in place: a vault keeps its rights, plain text is for its owner', () => {
  writeFileSync(path('a.yml'), 'a: 1\n', { mode: 0o640 });
  symlinkSync('a.yml', path('link.yml'));
  expect(vault(['encrypt', 'link.yml', ...PW])).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(text('a.yml')).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n(?:[0-9a-f]{1,80}\n)+$/);
  expect([mode('a.yml'), readdirSync(work).sort()]).toEqual(['640', ['a.yml', 'link.yml', 'other', 'pw']]);
  expect(vault(['view', 'a.yml', ...PW]).stdout).toBe('a: 1\n');
  expect(vault(['decrypt', 'a.yml', ...PW]).status).toBe(0);
  expect([text('a.yml'), mode('a.yml')]).toEqual(['a: 1\n', '600']);
});

test('standard input and output, and --output', () => {
  const { stdout } = vault(['encrypt', ...PW], { input: 'through a pipe' });
  expect(stdout).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n/);
  expect(vault(['decrypt', ...PW], { input: stdout }).stdout).toBe('through a pipe');
  writeFileSync(path('plain'), 'p');
  expect(vault(['encrypt', 'plain', '--output', 'sealed', ...PW]).status).toBe(0);
  expect([text('plain'), mode('sealed')]).toEqual(['p', '600']);
  expect(vault(['decrypt', 'sealed', '--output', '-', ...PW]).stdout).toBe('p');
});

test('bytes of any kind go through', () => {
  const bytes = Buffer.from(Array.from({ length: 300 }, (_, index) => index % 256));
  writeFileSync(path('bin'), bytes);
  vault(['encrypt', 'bin', ...PW]);
  vault(['decrypt', 'bin', ...PW]);
  expect(readFileSync(path('bin')).equals(bytes)).toBe(true);
});

test('a wrong password leaves everything as it was, all files included', () => {
  for (const name of ['a', 'b']) writeFileSync(path(name), name);
  vault(['encrypt', 'a', ...PW]);
  vault(['encrypt', 'b', '--vault-password-file', 'other']);
  const before = [text('a'), text('b')];
  for (const words of [['decrypt', 'a', 'b'], ['rekey', 'a', 'b', '--new-vault-password-file', 'other'], ['edit', 'b']]) {
    expect(vault([...words, ...PW], editor('echo changed >"$1"'))).toMatchObject({ status: 5, stderr: expect.stringContaining('no vault password fits') as string });
  }
  expect([text('a'), text('b')]).toEqual(before);
});

test.each([
  [['encrypt', 'sealed'], 'encrypted already'],
  [['decrypt', 'plain'], 'not encrypted'],
  [['view', 'none'], 'cannot be read'],
  [['create', 'plain'], 'exists already'],
  [['encrypt', 'plain', 'sealed', '--output', 'x'], 'takes one file only'],
  [['encrypt', 'plain', '--vault-id', 'a@pw', '--vault-id', 'b@other'], '--encrypt-vault-id LABEL'],
  [['encrypt', 'plain', '--vault-id', 'a@pw', '--encrypt-vault-id', 'c'], "labelled 'c'"],
  [['encrypt_string', ''], 'is empty'],
])('%j is refused: %s', (words, message) => {
  writeFileSync(path('plain'), 'plain');
  writeFileSync(path('sealed'), vault(['encrypt', ...PW], { input: 's' }).stdout);
  expect(vault([...words, ...(words.includes('--vault-id') ? [] : PW)])).toMatchObject({ status: 5, stderr: expect.stringContaining(message) as string });
});

test('labels choose among passwords, and stay in the file', () => {
  const ids = ['--vault-id', 'dev@pw', '--vault-id', 'prod@other'];
  writeFileSync(path('a'), 'a');
  expect(vault(['encrypt', 'a', ...ids, '--encrypt-vault-id', 'prod']).status).toBe(0);
  expect(text('a')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/);
  expect(vault(['edit', 'a', ...ids], editor('printf more >>"$1"')).status).toBe(0);
  expect(text('a')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/);
  expect(vault(['view', 'a', '--vault-password-file', 'other']).stdout).toBe('amore');
  expect(vault(['rekey', 'a', ...ids, '--new-vault-id', 'dev@pw'])).toMatchObject({ status: 0, stderr: 'Rekey successful\n' });
  expect(text('a')).toMatch(/;dev\n/);
  expect(vault(['view', 'a', ...PW]).stdout).toBe('amore');
});

test('an editor gets the plain text in a private place, of which nothing is left, whatever the editor leaves there', () => {
  // Writes a new file in place of the old one, and leaves a backup, as editors do.
  const spy = 'ls -ld "$(dirname "$1")" "$1" >seen; echo "$1" >where; cp "$1" "$1~"; cat "$1" >old; echo "b: 2" >"$1.new"; mv "$1.new" "$1"';
  vault(['create', 'secret.yml', ...PW], editor('echo "a: 1" >"$1"'));
  expect(mode('secret.yml')).toBe('600');
  expect(vault(['edit', 'secret.yml', ...PW], editor(spy))).toMatchObject({ status: 0, stderr: '' });
  expect(text('seen')).toMatch(/^drwx------[^\n]*\n-rw-------[^\n]*secret\.yml\n$/);
  expect(text('old')).toBe('a: 1\n');
  expect(existsSync(join(text('where').trim(), '..'))).toBe(false);
  expect(vault(['view', 'secret.yml', ...PW]).stdout).toBe('b: 2\n');
  expect(readdirSync(work).filter((name) => name.includes('tmp'))).toEqual([]);
});

test('an editor that fails or changes nothing leaves the vault as it was, and no plain text', () => {
  vault(['create', 'v', ...PW], editor('echo one >"$1"'));
  const before = text('v');
  expect(vault(['edit', 'v', ...PW], editor('echo "$1" >where; echo half >"$1"; exit 3'))).toMatchObject({ status: 5, stderr: expect.stringContaining('exit code 3') as string });
  expect(existsSync(text('where').trim())).toBe(false);
  expect(vault(['edit', 'v', ...PW], editor('true')).status).toBe(0);
  expect(vault(['edit', 'v', ...PW], { env: { EDITOR: '/none/such' } })).toMatchObject({ status: 5, stderr: expect.stringContaining('set EDITOR') as string });
  expect(text('v')).toBe(before);
});

test('values become !vault blocks that a run can read', () => {
  const { stdout, stderr } = vault(['encrypt_string', 'first', '-', 'second', '-n', 'one', '-n', 'two', '--stdin-name', 'three', ...PW], { input: 'third' });
  expect(stderr).toBe('# 1: three, from stdin\n# 2: one, from the command line\n# 3: two, from the command line\n');
  expect(stdout).toMatch(/^three: !vault \|\n {10}\$ANSIBLE_VAULT;1\.1;AES256\n/);
  writeFileSync(path('vars.yml'), stdout);
  writeFileSync(path('site.yml'), '- hosts: localhost\n  gather_facts: no\n  vars_files: vars.yml\n  tasks:\n    - assert: { that: [one == "first", two == "second", three == "third"] }\n');
  const run = spawnSync(process.execPath, [builtProgram(), 'run', 'site.yml', '--no-journal', '--vault-id', 'x@pw'], { cwd: work, encoding: 'utf8' });
  expect(run).toMatchObject({ status: 0, stderr: '' });
});

test('ansible.cfg names the passwords and the label to encrypt with', () => {
  writeFileSync(path('ansible.cfg'), '[defaults]\nvault_identity_list = dev@pw, prod@~/other\nvault_encrypt_identity = prod\n');
  expect(vault(['encrypt'], { input: 'x' }).stdout).toContain(';prod\n');
});

test('a new password is asked for twice, showing nothing; questions go to the terminal', async () => {
  writeFileSync(path('a'), 'a');
  const wrong = await place.atTerminal(['vault', 'encrypt', 'a'], [['New Vault password: ', 'hunter2'], ['Confirm New Vault password: ', 'hunter3']]);
  expect(wrong).toMatchObject({ code: 5, shown: expect.stringContaining('the two passwords differ') as string });
  expect(text('a')).toBe('a');
  const right = await place.atTerminal(['vault', 'encrypt', 'a'], [['New Vault password: ', 'hunter2'], ['Confirm New Vault password: ', 'hunter2']]);
  expect(right).toMatchObject({ code: 0, shown: expect.stringContaining('Encryption successful') as string });
  expect(right.shown).not.toContain('hunter2');
  const view = await place.atTerminal(['vault', 'view', 'a'], [['Vault password: ', 'hunter2']]);
  expect(view.shown).toMatch(/Vault password: \r\na$/);
  expect(vault(['view', 'a'])).toMatchObject({ status: 5, stderr: expect.stringContaining('use --vault-password-file') as string });
});

/** As `ansible-vault encrypt` of ansible-core 2.14 wrote it. */
const RECORDED = `$ANSIBLE_VAULT;1.1;AES256
38356264363766393662343965376137653461633836366137373531316135383666653735613133
3266366462343530653832346361326465356134323039610a626663336631353930393965396166
62323939333439363539333037323538363637396134653463656237306461303362663738326666
3863306663326231340a363263613239643361356263663337346635373730353334303361396331
3764
`;

test('what ansible-vault wrote is opened, and the other way round where it is installed', () => {
  writeFileSync(path('recorded'), RECORDED);
  expect(vault(['view', 'recorded', ...PW]).stdout).toBe('recorded: yes\n');
  const ansible = (words: readonly string[], input = ''): SpawnSyncReturns<string> => spawnSync('ansible-vault', words, { cwd: work, encoding: 'utf8', input, env: { ...process.env, HOME: work } });
  if (ansible(['--version']).status !== 0) return;
  const bytes = 'ünïcode\n\n';
  writeFileSync(path('ours'), vault(['encrypt', '--vault-id', 'dev@pw'], { input: bytes }).stdout);
  writeFileSync(path('theirs'), ansible(['encrypt', '--vault-id', 'dev@pw'], bytes).stdout);
  expect(ansible(['view', 'ours', ...PW]).stdout.trimEnd()).toBe(bytes.trimEnd());
  expect(ansible(['decrypt', '--output', '-', 'ours', ...PW]).stdout).toBe(bytes);
  expect(vault(['view', 'theirs', ...PW]).stdout).toBe(bytes);
  expect(text('theirs').split('\n')[0]).toBe(text('ours').split('\n')[0]);
  expect(ansible(['rekey', 'ours', ...PW, '--new-vault-password-file', 'other']).status).toBe(0);
  expect(vault(['view', 'ours', '--vault-password-file', 'other']).stdout).toBe(bytes);
});
