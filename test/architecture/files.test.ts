import { sources } from './sources.ts';

const product = sources('runner', 'tasks', 'lab');
const everything = [...product, ...sources('bench', 'test', 'examples')];

/** The number below which a share of a sorted list lies. */
function quantile(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) * share)] ?? 0;
}

test('files are short', () => {
  const lines = product.map(({ text }) => text.split('\n').length - 1);
  expect(quantile(lines, 0.5)).toBeLessThanOrEqual(90);
  expect(quantile(lines, 0.9)).toBeLessThanOrEqual(250);
  expect(everything.filter(({ text }) => text.split('\n').length > 401).map(({ path }) => path)).toEqual([]);
});

test('files are named in kebab-case', () => {
  expect(everything.map(({ path }) => path).filter((path) => !/^(?:[a-z0-9._]+[-_/])*[a-z0-9]+(?:\.test)?\.ts$/.test(path))).toEqual([]);
});

test('what is exported says what it is', () => {
  const declaration = /^export (?:default )?(?:abstract |async )?(?:function|const|let|class|interface|type)\b(?! \{)/;
  const silent = product.flatMap(({ path, text }) => {
    const lines = text.split('\n');
    return lines.flatMap((line, index) => (declaration.test(line) && !/^\s*(?:\/\*)?\*?.*\*\/$/.test(lines[index - 1] ?? '') && !isOverload(lines, index) ? [`${path}:${index + 1} ${line}`] : []));
  });
  expect(silent).toEqual([]);
});

/** Whether a line repeats the name of the declaration right above it: one sentence does for all forms of a function. */
function isOverload(lines: readonly string[], index: number): boolean {
  const name = (line = ''): string | undefined => /^export (?:async )?function (\w+)/.exec(line)?.[1];
  return name(lines[index]) !== undefined && name(lines[index]) === name(lines[index - 1]);
}

test('nothing is left for later, nothing hides from the compiler or the linter', () => {
  // Put together here, so that this file does not find itself.
  const marks = new RegExp([['TO', 'DO'], ['FIX', 'ME'], ['@ts', '-(?:ignore|expect-error|nocheck)'], ['(?:ox|es)lint', '-disable']].map(([a, b]) => `${a}${b}`).join('|'));
  const found = everything.flatMap(({ path, text }) => text.split('\n').flatMap((line, index) => (marks.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])));
  expect(found).toEqual([]);
});

/** Tables of words: a plain look at one finds `constructor` and `toString`, which nobody put there. */
test('tables are asked for words by own()', () => {
  const declared = /^(?:export )?const ([A-Z][A-Z_]*): (?:Readonly<)?Record<string,/gm;
  const tables = product.flatMap(({ text }) => [...text.matchAll(declared)].map(([, name = '']) => name));
  expect(tables.length).toBeGreaterThan(50);
  const look = new RegExp(`(?<![\\w.])(${[...new Set(tables)].join('|')})\\[(?!'\\w+'\\])`);
  const declares = (text: string, name: string): boolean => new RegExp(`^(?:export )?const ${name}: (?:Readonly<)?Record<string,`, 'm').test(text);
  const imports = (text: string, name: string): boolean => new RegExp(`^import \\{[^}]*\\b${name}\\b`, 'm').test(text) && product.every((each) => declares(each.text, name) || !new RegExp(`^(?:export )?const ${name}\\b`, 'm').test(each.text));
  const bare = product.flatMap(({ path, text }) => text.split('\n').flatMap((line, index) => {
    const [, name = ''] = look.exec(line) ?? [];
    return name !== '' && (declares(text, name) || imports(text, name)) ? [`${path}:${index + 1} ${line.trim()}`] : [];
  }));
  expect(bare).toEqual([]);
});

/** What waits for one of these may wait for ever: Node forgets it when it collects garbage. */
test('limits of time are Deadlines', () => {
  const found = product.flatMap(({ path, text }) => (/\bAbortSignal\.timeout\(/.test(text) ? [path] : []));
  expect(found).toEqual([]);
});
