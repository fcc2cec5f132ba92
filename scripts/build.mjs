/**
 * Builds dist/ (or the folder named on the command line).
 *   bundle-HASH.cjs        everything, dependencies included, in one file whose parts are evaluated when they are needed
 *   bundle-HASH.cjs.cache  what V8 compiled of it
 *   main.cjs               the command line: opens the bundle; no ES module, for Node's loader of those is a tenth of a short run
 *   ssh-thread.js          what a thread that holds connections runs, whole
 *   index.js, testing.js   the public API, out of the same bundle
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lazyTasks } from './lazy-tasks.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = resolve(root, process.argv[2] ?? 'dist');

const common = { absWorkingDir: root, bundle: true, metafile: true, platform: 'node', target: 'node20', charset: 'ascii', logLevel: 'warning', sourcesContent: false };

/** In a bundle, `require` is the bundler's: what the sources load late by createRequire is taken in as well. */
const lateRequires = {
  name: 'late-requires',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /\/(runner\/(transport\/ssh\/load|template\/handlebars|source\/toml|expr\/bcrypt|expr\/filters\/json-query)|tasks\/parse\/xml-libraries)\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('createRequire(import.meta.url)(', 'require('),
      loader: 'ts',
    }));
    // ssh2's agents for HTTP through ssh would load Node's HTTP with everything below it: 10 ms of each start of ssh2.
    onLoad({ filter: /\/node_modules\/ssh2\/lib\/http-agents\.js$/ }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
    // Without its compiled part ssh2 needs a WebAssembly module for one cipher; with it, making that one is 7 ms and 17 MB for nothing.
    onLoad({ filter: /\/node_modules\/ssh2\/lib\/protocol\/crypto\.js$/ }, ({ path }) => ({ contents: replaced(path, 'POLY1305_WASM_MODULE = await', 'if (binding) return resolve();\nPOLY1305_WASM_MODULE = await'), loader: 'js' }));
    // It asks a compiled package for the processor only to sort ciphers, which runner/transport/ssh/algorithms.ts does.
    onLoad({ filter: /\/node_modules\/ssh2\/lib\/protocol\/constants\.js$/ }, ({ path }) => ({ contents: replaced(path, "cpuInfo = require('cpu-features')();", ''), loader: 'js' }));
    // Compiled addons stay in their packages: ssh2's ciphers are found by name, and are only faster, not needed.
    onResolve({ filter: /\.node$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path).replace(/^.*\/node_modules\//, ''), external: true }));
  },
};

const bundled = await build({
  ...common,
  entryPoints: { bundle: 'runner/cli/parts.ts' },
  entryNames: '[name]-[hash]',
  outExtension: { '.js': '.cjs' },
  outdir: out,
  format: 'cjs',
  // Loaded by users' task modules only.
  external: ['jiti'],
  define: { 'import.meta.url': '__bundleUrl', 'import.meta.dirname': '__dirname' },
  banner: { js: '(function (module, require, __filename, __dirname) { const exports = module.exports, __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  footer: { js: '})' },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  sourcemap: 'linked',
  plugins: [lateRequires, await lazyTasks(root)],
});
const bundle = basename(Object.keys(bundled.metafile.outputs).find((path) => path.endsWith('.cjs')));

// It is read as one byte a character, and esbuild leaves regular expressions as they are: these must be written with \\u.
const [foreign] = /[^]{0,40}[^\0-\x7f][^]{0,20}/.exec(readFileSync(join(out, bundle), 'utf8')) ?? [];
if (foreign !== undefined) throw new Error(`a character beyond ASCII is in the bundle, probably in a regular expression: ${foreign}`);

await build({
  ...common,
  entryPoints: { 'ssh-thread': 'runner/cli/ssh-thread.ts' },
  outdir: out,
  format: 'esm',
  // What CommonJS packages ask for late.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url), __dirname = import.meta.dirname;" },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  plugins: [lateRequires],
});

const entries = { 'main.cjs': "import './main.ts';", 'index.js': await facade('index', 'runner/index.ts'), 'testing.js': await facade('testing', 'runner/testing/index.ts') };
for (const [name, contents] of Object.entries(entries)) {
  const isMain = name === 'main.cjs';
  await build({
    ...common,
    stdin: { contents, resolveDir: join(root, 'runner/cli'), loader: 'ts' },
    outfile: join(out, name),
    format: isMain ? 'cjs' : 'esm',
    define: { BUNDLE_FILE: JSON.stringify(bundle), ...(isMain && { 'import.meta.url': '__mainUrl' }) },
    ...(isMain && { banner: { js: '#!/usr/bin/env node\nconst __mainUrl = require("node:url").pathToFileURL(__filename).href;' } }),
  });
}
chmodSync(join(out, 'main.cjs'), 0o755);
execFileSync(process.execPath, [join(root, 'scripts/code-cache.mjs'), join(out, bundle)], { stdio: ['ignore', 'inherit', 'inherit'] });
writeFileSync(join(out, 'THIRD-PARTY.txt'), licences(bundled.metafile));

// Bundles are named by their content: those of earlier builds go. dist/types is written by tsc.
for (const name of readdirSync(out)) if (/\.c?js(\.map|\.cache)?$/.test(name) && !name.startsWith(bundle) && !['main.cjs', 'ssh-thread.js', 'index.js', 'testing.js'].includes(name)) rmSync(join(out, name));

/** A file of a package with one place changed; a newer version of it that has no such place is a fault of the build. */
function replaced(path, from, to) {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${path} has no '${from}' any more: does it still need changing?`);
  return text.replace(from, () => to);
}

/** An ES module with the exports of a part of the bundle. */
async function facade(part, source) {
  const { metafile } = await build({ ...common, entryPoints: [source], format: 'esm', packages: 'external', write: false, outdir: out });
  const names = Object.values(metafile.outputs)[0].exports;
  return `import { openBundle } from './open-bundle.ts';\nconst part = await openBundle().${part}();\nexport const { ${names.join(', ')} } = part;`;
}

/** The licences of the packages whose code is in the bundle. */
function licences(metafile) {
  const folders = new Set(Object.keys(metafile.inputs).flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
    const text = file !== undefined && existsSync(join(root, folder, file)) ? readFileSync(join(root, folder, file), 'utf8').trim() : '';
    return `${name} ${version} (${license})\n${'='.repeat(60)}\n${text}\n`;
  }).join('\n');
}
