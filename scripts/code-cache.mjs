/** For the build: runs a small playbook with a fresh bundle and keeps what V8 compiled for it, beside the bundle. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { constants, Script } from 'node:vm';
import { practice } from './practice.mjs';

const [path] = process.argv.slice(2);
const script = new Script(readFileSync(path, 'latin1'), { filename: path, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
const module = { exports: {} };
script.runInThisContext()(module, createRequire(path), path, dirname(path));

const folder = mkdtempSync(join(tmpdir(), 'rollcall-build-'));
const write = process.stdout.write.bind(process.stdout);
try {
  const { runProgram } = await module.exports.parts.program();
  process.stdout.write = () => true;
  await practice(runProgram, folder);
} finally {
  process.stdout.write = write;
  rmSync(folder, { recursive: true, force: true });
}
takeBackFlags();
writeFileSync(`${path}.cache`, script.createCachedData());
// A cache that V8 would not take costs each start 0.2 s, and nobody is told.
execFileSync(process.execPath, ['-e', `
  const { readFileSync } = require('node:fs'), [path] = process.argv.slice(1);
  const script = new (require('node:vm').Script)(readFileSync(path, 'latin1'), { filename: path, cachedData: readFileSync(path + '.cache') });
  if (script.cachedDataRejected) throw new Error('V8 refuses the code cache: was it made with other flags?');
`, path]);
process.exit(0);

/** V8 takes a cache only where its flags are those that it was made with: the ones a process begins with, not those a run has set. */
function takeBackFlags() {
  const usual = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  const set = readFileSync(new URL('../runner/cli/run/v8-flags.ts', import.meta.url), 'utf8');
  for (const [, name] of set.matchAll(/'--([\w-]+)(=\d+)?'/g)) {
    const [, value] = new RegExp(`^  --${name} [^]*?default: (--\\S+)`, 'm').exec(usual) ?? [];
    if (value !== undefined) setFlagsFromString(value);
  }
}
