import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AnyControl } from '../../task/control.ts';
import type { AnyTask } from '../../task/define.ts';
import { problem, type Diagnostic } from '../../source/diagnostic.ts';
import type { FileReader } from '../../source/reader.ts';
import { packageRoot } from '../../util/root.ts';

/** Modules that a user wrote. */
export interface UserTasks {
  readonly tasks: readonly AnyTask[];
  readonly controls: readonly AnyControl[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads every `.ts` and `.js` file of the folders as a task module, without a build step; tests, type declarations and index files are passed over. */
export async function loadUserTasks(folders: readonly string[], files: FileReader): Promise<UserTasks> {
  const paths = folders.flatMap((folder) => (files.list(folder) ?? []).filter(isModule).map((name) => join(folder, name)));
  if (paths.length === 0) return { tasks: [], controls: [], diagnostics: [] };
  // Not import(): Node refuses that in a script that comes from a code cache, which the built program is.
  const { createJiti } = createRequire(import.meta.url)('jiti') as typeof import('jiti');
  // The modules must share this program's own zod and classes: `instanceof` has to hold across the border.
  const jiti = createJiti(import.meta.url, { alias: ownModules(), moduleCache: true });
  const tasks: AnyTask[] = [];
  const controls: AnyControl[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    try {
      const loaded: unknown = await jiti.import(path, { default: true });
      if (isControl(loaded)) controls.push(loaded);
      else if (isTask(loaded)) tasks.push(loaded);
      else diagnostics.push(problem('no-task-module', `'${path}' does not export a task module as its default`, undefined, 'write export default defineTask({ name, summary, params, probe, plan })'));
    } catch (error) {
      diagnostics.push(problem('broken-task-module', `'${path}' cannot be loaded: ${error instanceof Error ? error.message : String(error)}`));
    }
  }
  return { tasks, controls, diagnostics };
}

function ownModules(): Record<string, string> {
  const root = packageRoot();
  return { rollcall: join(root, 'dist', 'index.js'), 'rollcall/testing': join(root, 'dist', 'testing.js') };
}

function isModule(name: string): boolean {
  return /\.(ts|mts|js|mjs)$/.test(name) && !/\.(test|spec)\.[^.]+$|\.d\.m?ts$|^index\./.test(name);
}

function isTask(value: unknown): value is AnyTask {
  return isNamed(value) && 'probe' in value && 'plan' in value;
}

function isControl(value: unknown): value is AnyControl {
  return isNamed(value) && 'act' in value;
}

function isNamed(value: unknown): value is { name: string; params: unknown } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string' && 'params' in value;
}
