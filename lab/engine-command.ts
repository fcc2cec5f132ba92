import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { labHome } from './lab-dir.ts';

/** The words that start one of the lab's own background programs (lab/engine/*.ts) with this Node. */
export async function engineCommand(program: 'node-main' | 'power-main' | 'sshd-main'): Promise<readonly string[]> {
  const jiti = join(dirname(createRequire(import.meta.url).resolve('jiti/package.json')), 'lib', 'jiti-cli.mjs');
  return [process.execPath, jiti, join(labHome(), 'engine', `${program}.ts`)];
}
