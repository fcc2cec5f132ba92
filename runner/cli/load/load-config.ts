import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { readConfig, type Config } from '../../config/config.ts';
import { InputError } from '../../source/diagnostic.ts';
import { diskReader } from '../../source/disk.ts';
import { formatDiagnostic } from '../../source/excerpt.ts';
import { unmetWishes } from './apply-config.ts';

/** How a command gets at the configuration; what is to be said about it is said once, some of it only at `-v`. */
export type ConfigSource = (verbosity: number) => Config;

/** Reads ansible.cfg and the environment of this process. @throws InputError when a setting is no value */
export function loadConfig(verbosity: number, complain: (text: string) => void): Config {
  const config = readConfig({ files: diskReader(), env: process.env, cwd: process.cwd(), home: homedir(), isWorldWritable });
  if (config.diagnostics.some((each) => each.severity === 'error')) throw new InputError(config.diagnostics);
  for (const each of config.diagnostics) complain(`${formatDiagnostic(each)}\n\n`);
  for (const each of unmetWishes(config)) complain(`warning: ${each}\n`);
  if (verbosity > 0) for (const each of config.notes) complain(`note: ${each}\n`);
  return config;
}

function isWorldWritable(folder: string): boolean {
  return ((statSync(folder, { throwIfNoEntry: false })?.mode ?? 0) & 0o002) !== 0;
}
