import { posix } from 'node:path';
import { sh } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import type { FileStat, Observer } from '../../../runner/task/host.ts';
import { PATH_STAT_FORMAT, parsePathStats, type PathStat } from '../../parse/path-stats.ts';
import type { Attributes } from './attributes.ts';
import { missingParents } from './content.ts';
import { wantedTime, type WantedTime } from './file-times.ts';
import { expandPath, lookAt, type Target } from './target.ts';

/** The parameters of `file`. */
export interface FileParams extends Attributes {
  readonly path: string;
  readonly state?: 'absent' | 'directory' | 'file' | 'hard' | 'link' | 'touch' | undefined;
  readonly src?: string | undefined;
  readonly recurse: boolean;
  readonly force: boolean;
  readonly follow: boolean;
  readonly modification_time?: string | undefined;
  readonly modification_time_format: string;
  readonly access_time?: string | undefined;
  readonly access_time_format: string;
}

/** What `file` saw. */
export interface SeenPath extends Target {
  /** Where links lead: the same path when it is none. */
  readonly real: string;
  /** Folders above that are missing, top down. */
  readonly missing: readonly string[];
  /** All below a folder, read only for `recurse`. */
  readonly below: readonly PathStat[];
  /** true when a folder that may have to give way to a link has nothing in it. */
  readonly empty: boolean;
  /** What `src` leads to: for `link` seen from the link's folder. */
  readonly source: FileStat | null;
  readonly mtime: WantedTime;
  readonly atime: WantedTime & { readonly seen?: number };
}

/** The state that is meant: given, or what there is. */
export function stateOf(given: FileParams, { own }: Pick<SeenPath, 'own'>): NonNullable<FileParams['state']> {
  if (given.state !== undefined) return given.state;
  if (!own) return given.recurse ? 'directory' : 'file';
  if (own.type === 'directory' || own.type === 'link') return own.type;
  return own.links > 1 ? 'hard' : 'file';
}

/** Looks at all that `file` may need to know, in few round trips. */
export async function lookAtPath(given: FileParams, host: Observer): Promise<SeenPath> {
  ahead(given, host);
  const onlyLink = given.state === 'link' && given.src !== undefined && !wantsAttributes(given);
  const first = onlyLink ? await lookAtLink(given.path, host) : await lookAt(given.path, host, given);
  // A hard link to be made where a folder is goes into the folder, as with ln.
  const inside = given.state === 'hard' && given.src !== undefined && first.stat?.type === 'directory';
  const target = inside ? await lookAt(posix.join(first.path, posix.basename(given.src)), host, given) : first;
  const { path, own, stat, context } = target;
  // What a link leads to matters to nobody who only wants the link itself.
  const wanted = given.state !== 'absent' && (given.state !== 'link' || wantsAttributes(given));
  const real = own?.type === 'link' && given.follow && wanted ? await (stat ? host.read(sh`readlink -f ${path}`, ({ stdout }) => stdout.replace(/\n$/, '') || path) : missingEnd(path, own, host)) : path;
  const state = stateOf(given, target);
  // Hardly ever more than one of these is wanted.
  const missing = (state === 'directory' || state === 'touch') && !stat ? await missingParents(real, (folder) => isFolder(folder, host)) : [];
  const below = given.recurse && stat?.type === 'directory' ? await readTree(real, host) : [];
  const empty = state === 'link' && own?.type === 'directory' ? await host.read(sh`ls -A ${path}`, ({ stdout }) => stdout === '') : true;
  const source = given.src === undefined ? null : await lookAtSource(given.src, state === 'link' ? (own?.type === 'directory' ? path : posix.dirname(path)) : undefined, host);
  const [wantedMtime, wantedAtime] = [wantedTime(given.modification_time, given.modification_time_format, state, host), wantedTime(given.access_time, given.access_time_format, state, host)];
  const [mtime, atime] = wantedMtime instanceof Promise || wantedAtime instanceof Promise ? await Promise.all([wantedMtime, wantedAtime]) : [wantedMtime, wantedAtime];
  const seenAtime = typeof atime === 'object' ? await host.read(sh`stat -c %X ${real}`, ({ stdout, code }) => (code === 0 ? Number(stdout) : undefined)) : undefined;
  return { path, own, stat, context, real, missing, below, empty, source, mtime, atime: typeof atime === 'object' && seenAtime !== undefined ? { ...atime, seen: seenAtime } : atime } as SeenPath;
}

/**
 * Where a link leads that leads to nothing, step by step: of one that leads below itself, `readlink -f` of GNU coreutils never comes back.
 * @throws TaskFailure for links in a circle
 */
async function missingEnd(path: string, link: FileStat, host: Observer): Promise<string> {
  let at = path;
  let seen: FileStat | null = link;
  for (let steps = 0; steps < 40; steps++) {
    if (seen?.target === undefined) return at;
    at = posix.resolve(posix.dirname(at), seen.target);
    seen = await host.stat(at);
  }
  throw new TaskFailure(`${path}: links that go round in a circle`, { path });
}

function wantsAttributes({ mode, owner, group, seuser, serole, setype, selevel }: Attributes): boolean {
  return [mode, owner, group, seuser, serole, setype, selevel].some((each) => each !== undefined);
}

/** Looks at what is to be a link and nothing else: where another link leads there is not asked. */
async function lookAtLink(given: string, host: Observer): Promise<Target> {
  const path = (await expandPath(given, host)).replace(/(.)\/+$/, '$1');
  const own = await host.stat(path);
  return { path, own, stat: own?.type === 'link' ? null : own };
}

/** What is asked next nearly always goes along with the first question; the answers are remembered. */
function ahead({ path, state, src }: FileParams, host: Observer): void {
  const asked = [
    ...((state === 'directory' || state === 'touch') && path.startsWith('/') ? [host.stat(posix.dirname(path.replace(/(.)\/+$/, '$1')), { follow: true })] : []),
    ...(state === 'link' && src !== undefined && path.startsWith('/') ? [lookAtSource(src, posix.dirname(path.replace(/(.)\/+$/, '$1')), host)] : []),
  ];
  for (const each of asked) each.catch(() => undefined);
}

/** @throws TaskFailure when something else than a folder is there */
async function isFolder(path: string, host: Observer): Promise<boolean> {
  const stat = await host.stat(path, { follow: true });
  if (stat && stat.type !== 'directory') throw new TaskFailure(`${path} is a ${stat.type}, not a directory`, { path });
  return stat !== null;
}

async function lookAtSource(src: string, folder: string | undefined, host: Observer): Promise<FileStat | null> {
  const path = folder === undefined || src.startsWith('~') ? await expandPath(src, host) : posix.resolve(folder, src);
  return host.stat(path.replace(/(.)\/+$/, '$1'), { follow: true });
}

function readTree(path: string, host: Observer): Promise<readonly PathStat[]> {
  return host.read(sh`find ${path} -mindepth 1 -exec stat -c ${PATH_STAT_FORMAT} {} +`, ({ stdout }) => parsePathStats(stdout));
}
