import { ABSENT, change, type Change } from '../../../runner/task/change.ts';
import { sh } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import type { PathStat } from '../../parse/path-stats.ts';
import { attributeChanges, folderCommands, wantedMode } from './attributes.ts';
import type { FileParams, SeenPath } from './file-probe.ts';
import { timeChanges } from './file-touch.ts';

/** `state: file`: it must be there. */
export function fileStateChanges(given: FileParams, seen: SeenPath): readonly Change[] {
  const shown = given.follow ? seen.stat : seen.own;
  const path = given.follow ? seen.real : seen.path;
  if (!shown) throw new TaskFailure(`file (${path}) is absent, cannot continue`, { path, state: 'absent' });
  if (shown.type !== 'file') throw new TaskFailure(`file (${path}) is ${shown.type}, cannot continue`, { path, state: shown.type });
  return [...attributeChanges(path, shown, given, { context: seen.context }), ...timeChanges(given, seen)];
}

/** `state: directory`, with those above it and, with `recurse`, all in it. */
export function directoryChanges(given: FileParams, seen: SeenPath): readonly Change[] {
  const { path, real, own, stat } = seen;
  if (!stat || (own?.type === 'link' && !given.follow)) {
    if (own && (own.type !== 'link' || !given.follow)) throw new TaskFailure(`${path} already exists as a ${own.type}`, { path });
    const made = [...seen.missing, real];
    return [change('state', ABSENT, 'directory', folderCommands(made, given)), ...timeChanges(given, seen, { created: true })];
  }
  if (stat.type !== 'directory') throw new TaskFailure(`${real} already exists as a ${stat.links > 1 && stat.type === 'file' ? 'hard' : stat.type}`, { path: real });
  return [...attributeChanges(real, stat, given, { context: seen.context }), ...recursiveChanges(given, seen.below), ...timeChanges(given, seen)];
}

const foreign = (want: string | undefined, name: string, id: number): boolean => want !== undefined && want !== name && want !== String(id);

/** Words of one command: well below the 128 KiB that a kernel takes for long paths. */
const BATCH = 200;

function recursiveChanges(given: FileParams, below: readonly PathStat[]): readonly Change[] {
  const { owner, group } = given;
  const otherOwner = below.filter((each) => foreign(owner, each.owner, each.uid)).map(({ path }) => path);
  const otherGroup = below.filter((each) => foreign(group, each.group, each.gid)).map(({ path }) => path);
  const byMode = new Map<string, PathStat[]>();
  for (const each of below) {
    const mode = each.type === 'link' ? undefined : wantedMode(given.mode, each.mode, each.type === 'directory');
    if (mode !== undefined && mode !== each.mode) byMode.set(mode, [...(byMode.get(mode) ?? []), each]);
  }
  return [
    ...(otherOwner.length === 0 ? [] : [change('owner below', otherOwner, owner ?? '', batches(otherOwner).map((paths) => sh`chown -h ${owner} ${paths}`))]),
    ...(otherGroup.length === 0 ? [] : [change('group below', otherGroup, group ?? '', batches(otherGroup).map((paths) => sh`chgrp -h ${group} ${paths}`))]),
    ...[...byMode].map(([mode, entries]) => {
      const before = Object.fromEntries(entries.map((each) => [each.path, each.mode]));
      return change('mode below', before, mode, batches(entries.map(({ path }) => path)).map((paths) => sh`chmod ${mode} ${paths}`));
    }),
  ];
}

function batches(paths: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(paths.length / BATCH) }, (_, index) => paths.slice(index * BATCH, (index + 1) * BATCH));
}
