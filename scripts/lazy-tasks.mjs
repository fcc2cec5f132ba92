/** For the build: tasks/index.ts with each module evaluated when the run first uses it, so that a run pays for the modules of its playbook only. */
import { join } from 'node:path';
import { build } from 'esbuild';

/** An esbuild plugin that exchanges the plain list for a table of names; names and aliases are taken from the modules themselves. */
export async function lazyTasks(root) {
  const index = join(root, 'tasks/index.ts');
  const lists = await definitions(root, index);
  const table = (list) => lists[list].map(({ name, aliases, path }) => `lazy(${JSON.stringify(name)}, ${JSON.stringify(aliases)}, () => require(${JSON.stringify(path)}).default)`).join(',\n  ');
  return {
    name: 'lazy-tasks',
    setup({ onLoad }) {
      onLoad({ filter: /\/tasks\/index\.ts$/ }, () => ({
        resolveDir: join(root, 'tasks'),
        loader: 'ts',
        contents: `import { lazy } from '../runner/task/lazy.ts';
export const builtinTasks = [
  ${table('builtinTasks')},
];
export const builtinControls = [
  ${table('builtinControls')},
];
`,
      }));
    },
  };
}

/** What the lists have: name, aliases, and the file that each entry comes from. */
async function definitions(root, index) {
  const options = { absWorkingDir: root, bundle: true, format: 'esm', platform: 'node', write: false, metafile: true, outdir: '/' };
  const { metafile } = await build({ ...options, entryPoints: [index], packages: 'external' });
  const files = metafile.inputs['tasks/index.ts'].imports.map(({ original }) => original).filter((path) => !path.startsWith('../'));
  const contents = files.map((path, at) => `export { default as m${at} } from ${JSON.stringify(path)};`).join('\n');
  const { outputFiles } = await build({ ...options, stdin: { contents, resolveDir: join(root, 'tasks') } });
  const modules = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
  const entries = files.map((path, at) => ({ path, definition: modules[`m${at}`] }));
  const those = (verb) => entries.filter(({ definition }) => verb in definition).map(({ path, definition: { name, aliases } }) => ({ path, name, aliases: aliases ?? null }));
  return { builtinTasks: those('probe'), builtinControls: those('act') };
}
