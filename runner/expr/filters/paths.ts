import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, normalize, relative, resolve } from 'node:path';
import { asText } from '../arguments.ts';
import { define, type Entry } from '../define.ts';
import { ExpressionError } from '../errors.ts';
import { globFiles } from '../glob.ts';
import { toText, typeName } from '../text.ts';
import { isList, Tuple, type Value } from '../value.ts';

/** Python's `os.path.split`: what stands before the last slash, and what after it. */
function split(path: string): [head: string, tail: string] {
  const at = path.lastIndexOf('/') + 1;
  const head = path.slice(0, at);
  return [/^\/*$/.test(head) ? head : head.replace(/\/+$/, ''), path.slice(at)];
}

/** Python's `os.path.join`: an absolute part begins anew. */
export function joinPath(parts: readonly string[]): string {
  return parts.reduce((path, part) => (part.startsWith('/') || path === '' ? part : path.endsWith('/') ? path + part : `${path}/${part}`));
}

/** Python's `os.path.normpath`. */
function normalPath(path: string): string {
  const normal = normalize(path).replace(/(?<=.)\/$/, '');
  // POSIX lets exactly two leading slashes stand.
  return /^\/\/(?!\/)/.test(path) && !normal.startsWith('//') ? `/${normal}` : normal;
}

function realPath(path: string): string {
  let known = '/';
  const rest = resolve(path).split('/').filter((part) => part !== '');
  for (let links = 0; rest.length > 0; ) {
    const next = resolve(known, rest.shift() ?? '');
    const target = existsSync(next) || isLink(next) ? linkTarget(next) : undefined;
    if (target === undefined || links > 40) known = next;
    else {
      links++;
      rest.unshift(...target.split('/').filter((part) => part !== ''));
      if (isAbsolute(target)) known = '/';
    }
  }
  return known;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function linkTarget(path: string): string | undefined {
  return isLink(path) ? readlinkSync(path) : undefined;
}

function expandUser(path: string): string {
  const [, user, rest = ''] = /^~([^/]*)([^]*)$/.exec(path) ?? [];
  if (user === undefined) return path;
  if (user !== '' && user !== userInfo().username) return user === 'root' ? `/root${rest}` : path;
  const home = process.env['HOME'] ?? homedir();
  return home.replace(/\/+$/, '') + rest || '/';
}

function expandVariables(path: string): string {
  return path.replace(/\$(\w+|\{[^}]*\})/g, (whole, name: string) => process.env[name.replace(/^\{|\}$/g, '')] ?? whole);
}

function splitExtension(path: string): Tuple {
  const at = path.lastIndexOf('.');
  const name = path.lastIndexOf('/') + 1;
  const hasExtension = at > name && /[^.]/.test(path.slice(name, at));
  return Tuple.from(hasExtension ? [path.slice(0, at), path.slice(at)] : [path, '']) as Tuple;
}

function commonPath(value: Value): string {
  if (!isList(value) || value.length === 0) throw new ExpressionError('commonpath() arg is an empty sequence');
  const paths = value.map((each) => toText(each));
  const absolute = paths.filter((path) => path.startsWith('/')).length;
  if (absolute !== 0 && absolute !== paths.length) throw new ExpressionError("Can't mix absolute and relative paths");
  const parts = paths.map((path) => path.split('/').filter((part) => part !== '' && part !== '.'));
  const [first = []] = parts;
  const end = first.findIndex((part, index) => parts.some((other) => other[index] !== part));
  return (absolute > 0 ? '/' : '') + first.slice(0, end === -1 ? first.length : end).join('/');
}

/** Drive and rest of a Windows path. */
function splitDrive(path: string): [string, string] {
  const [drive = ''] = /^(?:[^\\/]:|[\\/]{2}[^\\/]+[\\/][^\\/]+)/.exec(path) ?? [];
  return [drive, path.slice(drive.length)];
}

function splitWindows(path: string): [head: string, tail: string] {
  const [drive, rest] = splitDrive(path);
  const at = Math.max(rest.lastIndexOf('/'), rest.lastIndexOf('\\')) + 1;
  const head = rest.slice(0, at);
  return [drive + (head.replace(/[\\/]+$/, '') || head), rest.slice(at)];
}

/** A path filter refuses what is no text, as Python's `os.path` does. */
function path(value: Value): string {
  if (typeof value !== 'string') throw new ExpressionError(`expected str, bytes or os.PathLike object, not ${typeName(value)}`);
  return value;
}

/** Filters that work on paths of the controller. */
export const PATH_FILTERS: readonly Entry[] = [
  ...define('basename', '', (value) => split(path(value))[1]),
  ...define('dirname', '', (value) => split(path(value))[0]),
  ...define('expanduser', '', (value) => expandUser(path(value))),
  ...define('expandvars', '', (value) => expandVariables(path(value))),
  ...define('realpath', '', (value) => realPath(path(value))),
  ...define('relpath', 'start?', (value, [start]) => relative(resolve(asText(start, '.')), resolve(path(value))) || '.'),
  ...define('splitext', '', (value) => splitExtension(path(value))),
  ...define('normpath', '', (value) => normalPath(path(value))),
  ...define('commonpath', '', (value) => commonPath(value)),
  ...define('path_join', '', (value) => {
    if (typeof value === 'string') return value;
    if (!isList(value)) throw new ExpressionError(`|path_join expects string or sequence, got ${typeName(value)} instead.`);
    if (value.length === 0) throw new ExpressionError("join() missing 1 required positional argument: 'a'");
    return joinPath(value.map(path));
  }),
  ...define('fileglob', '', (value) => globFiles(path(value))),
  ...define('win_basename', '', (value) => splitWindows(path(value))[1]),
  ...define('win_dirname', '', (value) => splitWindows(path(value))[0]),
  ...define('win_splitdrive', '', (value) => Tuple.from(splitDrive(path(value)))),
];
