import { parseExtraVars } from '../../runner/cli/load/extra-vars.ts';
import type { FileReader } from '../../runner/source/reader.ts';
import { TemplateText, type Tree } from '../../runner/template/tree.ts';

const files: FileReader = {
  read: (path) => (path === '/vars.yml' ? 'port: 80\nlist: [1, 2]\n' : path === '/list.yml' ? '- 1\n' : path === '/sealed.yml' ? '$ANSIBLE_VAULT;1.1;AES256\n00\n' : undefined),
  list: () => undefined,
  isDirectory: () => false,
  isExecutable: () => false,
  run: () => ({ code: 1, stdout: '', stderr: '' }),
};

function plain(tree: Tree | undefined): unknown {
  if (tree instanceof Map) return Object.fromEntries([...tree].map(([key, value]) => [key, plain(value as Tree)]));
  if (Array.isArray(tree)) return tree.map((each) => plain(each as Tree));
  return tree instanceof TemplateText ? `template ${tree.text}` : tree;
}

function vars(...texts: string[]): unknown {
  const { vars, diagnostics } = parseExtraVars(texts, files, { cwd: '/', decrypt: () => 'opened: true\n' });
  expect(diagnostics).toEqual([]);
  return plain(vars as Tree);
}

/** Values as ansible-core 2.14 gives them for the same words. */
test.each([
  [['a=1 b=two'], { a: '1', b: 'two' }],
  [['a="two words" b=\'x y\''], { a: 'two words', b: 'x y' }],
  [['a='], { a: '' }],
  [['a=b=c'], { a: 'b=c' }],
  [['{"a": 1, "b": [true, null]}'], { a: 1, b: [true, null] }],
  [['{a: yes, b: 010}'], { a: true, b: 8 }],
  [['@vars.yml'], { port: 80, list: [1, 2] }],
  [['a=1', 'a=2'], { a: '2' }],
  [['@vars.yml', 'port=81'], { port: '81', list: [1, 2] }],
  [['a={{ b }}'], { a: 'template {{ b }}' }],
  [['a="{{ b }} c"'], { a: 'template {{ b }} c' }],
  [['@sealed.yml'], { opened: true }],
  [[''], {}],
])('%j', (texts, expected) => {
  expect(vars(...texts)).toEqual(expected);
});

test.each([
  ['a=1 b', "'b' is no key=value"],
  ['nonsense', 'holds no variables'],
  ['a="x', 'not closed'],
  ['[1, 2]', 'must be a mapping'],
  ['@list.yml', 'must be a mapping'],
  ['@none.yml', "there is no file 'none.yml'"],
  ['./vars.yml', 'looks like a file'],
  ['{a: [}', ''],
])('%s is refused', (text, message) => {
  const { diagnostics } = parseExtraVars([text], files, { cwd: '/' });
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(diagnostics.map((each) => each.message).join()).toContain(message);
});
