import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** A page of the documentation. */
export interface Page {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** A block of code in a page. */
export interface Fence {
  readonly page: string;
  readonly line: number;
  /** The words after the three backquotes: `yaml inventory`. */
  readonly kind: string;
  readonly code: string;
}

/** The README and everything in docs/. */
export function pages(): Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.md'));
  const paths = ['README.md', ...docs.map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1)).sort()];
  return paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** The blocks of code of a page. */
export function fences({ path, text }: Page): Fence[] {
  return [...text.matchAll(/^```([\w ]+)\n([^]*?)^```$/gm)].map(([, kind = '', code = ''], index) => ({
    page: path, line: text.slice(0, text.indexOf(code, index)).split('\n').length, kind: kind.trim(), code,
  }));
}
