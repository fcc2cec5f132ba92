import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, Script } from 'node:vm';
import type { Parts } from './parts.ts';

/** File name of the bundle, put in by the build: it holds the hash of the content, so that a code cache can only belong to it. */
declare const BUNDLE_FILE: string;

/** All who open the bundle in this process share it: classes have to be the same for the program and for task modules of users. */
const opened = Symbol.for(`rollcall ${BUNDLE_FILE}`);

/**
 * Opens the built bundle. Compiling two megabytes of JavaScript would take longer than most runs, so V8 is given what it compiled
 * when the bundle was built; where its version differs, it refuses that and compiles.
 */
export function openBundle(): Parts {
  const shared = globalThis as { [opened]?: Parts };
  return (shared[opened] ??= evaluate(join(dirname(fileURLToPath(import.meta.url)), BUNDLE_FILE)));
}

function evaluate(path: string): Parts {
  const cachedData = codeCache(`${path}.cache`);
  // The build writes ASCII only: a string of one byte per character.
  const script = new Script(readFileSync(path, 'latin1'), { filename: path, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER, ...(cachedData && { cachedData }) });
  const wrapper = script.runInThisContext() as (module: { exports: { parts?: Parts } }, require: NodeJS.Require, filename: string, dirname: string) => void;
  const module: { exports: { parts?: Parts } } = { exports: {} };
  wrapper(module, createRequire(path), path, dirname(path));
  if (module.exports.parts === undefined) throw new Error(`${path} is no bundle`);
  return module.exports.parts;
}

function codeCache(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
