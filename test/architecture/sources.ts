import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** One file of the product, with the places it imports from. */
export interface Source {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
  /** Paths from the root for relative imports, the words themselves for others. */
  readonly imports: readonly string[];
}

/** Everything in TypeScript below some folders. */
export function sources(...folders: string[]): Source[] {
  return folders.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      // The roots of the lab's hosts have whole systems in them.
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('/root/'))
      .map((entry) => read(join(entry.parentPath, entry.name).slice(ROOT.length + 1))),
  );
}

function read(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const statements = text.matchAll(/^(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*'([^'\n]+)'/gm);
  const calls = text.matchAll(/\bimport\('([^'\n]+)'\)/g);
  const imports = [...statements, ...calls].map(([, target = '']) => (target.startsWith('.') ? posix.join(posix.dirname(path), target) : target));
  return { path, text, imports };
}
