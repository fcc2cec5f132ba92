import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { builtProgram, removeProgram } from '../flagship/program.ts';
import { scratch, type Scratch } from './scratch.ts';

let place: Scratch;

beforeAll(() => {
  builtProgram();
  place = scratch();
  place.file('hosts', 'n1 x=1 d="{\'a\': 1}"\nn2\n[web]\nn2\n[all:vars]\nansible_connection=local\n');
  place.file('group_vars/web.yml', 'd: { b: 2 }\n');
});
afterAll(() => {
  place.remove();
  removeProgram();
});

const exec = (...words: string[]): { status: number | null; stdout: string; stderr: string } => place.rollcall(['exec', '-i', 'hosts', '--no-journal', ...words]);

/** Texts and codes as `ansible` of ansible-core 2.14 gives them for the same words, but for stderr, which has lines of its own here. */
test.each([
  [['n1', '-a', 'echo hi there'], 'n1 | CHANGED | rc=0 >>\nhi there\n', 0],
  [['n1', '-a', 'echo {{ x }} {{ y }}', '-e', 'y=2'], 'n1 | CHANGED | rc=0 >>\n1 2\n', 0],
  [['n1', '-m', 'shell', '-a', 'echo a; echo b; echo c >&2', '-o'], 'n1 | CHANGED | rc=0 | (stdout) a\\nb (stderr) c\n', 0],
  [['n1', '-m', 'shell', '-a', 'echo a; echo b >&2; exit 3'], 'n1 | FAILED | rc=3 >>\na\nb\nnon-zero return code\n', 2],
  [['n1', '-m', 'ping'], 'n1 | SUCCESS => {\n    "changed": false,\n    "ping": "pong"\n}\n', 0],
  [['n1', '-m', 'ping', '-o'], 'n1 | SUCCESS => {"changed": false, "ping": "pong"}\n', 0],
  [['n1', '-m', 'debug', '-a', 'var=x'], 'n1 | SUCCESS => {\n    "x": 1\n}\n', 0],
  [['n1', '-m', 'debug', '-a', '{"msg": ["a", 1]}'], 'n1 | SUCCESS => {\n    "msg": [\n        "a",\n        1\n    ]\n}\n', 0],
  [['n1', '-m', 'fail', '-a', 'msg=no'], 'n1 | FAILED! => {\n    "changed": false,\n    "msg": "no"\n}\n', 2],
  [['n1', '--', 'echo', '"a', 'b"'], 'n1 | CHANGED | rc=0 >>\na b\n', 0],
  [['all', '--list-hosts'], '  hosts (2):\n    n1\n    n2\n', 0],
  [['all:!web', '--list-hosts'], '  hosts (1):\n    n1\n', 0],
])('%j', (words, stdout, status) => {
  expect(exec(...words)).toMatchObject({ stdout, status, stderr: '' });
});

test('-t leaves the result of each host in a file of its own', () => {
  expect(exec('all', '-t', 'out/tree', '-a', 'echo {{ inventory_hostname }}').status).toBe(0);
  const file = join(place.path, 'out/tree/n2');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ changed: true, stdout: 'n2', rc: 0 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a host that cannot be reached: 4', () => {
  expect(exec('n1', '-c', 'ssh', '-T', '2', '-m', 'ping', '-e', 'ansible_host=127.0.0.1 ansible_port=1 ansible_connection=ssh')).toMatchObject({ status: 4, stdout: expect.stringMatching(/^n1 \| UNREACHABLE! => \{\n/) as string });
});

test('check and diff, and a command in the background', () => {
  const { stdout } = exec('n1', '-m', 'copy', '-a', `content=new dest=${place.path}/made`, '-CD');
  expect(stdout).toContain('+new');
  expect(stdout).toContain('n1 | CHANGED => {');
  expect(exec('n1', '-m', 'stat', '-a', `path=${place.path}/made`).stdout).toContain('"exists": false');
  expect(exec('n1', '-B', '30', '-P', '1', '-a', 'sh -c "sleep 1; echo late"').stdout).toContain('late');
});

test('the inventory cut by --limit, with extra variables, to a file, with dicts merged', () => {
  const list = (...words: string[]): string => place.rollcall(['inventory', '-i', 'hosts', ...words]).stdout;
  expect(list('--graph', '--limit', 'web')).toBe('@all:\n  |--@ungrouped:\n  |--@web:\n  |  |--n2\n');
  expect(JSON.parse(list('--host', 'n1', '-e', 'x=2'))).toMatchObject({ x: '2' });
  expect(list('--list', '--limit', 'n2', '--output', 'out.json')).toBe('');
  expect(JSON.parse(readFileSync(join(place.path, 'out.json'), 'utf8'))).toMatchObject({ _meta: { hostvars: { n2: { d: { b: 2 } } } }, web: { hosts: ['n2'] } });
  place.file('merged/all.yml', 'all: { hosts: { n1: { d: { c: 3 } } }, vars: { d: { a: 1 } } }\n');
  const merged = place.rollcall(['inventory', '-i', 'merged/all.yml', '--host', 'n1'], { env: { ANSIBLE_HASH_BEHAVIOUR: 'merge' } });
  expect(JSON.parse(merged.stdout)).toEqual({ d: { a: 1, c: 3 } });
  expect(place.rollcall(['inventory', '-i', 'hosts', '--limit', 'wep', '--list'])).toMatchObject({ status: 5, stderr: expect.stringContaining("did you mean 'web'?") as string });
});

test.each([
  [['n1', '-m', 'debug', '-a', 'msg="{{ nobody_said }}"'], "'nobody_said' is undefined", "  1 | rollcall exec n1 -m debug -a 'msg=\"{{ nobody_said }}\"'\n    |                                       ^^^^^^^^^^^\n"],
  [['n1', '--', 'echo {{ x | uper }}'], "there is no filter 'uper'", '  1 | rollcall exec n1 -- echo {{ x | uper }}\n    |                                 ^^^^\n'],
  [['n1', '-m', 'pnig'], "there is no module 'pnig'", '  1 | rollcall exec n1 -m pnig\n    |                     ^^^^\n'],
  [['wep', '-m', 'ping'], "'wep' in 'hosts' matches no host", '  1 | rollcall exec wep -m ping\n    |               ^^^\n'],
])('%j: the mistake is shown in the words of the command line', (words, cause, excerpt) => {
  const { status, stderr } = exec(...words);
  expect(status).toBe(5);
  expect(stderr).toContain(cause);
  expect(stderr).toContain('--> command line:1:');
  expect(stderr).toContain(excerpt);
});
