/** Path arithmetic on POSIX paths that needs no operating system. */
import { posix } from 'node:path';

/** What an absolute path has in it that could be left out. */
const NEEDLESS = /\/(?:\.{0,2}(?:\/|$))/;

/** The same as `posix.normalize`, which looks at every character even where nothing is to be done, as nearly always: 1 µs instead of 50 ns. */
export function normalized(path: string): string {
  return path.startsWith('/') && !NEEDLESS.test(path) ? path : posix.normalize(path);
}

/** `path` taken from `folder` unless it is absolute already; `.`, `..` and doubled slashes are resolved. */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The folder of a path. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash > 0 ? path.slice(0, slash) : slash === 0 ? '/' : '.';
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The extension with its dot, as in `.yml`; empty for none and for names that only begin with a dot. */
export function extensionOf(path: string): string {
  const name = nameOf(path);
  const dot = name.lastIndexOf('.');
  return /[^.]/.test(name.slice(0, Math.max(dot, 0))) ? name.slice(dot) : '';
}

/** A path as a person standing in `cwd` would write it: relative when it lies below, else unchanged. */
export function shownPath(cwd: string, path: string): string {
  const base = cwd.endsWith('/') ? cwd : `${cwd}/`;
  return path.startsWith(base) && path.length > base.length ? path.slice(base.length) : path;
}
