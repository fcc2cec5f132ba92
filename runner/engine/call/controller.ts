import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, type Stats, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { fromJson, toJson } from '../../expr/convert.ts';
import type { Controller } from '../../task/define.ts';
import { TaskFailure } from '../../task/failure.ts';
import { renderFile } from '../../template/file.ts';
import { jinjaOptions } from '../../template/jinja-options.ts';
import { searchedFolders } from '../../playbook/find-file.ts';
import { templateVars } from '../../template/template-vars.ts';
import type { JsonObject } from '../../util/json.ts';
import type { Value } from '../../expr/value.ts';
import type { Call } from './call.ts';

/** The controller as a module's `prepare` sees it. */
export function controllerFor(call: Call): Controller {
  const { batch, scope, host } = call;
  const { context } = batch;
  return {
    hostname: host,
    check: call.check,
    find: (path, kind) => findFile(call, path, kind),
    readFile: async (path) => readFileSync(path),
    async inspect(path) {
      const found = lookAt(path);
      return found && { directory: found.isDirectory(), size: found.isDirectory() ? 0 : found.size, mode: (found.mode & 0o7777).toString(8).padStart(4, '0') };
    },
    async listFiles(path) {
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      return entries.map((entry) => join(entry.parentPath, entry.name).slice(path.length).replace(/^\/+/, '') + (entry.isDirectory() ? '/' : '')).sort();
    },
    async render(path, more: JsonObject = {}, options: JsonObject = {}) {
      const { template_destpath: destination, ...given } = more;
      const about = templateVars(path, { managed: context.settings.managed, destination: typeof destination === 'string' ? destination : undefined });
      const own = new Map<string, Value>([...about, ...Object.entries(given).map(([name, value]): [string, Value] => [name, fromJson(value)])]);
      return renderFile(path, scope.with({ kind: 'data', vars: own }), context.environment, searchPath(call, 'templates'), jinjaOptions(options));
    },
    async checksum(path) {
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
      return hash.digest('hex');
    },
    variable(name) {
      const value = scope.lookup(name);
      return value === undefined ? undefined : toJson(value);
    },
  };
}

function lookAt(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** The folders in which a task's file is looked for, nearest first: role, the task file's own folder, the playbook's. */
export function searchPath({ node, batch }: Call, kind: string): readonly string[] {
  return searchedFolders(node, dirname(batch.playVars.play.path), kind);
}

async function findFile(call: Call, path: string, kind: string): Promise<string> {
  const expanded = path.startsWith('~/') ? join(process.env['HOME'] ?? '/', path.slice(2)) : path;
  const candidates = isAbsolute(expanded) ? [expanded] : searchPath(call, kind).map((folder) => join(folder, expanded));
  // At once: a look at a file takes microseconds, a trip through the thread pool a hundred times that, and every host asks.
  for (const candidate of candidates) if (existsSync(candidate)) return candidate.replace(/(?<=.)\/+$/, '') + (path.endsWith('/') ? '/' : '');
  throw new TaskFailure(`could not find '${path}'; looked at ${candidates.join(', ')}`);
}
