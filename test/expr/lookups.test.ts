import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileExpression } from '../../runner/expr/compile.ts';
import { standardEnvironment } from '../../runner/expr/environment.ts';
import { Tuple, type Value } from '../../runner/expr/value.ts';
import { SourceFile } from '../../runner/source/file.ts';
import { templateLookups } from '../../runner/template/template-lookup.ts';

let folder: string;
let play: string;
let role: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lookups-'));
  [role, play] = [join(folder, 'role'), join(folder, 'play')];
  for (const path of [join(role, 'files'), join(role, 'templates'), join(play, 'files')]) mkdirSync(path, { recursive: true });
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  write('role/files/a.txt', 'from role\n\n');
  write('play/files/a.txt', 'from play\n');
  write('play/b.txt', ' beside \n');
  write('play/files/x1.conf', '1');
  write('play/files/x2.conf', '2');
  write('play/files/data.csv', 'name,port\n"a,b",1\nweb,"80 ""x"""\n');
  write('play/files/data.tsv', 'k\tv\nweb\t81\n');
  write('play/files/conf.ini', '[main]\nUser = ann\nlong = one\n  two\n; note\n[other]\nuser: bob\nuser2=cy\n');
  write('play/files/app.properties', 'user.name=ann\nx = 1\n');
  write('role/templates/t.j2', 'Hi {{ who }}{% include "part.j2" %}\n{{ evil }}\n');
  write('role/templates/part.j2', '!');
  mkdirSync(join(play, 'tree/sub'), { recursive: true });
  write('tree.txt', '');
  write('play/tree/sub/leaf.conf', 'abc');
  write('play/tree/top', '');
  symlinkSync('top', join(play, 'tree/link'));
  write('role/templates/t.hbs', 'Hi {{who}}\n');
});

afterAll(() => rmSync(folder, { recursive: true }));

function evaluate(text: string, more: Record<string, Value> = {}): Value {
  const variables: Record<string, Value> = { ansible_search_path: [role, play], who: 'Bo', evil: '{{ who }}', folder, ...more };
  const environment = standardEnvironment({ lookups: templateLookups() });
  const scope = { lookup: (name: string) => variables[name], names: () => Object.keys(variables) };
  return compileExpression(text, { file: new SourceFile('e', text), at: (offset) => offset }, environment, 'condition').evaluate(scope);
}

test.each<[string, Value]>([
  ["lookup('file', 'a.txt')", 'from role'],
  ["lookup('file', 'a.txt', rstrip=false)", 'from role\n\n'],
  ["lookup('file', 'b.txt')", ' beside'],
  ["lookup('file', 'b.txt', lstrip=true)", 'beside'],
  ["lookup('file', 'files/x1.conf')", '1'],
  ["query('file', 'x1.conf', 'x2.conf')", ['1', '2']],
  ["lookup('file', 'none.txt', errors='ignore')", null],
  ["query('fileglob', 'x*.conf') | map('basename')", ['x1.conf', 'x2.conf']],
  ["query('fileglob', folder ~ '/play/files/x?.conf') | map('basename')", ['x1.conf', 'x2.conf']],
  ["query('community.general.filetree', 'tree/') | map(attribute='path')", ['sub', 'link', 'top', 'sub/leaf.conf']],
  ["query('filetree', 'tree', folder ~ '/play/tree/sub') | map(attribute='state')", ['directory', 'link', 'file', 'file', 'file']],
  ["(query('filetree', 'tree')[3].src == folder ~ '/play/tree/sub/leaf.conf', query('filetree', 'tree')[1].src, query('filetree', 'tree')[3].size, query('filetree', 'none'))", Tuple.of<Value>(true, 'top', 3, [])],
  ["lookup('first_found', ['none', 'x2.conf']) | basename", 'x2.conf'],
  ["lookup('csvfile', 'web file=data.csv delimiter=,')", '80 "x"'],
  ["lookup('csvfile', 'a,b', file='data.csv', delimiter=',')", '1'],
  ["lookup('csvfile', 'web', file='data.tsv')", '81'],
  ["lookup('csvfile', 'none', file='data.tsv', default='d')", 'd'],
  ["lookup('csvfile', 'none file=data.tsv default=none')", 'none'],
  ["lookup('csvfile', '81', file='data.tsv', keycol=1, col=0)", 'web'],
  ["query('lines', 'printf \"one \\n\\n two\"')", ['one ', '', ' two']],
  // What ansible-core 2.14 draws with these seeds.
  ["lookup('password', '/dev/null', seed='abc', length=10)", '6TTuIhBjba'],
  ["lookup('password', '/dev/null seed=abc chars=ascii_letters,digits')", 'XJDT6w90X6w8krdne8QP'],
  ["lookup('ini', 'user section=main file=conf.ini')", 'ann'],
  ["lookup('ini', 'user', section='other', file='conf.ini')", 'bob'],
  ["lookup('ini', 'long', section='main', file='conf.ini')", 'one\ntwo'],
  ["lookup('ini', 'none', section='main', file='conf.ini', default='d')", 'd'],
  ["query('ini', 'user.*', section='other', file='conf.ini', re=true)", ['bob', 'cy']],
  ["lookup('ini', 'user.name', type='properties', file='app.properties')", 'ann'],
  ["lookup('pipe', 'pwd') == folder ~ '/role'", true],
  ["lookup('template', 't.j2')", 'Hi Bo!{{ who }}\n'],
  ["lookup('template', 't.j2', template_vars={'who': 'Cy'})", 'Hi Cy!{{ who }}\n'],
  ["lookup('template', 't.hbs')", 'Hi Bo\n'],
  ["query('varnames', '^wh')", ['who']],
])('%s', (text, expected) => {
  expect(evaluate(text)).toEqual(expected);
});

test('a file that is nowhere is named', () => {
  expect(() => evaluate("lookup('file', 'none.txt')")).toThrow('none.txt');
  expect(() => evaluate("lookup('csvfile', 'x', file='none.csv')")).toThrow('none.csv');
});

test('without a search path, files are sought beside the playbook, then in the base folder', () => {
  const environment = standardEnvironment({ basedir: play });
  const text = "lookup('file', 'a.txt')";
  expect(compileExpression(text, { file: new SourceFile('e', text), at: (offset) => offset }, environment, 'condition').evaluate({ lookup: () => undefined })).toBe('from play');
});

test('a password is drawn once, kept for its owner only, and hashed with the salt that is kept', () => {
  const first = evaluate("lookup('password', folder ~ '/pw/one length=12 chars=ascii_lowercase,digits')");
  expect(first).toMatch(/^[a-z0-9]{12}$/);
  expect(evaluate("lookup('password', folder ~ '/pw/one')")).toBe(first);
  expect(statSync(join(folder, 'pw/one')).mode & 0o777).toBe(0o600);
  const hashed = evaluate("lookup('password', folder ~ '/pw/two', encrypt='sha256_crypt')");
  expect(hashed).toMatch(/^\$5\$[./0-9A-Za-z]{16}\$/);
  expect(evaluate("lookup('password', folder ~ '/pw/two', encrypt='sha256_crypt')")).toBe(hashed);
  expect(readFileSync(join(folder, 'pw/two'), 'utf8')).toMatch(/^\S{20} salt=\S{16}\n$/);
});

test('what is drawn without a seed is one of the items', () => {
  expect(['a', 'b']).toContain(evaluate("lookup('random_choice', 'a', 'b')"));
  expect(evaluate("query('random_choice', 'a') | length")).toBe(1);
  expect(evaluate('range(20) | list | shuffle | sort == range(20) | list')).toBe(true);
});

test('hosts are found by groups and patterns', () => {
  const groups = new Map<Value, Value>([['all', ['w1', 'w2', 'db']], ['web', ['w1', 'w2']], ['east', ['w2', 'db']]]);
  const hosts = (pattern: string): Value => evaluate(`query('inventory_hostnames', '${pattern}')`, { groups });
  expect([hosts('web'), hosts('all:!web'), hosts('web:&east'), hosts('w*'), hosts('db,w1'), hosts('!web')]).toEqual([['w1', 'w2'], ['db'], ['w2'], ['w1', 'w2'], ['db', 'w1'], ['db']]);
});

test('a vault filter can be undone', () => {
  const vault = evaluate("'secret' | vault('pw')");
  expect(vault).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n/);
  expect(evaluate("v | unvault('pw')", { v: vault })).toBe('secret');
  expect(() => evaluate("v | unvault('wrong')", { v: vault })).toThrow();
});
