import { posix } from 'node:path';
import { rawCommand, sh } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import type { Observer } from '../../../runner/task/host.ts';
import { globRegex } from '../../parse/shell-glob.ts';
import { parseUnzipListing } from '../../parse/zip-directory.ts';
import type { ArchiveParams } from './archive-params.ts';
import { lookAt, type Target } from './target.ts';

/** What there is to pack, and whether it is packed already. */
export interface ArchiveSeen {
  readonly dest: string;
  readonly target: Target;
  /** The folder that names in the archive are relative to, with a slash at its end. */
  readonly root: string;
  /** Paths to pack that exist. */
  readonly targets: readonly string[];
  /** Paths to pack that do not. */
  readonly missing: readonly string[];
  readonly expanded: readonly string[];
  readonly excluded: readonly string[];
  /** Names in the archive, in order. */
  readonly names: readonly string[];
  /** One file is compressed, without an archive around it. */
  readonly compress: boolean;
  /** The archive holds just that. */
  readonly same: boolean;
}

const hasGlob = (path: string): boolean => /[*?]/.test(path);

/** Paths with patterns expanded by the host's shell; nothing else in them means anything to it. */
async function expand(paths: readonly string[], host: Observer): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      if (!hasGlob(path)) return [path];
      const pattern = rawCommand(path.replace(/[^A-Za-z0-9_/.*?[\]-]/g, '\\$&'));
      return host.read(sh`for f in ${pattern}; do [ -e "$f" ] && printf '%s\n' "$f"; done; :`, ({ stdout }) => stdout.split('\n').filter(Boolean));
    }),
  );
  return found.flat();
}

/** The folder that all paths have in common. */
function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => `${posix.dirname(path.endsWith('/') ? `${path}.` : path).replace(/\/$/, '')}/`);
  let common = folders[0] ?? '/';
  for (const folder of folders) while (!folder.startsWith(common)) common = common.replace(/[^/]*\/$/, '');
  return common;
}

/** Looks at what shall be packed and at the archive. @throws TaskFailure when there is nothing to pack */
export async function lookAtArchive(given: ArchiveParams, host: Observer): Promise<ArchiveSeen> {
  const [expanded, excluded] = await Promise.all([expand(given.path, host), expand(given.exclude_path, host)]);
  const paths = [...new Set(expanded)].filter((path) => !excluded.includes(path)).sort();
  // After the sources were removed, their archive is all there is to see.
  if (paths.length === 0 && !(given.remove && given.dest !== undefined)) throw new TaskFailure('Error, no source paths were found');
  const stats = await Promise.all(paths.map((path) => host.stat(path)));
  const folder = (index: number): boolean => stats[index]?.type === 'directory';
  const many = given.force_archive || given.path.some(hasGlob) || paths.length > 1 || folder(0);
  const dest = given.dest ?? (many ? undefined : `${paths[0]}.${given.format}`);
  if (dest === undefined) throw new TaskFailure('Error, must specify "dest" when archiving multiple files or trees');
  const target = await lookAt(dest, host, given);
  const root = commonFolder(paths);
  const targets = paths.filter((_, index) => stats[index] !== null);
  const compress = !many && !['zip', 'tar'].includes(given.format);
  const lists = await Promise.all(targets.map(async (path) => (folder(paths.indexOf(path)) ? host.read(sh`find ${path.replace(/(.)\/+$/, '$1')} -mindepth 1`, ({ stdout }) => stdout.split('\n').filter(Boolean).sort()) : [path])));
  const patterns = given.exclusion_patterns.map(globRegex);
  const keeps = (path: string): boolean => path !== target.path && !patterns.some((pattern) => pattern.test(given.format === 'zip' ? path : path.slice(root.length)));
  const names = compress ? [] : lists.flat().filter(keeps).map((path) => path.slice(root.length));
  const seen = { dest: target.path, target, root, targets, missing: paths.filter((_, index) => stats[index] === null), expanded, excluded, names, compress, same: false };
  return targets.length === 0 || target.stat === null ? seen : { ...seen, same: await isSame(given, seen, host) };
}

const UNPACK = { gz: 'gzip', bz2: 'bzip2', xz: 'xz' } as const;

async function isSame({ format }: ArchiveParams, { dest, root, targets, names, compress }: Omit<ArchiveSeen, 'same'>, host: Observer): Promise<boolean> {
  if (compress && format in UNPACK) return host.read(sh`${UNPACK[format as keyof typeof UNPACK]} -dc <${dest} | cmp -s - ${targets[0] ?? ''}`.with({ timeout: 600 }), ({ code }) => code === 0);
  if (format === 'zip') return isSameZip(dest, root, names, host);
  const plain = (name: string): string => name.replace(/\/$/, '');
  const [listed, equal] = await Promise.all([
    host.read(sh`tar --quoting-style=literal -t -f ${dest}`.with({ timeout: 600 }), ({ stdout }) => stdout.split('\n').filter(Boolean).map(plain)),
    host.read(sh`tar -d -f ${dest} -C ${root}`.with({ timeout: 600 }), ({ code }) => code === 0),
  ]);
  return equal && [...listed].sort().join('\n') === [...names].sort().join('\n');
}

/** A zip file is right when it has the same names and sizes and nothing is newer. */
async function isSameZip(dest: string, root: string, names: readonly string[], host: Observer): Promise<boolean> {
  const look = sh`cd ${root} && while IFS= read -r f; do if [ -d "$f" ]; then echo "/ $f"; elif [ "$f" -nt ${dest} ]; then echo "newer $f"; else echo "$(($(wc -c <"$f"))) $f"; fi; done`;
  const [entries, sizes] = await Promise.all([
    host.read(sh`unzip -v ${dest}`, ({ stdout }) => new Map(parseUnzipListing(stdout).map(({ name, size }) => [name.replace(/\/$/, ''), size]))),
    host.read(look.with({ stdin: `${names.join('\n')}\n` }), ({ stdout }) => stdout.split('\n').filter(Boolean).map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))] as const)),
  ]);
  return entries.size === names.length && sizes.every(([name, size]) => entries.has(name) && (size === '/' || String(entries.get(name)) === size));
}
