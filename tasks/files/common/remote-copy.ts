import { posix } from 'node:path';
import { ABSENT, change, type Change } from '../../../runner/task/change.ts';
import { sh } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import type { FileStat, Observer } from '../../../runner/task/host.ts';
import { attributeChanges, attributeCommands, type Attributes } from './attributes.ts';
import { expandPath } from './target.ts';

/** What a copy within the host wants. */
export interface RemoteCopy extends Omit<Attributes, 'mode'> {
  readonly src: string;
  readonly dest: string;
  readonly mode?: string | undefined;
  readonly directory_mode?: string | undefined;
  readonly force: boolean;
  readonly backup: boolean;
}

/** What was seen of both ends. */
export interface RemoteSource {
  readonly src: string;
  readonly srcStat: FileStat | null;
  readonly dest: string;
  readonly destStat: FileStat | null;
  readonly parent: FileStat | null;
  /** Checksums by relative path: one entry named '' for a file. */
  readonly wanted: ReadonlyMap<string, string>;
  readonly found: ReadonlyMap<string, string>;
}

/** Looks at source and destination of a copy within the host. */
export async function lookAtRemoteSource({ src: given, dest: wanted }: RemoteCopy, host: Observer): Promise<RemoteSource> {
  const [source, target] = await Promise.all([expandPath(given, host), expandPath(wanted, host)]);
  const src = source.replace(/(.)\/+$/, '$1');
  const bare = target.replace(/(.)\/+$/, '$1');
  const [srcStat, there] = await Promise.all([host.stat(src, { follow: true }), host.stat(bare, { follow: true })]);
  const folder = srcStat?.type === 'directory';
  const into = folder ? !source.endsWith('/') : target.endsWith('/') || there?.type === 'directory';
  const dest = into ? posix.join(bare, posix.basename(src)) : bare;
  const [destStat, parent] = await Promise.all([host.stat(dest, { follow: true }), host.stat(posix.dirname(dest), { follow: true })]);
  const sums = async (path: string): Promise<ReadonlyMap<string, string>> => (folder ? readSums(path, host) : fileSum(await host.checksum(path)));
  const [wantedSums, foundSums] = await Promise.all([sums(src), sums(dest)]);
  return { src, srcStat, dest, destStat, parent, wanted: wantedSums, found: foundSums };
}

function fileSum(sum: string | null): ReadonlyMap<string, string> {
  return new Map(sum === null ? [] : [['', sum]]);
}

function readSums(path: string, host: Observer): Promise<ReadonlyMap<string, string>> {
  return host.read(sh`cd ${path} 2>/dev/null && find . -type f -exec sha256sum {} +`, ({ stdout }) =>
    new Map([...stdout.matchAll(/^([0-9a-f]{64}) [ *]\.\/(.*)$/gm)].map(([, sum = '', name = '']) => [name, sum])));
}

/** What has to change for a copy within the host. */
export function remoteCopyChanges(want: RemoteCopy, seen: RemoteSource): readonly Change[] {
  const { src, srcStat, dest, destStat } = seen;
  if (!srcStat) throw new TaskFailure(`Source ${src} not found`);
  if (srcStat.type === 'directory') return folderCopy(want, seen);
  if (destStat && !want.force) return [];
  if (!seen.parent && !want.dest.endsWith('/')) throw new TaskFailure(`Destination directory ${posix.dirname(dest)} does not exist`);
  const attributes = { ...want, mode: want.mode === 'preserve' ? srcStat.mode : want.mode };
  const [before, after] = [seen.found.get(''), seen.wanted.get('')];
  if (before === after && destStat) return attributeChanges(dest, destStat, attributes);
  // An existing file's bytes are replaced in a copy beside it, so that a reader sees the old file or the new one.
  const keep = destStat ? { mode: destStat.mode, owner: destStat.owner, group: destStat.group } : { mode: '0644' };
  const temp = posix.join(posix.dirname(dest), `.${posix.basename(dest)}.${after?.slice(0, 12) ?? 'new'}`);
  const final = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)) as Attributes;
  return [change('content', before === undefined ? ABSENT : `sha256:${before.slice(0, 12)}`, `sha256:${after?.slice(0, 12) ?? ''}`, [
    ...(seen.parent ? [] : [sh`mkdir -p ${posix.dirname(dest)}`]),
    ...(want.backup && destStat ? [sh`cp -p ${dest} ${dest}."$$.$(date +%Y-%m-%d@%H:%M:%S)~"`] : []),
    sh`cp ${src} ${temp}`,
    ...attributeCommands([temp], { ...keep, ...final }, keep.mode, false),
    sh`mv -f ${temp} ${dest}`,
  ])];
}

function folderCopy(want: RemoteCopy, { src, dest, destStat, wanted, found }: RemoteSource): readonly Change[] {
  const different = [...wanted].filter(([name, sum]) => found.get(name) !== sum && (want.force || !found.has(name))).map(([name]) => name);
  if (different.length === 0 && destStat) return [];
  const mode = want.mode === 'preserve' ? undefined : want.mode;
  const copies = different.map((name) => sh`mkdir -p ${posix.dirname(posix.join(dest, name))} && cp ${[...(want.mode === 'preserve' ? ['-p'] : []), posix.join(src, name), posix.join(dest, name)]}`);
  const paths = different.map((name) => posix.join(dest, name));
  return [change('files', destStat ? [...found.keys()].filter((name) => different.includes(name)) : ABSENT, different, [
    sh`mkdir -p ${dest}`,
    ...copies,
    ...(paths.length === 0 ? [] : attributeCommands(paths, { ...want, mode }, '0644', false)),
  ])];
}
