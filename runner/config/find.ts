import { warning, type Diagnostic } from '../source/diagnostic.ts';
import type { FileReader } from '../source/reader.ts';
import { resolvePath } from '../util/posix-path.ts';

/** What looking for a configuration needs of the process. */
export interface Surroundings {
  readonly files: FileReader;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** Whether anybody on this machine may put files into a folder. */
  readonly isWorldWritable: (folder: string) => boolean;
}

/** The configuration file that counts: of `ANSIBLE_CONFIG`, `./ansible.cfg`, `~/.ansible.cfg` and `/etc/ansible/ansible.cfg` the first there is. */
export function findConfig({ files, env, cwd, home, isWorldWritable }: Surroundings): { found?: { path: string; text: string }; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const here = resolvePath(cwd, 'ansible.cfg');
  const candidates = [here, resolvePath(home, '.ansible.cfg'), '/etc/ansible/ansible.cfg'];
  const named = env['ANSIBLE_CONFIG'];
  if (named !== undefined && named !== '') {
    const path = resolvePath(cwd, named.replace(/^~(?=\/|$)/, home));
    candidates.unshift(files.isDirectory(path) ? resolvePath(path, 'ansible.cfg') : path);
  }
  for (const [rank, path] of candidates.entries()) {
    const text = readSafely(files, path);
    if (text === undefined) {
      if (named !== undefined && named !== '' && rank === 0) diagnostics.push(warning('no-config', `ANSIBLE_CONFIG names '${named}', and there is no such file`));
      continue;
    }
    // Whoever shares the folder could have us run a program of theirs (a vault password file, an inventory).
    if (path === here && path !== (named === undefined ? undefined : candidates[0]) && isWorldWritable(cwd)) {
      diagnostics.push(warning('public-config', `'${path}' is not read: everybody may write to its folder`, undefined, `take the right away (chmod o-w ${cwd}), or set ANSIBLE_CONFIG=${path}`));
      continue;
    }
    return { found: { path, text }, diagnostics };
  }
  return { diagnostics };
}

function readSafely(files: FileReader, path: string): string | undefined {
  try {
    return files.isDirectory(path) ? undefined : files.read(path);
  } catch {
    // One that may not be read is passed over, as Ansible does.
    return undefined;
  }
}
