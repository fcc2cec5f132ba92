import { ABSENT, change, type Change } from '../../../runner/task/change.ts';
import { sh, type Command } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import { attributeChanges, attributeCommands } from './attributes.ts';
import type { FileParams, SeenPath } from './file-probe.ts';
import type { WantedTime } from './file-times.ts';

/** `state: absent`. */
export function absentChanges({ path, own }: SeenPath): readonly Change[] {
  return own ? [change('state', own.type, ABSENT, [{ remove: path }], { risk: 'destroy' })] : [];
}

/** `state: touch`: makes an empty file, or sets the times of what is there, every time it is asked to. */
export function touchChanges(given: FileParams, seen: SeenPath): readonly Change[] {
  const [missing] = seen.missing;
  if (missing !== undefined) throw new TaskFailure(`Error, could not touch target: the folder ${missing} does not exist`, { path: seen.path });
  if (!seen.stat) {
    const commands = [sh`touch ${seen.real}`, ...attributeCommands([seen.real], given, '0644', false)];
    return [change('state', ABSENT, 'file', commands), ...timeChanges(given, seen, { created: true })];
  }
  return [...attributeChanges(seen.real, seen.stat, given, { context: seen.context }), ...timeChanges(given, seen)];
}

/** What has to change about modification and access time. */
export function timeChanges(_given: FileParams, seen: SeenPath, { created = false } = {}): readonly Change[] {
  if (seen.mtime === 'now' && seen.atime === 'now') return created ? [] : [change('times', seen.stat?.mtime ?? ABSENT, 'now', [sh`touch ${seen.real}`], { repeats: true })];
  return [
    ...timeChange('modification time', sh`-m`, seen.real, seen.mtime, seen.stat?.mtime),
    ...timeChange('access time', sh`-a`, seen.real, seen.atime, typeof seen.atime === 'object' ? seen.atime.seen : undefined),
  ];
}

function timeChange(aspect: string, which: Command, path: string, want: WantedTime, seen: number | undefined): readonly Change[] {
  if (want === 'preserve') return [];
  if (want === 'now') return [change(aspect, seen ?? ABSENT, 'now', [sh`touch ${which} ${path}`], { repeats: true })];
  if (want.seconds === seen) return [];
  return [change(aspect, seen ?? ABSENT, want.seconds, [sh`touch ${which} -d ${`@${want.seconds}`} ${path}`])];
}
