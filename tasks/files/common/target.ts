import { posix } from 'node:path';
import { sh } from '../../../runner/task/command.ts';
import type { FileStat, Observer } from '../../../runner/task/host.ts';
import { ignore } from '../../../runner/util/ignore.ts';
import type { JsonObject } from '../../../runner/util/json.ts';
import { normalized } from '../../../runner/util/posix-path.ts';
import { readContext, type Attributes } from './attributes.ts';

/** What was seen at a path. */
export interface Target {
  /** Absolute, `~` expanded. */
  readonly path: string;
  /** The object itself; null when there is none. */
  readonly own: FileStat | null;
  /** What it leads to, links followed; null for a broken link. */
  readonly stat: FileStat | null;
  readonly context?: string | undefined;
}

/**
 * Makes a path absolute as a shell of the target user would: `~`, `~user`, and relative to the home folder. Doubled slashes and `.` go; a slash at
 * the end, which may mean something, stays.
 */
export function expandPath(path: string, host: Observer): string | Promise<string> {
  return path.startsWith('/') ? normalized(path) : expandRelative(path, host);
}

async function expandRelative(path: string, host: Observer): Promise<string> {
  const [, user, rest = ''] = /^~([^/]*)(.*)$/s.exec(path) ?? [];
  if (user === undefined) return normalized(posix.join(await host.read(sh`pwd`, ({ stdout }) => stdout.trim()), path));
  const home = user === '' ? await host.read(sh`printf %s "$HOME"`, ({ stdout }) => stdout.trim()) : ((await host.getent('passwd', user))?.[5] ?? `/${path}`);
  return normalized(home + rest);
}

/** Looks at a path, and at what it leads to. */
export async function lookAt(given: string, host: Observer, want: Attributes = {}): Promise<Target> {
  const path = (await expandPath(given, host)).replace(/(.)\/+$/, '$1');
  // Asked for in one moment; `Promise.all` holds three times as much until it is answered, for each of many files of many hosts.
  const [asked, followed] = [host.stat(path), host.stat(path, { follow: true })];
  followed.catch(ignore);
  const own = await asked;
  const stat = await followed;
  return { path, own, stat, context: stat ? await readContext(path, want, host) : undefined };
}

/** What Ansible tells about a file in its results. */
export function fileFacts(stat: FileStat | null): JsonObject {
  if (!stat) return { state: 'absent' };
  const { mode, owner, group, uid, gid, size, type, links } = stat;
  const state = type === 'directory' || type === 'link' ? type : links > 1 ? 'hard' : 'file';
  return { mode, owner, group, uid, gid, size, state };
}
