import { posix } from 'node:path';
import { ABSENT, change, type Change } from '../../../runner/task/change.ts';
import { sh } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import type { FileStat } from '../../../runner/task/host.ts';
import { attributeChanges } from './attributes.ts';
import type { FileParams, SeenPath } from './file-probe.ts';

/** `file`, `hard` (a file with more than one name), `directory`, `link`. */
function kindOf({ type, links }: FileStat): string {
  return type === 'file' && links > 1 ? 'hard' : type;
}

/** `state: link`. */
export function linkChanges(given: FileParams, seen: SeenPath): readonly Change[] {
  const { path, own } = seen;
  const { src, force, follow } = given;
  const wanted = src ?? (follow && seen.stat ? own?.target : undefined);
  if (src !== undefined && !force && !seen.source) {
    const absolute = posix.join(src.startsWith('/') ? '' : own?.type === 'directory' ? path : posix.dirname(path), src);
    throw new TaskFailure(`src file does not exist, use "force=yes" if you really want to create the link: ${absolute}`, { path, src });
  }
  if (own && own.type !== 'link' && !force) throw new TaskFailure(`refusing to convert from ${kindOf(own)} to symlink for ${path}`, { path });
  if (own?.type === 'directory' && !seen.empty) throw new TaskFailure(`the directory ${path} is not empty, refusing to convert it`, { path });
  if (own?.type !== 'link' && wanted === undefined) throw new TaskFailure('src is required for creating new symlinks');
  if (own?.type === 'link' && (wanted === undefined || own.target === wanted)) return linkAttributes(given, seen);
  const before = own ? (own.type === 'link' ? (own.target ?? '') : own.type) : ABSENT;
  const clear = own?.type === 'directory' ? [sh`rmdir ${path}`] : [];
  return [change('link', before, wanted ?? '', [...clear, sh`ln -sfn ${wanted} ${path}`], own && own.type !== 'link' ? { risk: 'destroy' } : {}), ...newLinkAttributes(given, seen)];
}

/** The attributes of a link are those of what it leads to, with `follow`. */
function linkAttributes(given: FileParams, seen: SeenPath): readonly Change[] {
  if (!given.follow) return attributeChanges(seen.path, seen.own!, given, { link: true });
  return seen.stat ? attributeChanges(seen.real, seen.stat, given, { context: seen.context }) : [];
}

function newLinkAttributes(given: FileParams, seen: SeenPath): readonly Change[] {
  return given.follow && seen.source ? attributeChanges(seen.path, seen.source, given) : [];
}

/** `state: hard`. */
export function hardLinkChanges(given: FileParams, seen: SeenPath): readonly Change[] {
  const { path, own, stat, source } = seen;
  const { src, force } = given;
  if (src === undefined && (!own || kindOf(own) !== 'hard')) throw new TaskFailure('src is required for creating new hardlinks');
  if (src !== undefined && !source) throw new TaskFailure('src does not exist', { dest: path, src });
  const same = own !== null && (src === undefined || (own.inode === source?.inode && own.device === source.device));
  if (same) return stat ? attributeChanges(path, stat, given, { context: seen.context }) : [];
  if (own && !force && own.type !== 'link') {
    const what = kindOf(own) === 'file' ? `, ${own.type} exists` : ', different hard link exists';
    throw new TaskFailure(`Cannot link${what} at destination`, { dest: path, src: src ?? '' });
  }
  if (own?.type === 'directory') throw new TaskFailure(`cannot replace the directory ${path} by a hard link`, { path });
  const steps = [sh`ln ${[...(own ? ['-fn'] : []), src ?? '', path]}`];
  return [change('link', own ? kindOf(own) : ABSENT, { hard: src ?? '' }, steps, own ? { risk: 'destroy' } : {}), ...(source ? attributeChanges(path, source, given) : [])];
}
