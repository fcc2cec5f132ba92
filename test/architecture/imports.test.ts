import { sources, type Source } from './sources.ts';

/** The stages of the flow, highest first (docs/design/layout.md): what is here may import what stands below. */
const STAGES = [
  'cli', 'report', 'history', 'engine', 'transport', 'event', 'plan', 'playbook', 'config', 'inventory', 'vars', 'template', 'expr', 'vault', 'task', 'config', 'source', 'util',
];

/** What stands beside the stages, and what it may import: folders of runner/, or whole trees. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  'runner/index.ts': ['runner/task', 'runner/util'],
  'runner/testing': ['runner/testing', 'runner/task', 'runner/util'],
  tasks: ['tasks', 'runner/task', 'runner/util'],
  lab: ['lab', 'runner/util', 'tasks/parse'],
};

/** The only doors through which the composition root reaches what stands beside. */
const DOORS: readonly string[] = ['runner/cli -> tasks/index.ts', 'runner/cli -> lab/cli.ts', 'runner/cli -> lab/throwaway.ts', 'runner/cli -> runner/index.ts', 'runner/cli -> runner/testing/index.ts'];

/** Folders that read no file and start nothing by themselves: they are given a reader. The exceptions and why are in docs/design/layout.md. */
const PURE = /^(runner\/(plan|playbook|config|inventory|expr|source|vars|task)|tasks)\//;
const HARMLESS = ['node:path', 'node:crypto', 'node:timers/promises'];
const IMPURE: Readonly<Record<string, readonly string[]>> = {
  'runner/source/toml.ts': ['node:module'],
  'runner/source/disk.ts': ['node:fs', 'node:child_process'],
  'runner/expr/bcrypt.ts': ['node:module'],
  'runner/expr/filters/json-query.ts': ['node:module'],
  'runner/expr/filters/paths.ts': ['node:fs', 'node:os'],
  'runner/expr/glob.ts': ['node:fs'],
  'runner/expr/lookups/files.ts': ['node:fs', 'node:child_process'],
  'runner/expr/lookups/filetree.ts': ['node:fs'],
  'runner/expr/lookups/password.ts': ['node:fs'],
  'runner/expr/lookups/url.ts': ['node:child_process'],
  'runner/expr/lookups/search-path.ts': ['node:fs'],
  'runner/expr/tests/files.ts': ['node:fs'],
  'tasks/parse/xml-libraries.ts': ['node:module'],
};

/** Third-party packages, each with the folders that may know it: replacing one touches one place. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  '@metrichor/jmespath': /^runner\/expr\/filters\//,
  '@xmldom/xmldom': /^(tasks\/parse|lab)\//,
  bcryptjs: /^runner\/expr\//,
  commander: /^runner\/cli\//,
  diff: /^runner\/event\//,
  handlebars: /^runner\/template\//,
  jiti: /^runner\/cli\//,
  listr2: /^runner\/report\//,
  picomatch: /^runner\/expr\//,
  'ssh-config': /^runner\/transport\/ssh\//,
  'smol-toml': /^runner\/source\//,
  ssh2: /^(runner\/transport\/ssh|lab)\//,
  yaml: /^runner\/source\//,
  zod: /^(runner\/(task|playbook|cli|engine)|tasks)\/|^runner\/index\.ts$/,
  xpath: /^tasks\/parse\//,
  'zx/core': /^runner\/transport\/local\//,
};

const all = sources('runner', 'tasks', 'lab');

/** The unit a path belongs to: a folder of runner/, a file directly in it, or a whole tree. */
function unitOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  return top === 'runner' ? `runner/${second}` : top;
}

function mayImport(from: string, target: string): boolean {
  const [own, other] = [unitOf(from), unitOf(target)];
  if (own === other || DOORS.includes(`${own} -> ${target}`)) return true;
  const beside = BESIDE[own];
  if (beside) return beside.some((folder) => target.startsWith(`${folder}/`));
  const [above, below] = [own, other].map((unit) => STAGES.indexOf(unit.replace('runner/', '')));
  return above !== undefined && below !== undefined && above >= 0 && below > above;
}

function offences(judge: (source: Source, target: string) => boolean): string[] {
  return all.flatMap((source) => source.imports.filter((target) => !judge(source, target)).map((target) => `${source.path} imports ${target}`));
}

const isPath = (target: string): boolean => target.endsWith('.ts');

test('there is something to look at', () => {
  expect(all.length).toBeGreaterThan(400);
  expect(all.flatMap(({ imports }) => imports).length).toBeGreaterThan(1500);
});

test('every folder has a place in the layout', () => {
  const units = new Set(all.map(({ path }) => unitOf(path)));
  const known = new Set([...STAGES.map((stage) => `runner/${stage}`), ...Object.keys(BESIDE)]);
  expect([...units].filter((unit) => !known.has(unit))).toEqual([]);
  expect([...known].filter((unit) => !units.has(unit))).toEqual([]);
});

test('imports point down the flow', () => {
  expect(offences(({ path }, target) => !isPath(target) || mayImport(path, target))).toEqual([]);
});

test('what is pure reads no file and starts nothing', () => {
  expect(offences(({ path }, target) => !PURE.test(path) || !target.startsWith('node:') || HARMLESS.includes(target) || (IMPURE[path] ?? []).includes(target))).toEqual([]);
});

test('every exception to purity is still needed', () => {
  const needed = (path: string): readonly string[] => all.find((source) => source.path === path)?.imports ?? [];
  expect(Object.entries(IMPURE).flatMap(([path, targets]) => targets.filter((target) => !needed(path).includes(target)).map((target) => `${path} ${target}`))).toEqual([]);
});

test('a package of others is known in one place', () => {
  expect(offences(({ path }, target) => isPath(target) || target.startsWith('node:') || PACKAGES[target]?.test(path) === true)).toEqual([]);
});

test('what is defined by default is a module; nothing else has two names', () => {
  const defaults = all.filter(({ text }) => /^export default\b/m.test(text)).map(({ path }) => path);
  expect(defaults.filter((path) => !path.startsWith('tasks/'))).toEqual([]);
  const barrels = all.filter(({ text }) => /^export (?:type )?(?:\*|\{[^}]*\}) ?from/m.test(text)).map(({ path }) => path);
  expect(barrels).toEqual(['runner/index.ts', 'runner/testing/index.ts']);
});
