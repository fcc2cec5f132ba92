import { problem } from '../source/diagnostic.ts';
import type { Span } from '../source/span.ts';
import { didYouMean } from '../util/suggest.ts';
import { nameOf, resolvePath } from '../util/posix-path.ts';
import type { Loading } from './load-context.ts';
import type { Place } from './place.ts';

/** Finds a role's folder: beside the playbook, beside the role that wants it, on the roles path, or by a path of its own. */
export function findRole(name: string, at: Span, { frame, role }: Pick<Place, 'frame' | 'role'>, loading: Loading): { name: string; path: string } | undefined {
  const beside = role ? [resolvePath(role.path, '..')] : [];
  const folders = [...new Set([resolvePath(frame.folder, 'roles'), ...loading.rolesPath, ...beside, frame.folder])];
  for (const folder of folders) {
    const path = resolvePath(folder, name);
    if (loading.files.isDirectory(path)) return { name: name.startsWith('/') ? nameOf(path) : name, path };
  }
  const message = `there is no role '${name}'`;
  const [, owner, collection, rest] = /^(\w+)\.(\w+)\.(\w[\w.]*)$/.exec(name) ?? [];
  if (owner !== undefined && collection !== undefined && rest !== undefined) {
    const roots = [resolvePath(frame.folder, 'collections'), ...(loading.collectionsPath ?? [])];
    const places = roots.map((root) => resolvePath(root, `ansible_collections/${owner}/${collection}/roles/${rest.replaceAll('.', '/')}`));
    const path = places.find((each) => loading.files.isDirectory(each));
    if (path !== undefined) return { name, path };
    loading.report(problem('unknown-role', `${message} of a collection`, at, `looked for: ${places.join(', ')}`));
    return undefined;
  }
  const names = folders.slice(0, -1).flatMap((folder) => loading.files.list(folder) ?? []);
  loading.report(problem('unknown-role', message, at, didYouMean(name, names, `looked in: ${folders.join(', ')}`)));
  return undefined;
}
