import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fromJson, toJson } from '../expr/convert.ts';
import type { Controller } from '../task/define.ts';
import { TaskFailure } from '../task/failure.ts';
import { renderFile } from '../template/file.ts';
import type { JsonObject } from '../util/json.ts';
import type { Value } from '../expr/value.ts';
import type { Call } from './call.ts';

/** The controller as a module's `prepare` sees it. */
export function controllerFor(call: Call): Controller {
  const { batch, scope, host } = call;
  const { context } = batch;
  return {
    hostname: host,
    check: call.check,
    find: (path, kind) => findFile(call, path, kind),
    readFile: (path) => readFile(path),
    async inspect(path) {
      const found = await stat(path).catch(() => null);
      return found && { directory: found.isDirectory(), size: found.isDirectory() ? 0 : found.size, mode: (found.mode & 0o7777).toString(8).padStart(4, '0') };
    },
    async listFiles(path) {
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      return entries.map((entry) => join(entry.parentPath, entry.name).slice(path.length).replace(/^\/+/, '') + (entry.isDirectory() ? '/' : '')).sort();
    },
    async render(path, more: JsonObject = {}) {
      const own = new Map<string, Value>(Object.entries(more).map(([name, value]) => [name, fromJson(value)]));
      return renderFile(path, scope.with({ kind: 'data', vars: own }), context.environment, searchPath(call, 'templates'));
    },
    variable(name) {
      const value = scope.lookup(name);
      return value === undefined ? undefined : toJson(value);
    },
  };
}

/** The folders in which a task's file is looked for, nearest first: role, the task file's own folder, the playbook's. */
export function searchPath({ node, batch }: Call, kind: string): readonly string[] {
  const playFolder = batch.playVars.play.path.slice(0, batch.playVars.play.path.lastIndexOf('/'));
  const folders = [...new Set([...(node.role ? [node.role.path] : []), node.folder, playFolder])];
  return folders.flatMap((folder) => [join(folder, kind), folder]);
}

async function findFile(call: Call, path: string, kind: string): Promise<string> {
  const expanded = path.startsWith('~/') ? join(process.env['HOME'] ?? '/', path.slice(2)) : path;
  const candidates = isAbsolute(expanded) ? [expanded] : searchPath(call, kind).map((folder) => join(folder, expanded));
  for (const candidate of candidates) if (await stat(candidate).then(() => true, () => false)) return candidate.replace(/(?<=.)\/+$/, '') + (path.endsWith('/') ? '/' : '');
  throw new TaskFailure(`could not find '${path}'; looked at ${candidates.join(', ')}`);
}
