import { folderOf, resolvePath } from '../util/posix-path.ts';
import type { Loading } from './load-context.ts';
import type { Node, Role } from './model.ts';
import type { Place } from './place.ts';

/** Where a file of tasks that is named here can be, best first. */
export function taskFileCandidates(name: string, place: Place): string[] {
  const kind = place.handlers ? 'handlers' : 'tasks';
  const fromFiles = place.files.toReversed().map((file) => resolvePath(folderOf(file), name));
  const fromRole = place.role ? [resolvePath(`${place.role.path}/${kind}`, name), resolvePath(place.role.path, name)] : [];
  const fromPlay = [resolvePath(place.frame.folder, name), resolvePath(`${place.frame.folder}/${kind}`, name)];
  const [nearest, ...outer] = fromFiles;
  return [...new Set([...(nearest === undefined ? [] : [nearest]), ...fromRole, ...outer, ...fromPlay])];
}

/** The first of some files that exists. */
export function firstExisting(candidates: readonly string[], { files }: Pick<Loading, 'files'>): string | undefined {
  return candidates.find((path) => {
    try {
      return !files.isDirectory(path) && files.read(path) !== undefined;
    } catch {
      // Found, but unreadable: reading it for good will say so.
      return true;
    }
  });
}

/** Where the files of a task are looked for, nearest first: its role, the roles that brought that one, the task file's own folder, the playbook's. */
export function searchRoots(role: Role | undefined, folder: string | undefined, playFolder: string): readonly string[] {
  return [...new Set([...(role ? [role.path, ...role.around] : []), ...(folder === undefined ? [] : [folder]), playFolder])];
}

/** The folders in which a task's file of a kind is looked for, nearest first: role, the task file's own folder, the playbook's. */
export function searchedFolders({ role, folder }: Pick<Node, 'role' | 'folder'>, playFolder: string, kind: string): readonly string[] {
  return searchRoots(role, folder, playFolder).flatMap((each) => [`${each.replace(/\/$/, '')}/${kind}`, each]);
}
