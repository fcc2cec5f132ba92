/** Builds dist/ (or the folder named on the command line): the command line and the public API as ES modules that share their chunks, dependencies left outside. */
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, process.argv[2] ?? 'dist');

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: 'runner/cli/main.ts', index: 'runner/index.ts', testing: 'runner/testing/index.ts' },
  outdir: out,
  // Beside the entries, so that import.meta.dirname is dist/ wherever the bundler puts a module.
  chunkNames: 'chunk-[name]-[hash]',
  metafile: true,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'linked',
  sourcesContent: false,
  // Class names are part of messages and of the answer to `error.name`.
  keepNames: true,
  banner: { js: '#!/usr/bin/env node' },
  logLevel: 'warning',
});
chmodSync(join(out, 'main.js'), 0o755);

// Chunks are named by their content: those of earlier builds go. dist/types is written by tsc.
const current = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
for (const name of readdirSync(out)) if (/\.js(\.map)?$/.test(name) && !current.has(name)) rmSync(join(out, name));
