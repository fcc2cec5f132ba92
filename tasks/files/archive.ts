import { posix } from 'node:path';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { archiveParams, type ArchiveParams } from './common/archive-params.ts';
import { lookAtArchive, type ArchiveSeen } from './common/archive-look.ts';
import { attributeChanges, attributeCommands } from './common/attributes.ts';

const PACKERS = { gz: ['gzip', '-z'], bz2: ['bzip2', '-j'], xz: ['xz', '-J'], tar: ['cat', undefined], zip: ['cat', undefined] } as const;

/** Writes the archive beside its place. */
function packing({ format }: ArchiveParams, seen: ArchiveSeen, part: string): Command {
  const { root, targets, names, compress } = seen;
  const [program, word] = PACKERS[format];
  const list = { stdin: `${names.join(format === 'zip' ? '\n' : '\0')}${format === 'zip' ? '\n' : '\0'}`, timeout: 1800 };
  if (compress) return sh`${program} -c <${targets[0] ?? ''} >${part}`.with({ timeout: 1800 });
  if (format === 'zip') return sh`rm -f ${part} && cd ${root} && zip -q -X ${part} -@`.with(list);
  return sh`tar -c ${word} -f ${part} -C ${root} --no-recursion --null -T -`.with(list);
}

/** Packs files and folders of the host. */
export default defineTask<ArchiveParams, ArchiveSeen>({
  name: 'archive',
  summary: 'Packs files and folders of the host into an archive, by its own tar, gzip, bzip2, xz or zip.',
  description: `An archive that is there is compared first, by tar itself or for one compressed file byte by byte, so that a second run changes nothing. GNU
tar is needed; zip archives need zip and unzip, and are compared by names, sizes and times.`,
  examples: `
- archive: { path: /srv/app, dest: /var/backups/app.tgz, exclusion_patterns: ['*.log'] }
- archive: { path: /var/log/app.log }
`,
  params: archiveParams,
  probe: lookAtArchive,
  plan(given, seen): readonly Change[] {
    const { dest, targets, same, compress, names } = seen;
    const old = seen.target.stat;
    if (given.remove && targets.some((each) => !compress && dest.startsWith(`${each}/`))) throw new TaskFailure('Error, created archive can not be contained in source paths when remove=true');
    const attributes = old ? attributeChanges(dest, old, given, { context: seen.target.context }) : [];
    if (targets.length === 0) return attributes;
    const removal = given.remove ? [change('sources', [...targets], ABSENT, targets.map((each) => sh`rm -rf ${each}`), { risk: 'destroy' })] : [];
    if (same) return [...attributes, ...removal];
    const part = posix.join(posix.dirname(dest), `.${posix.basename(dest)}.rollcall-part`);
    const keep = { ...given, mode: given.mode ?? old?.mode ?? '0644', owner: given.owner ?? old?.owner, group: given.group ?? old?.group };
    const steps = [packing(given, seen, part), ...attributeCommands([part], keep, '0644', false), sh`mv -f ${part} ${dest}`];
    return [change('archive', old ? 'other content' : ABSENT, compress ? (targets[0] ?? '') : names.slice(0, 20), steps), ...removal];
  },
  result(_, seen) {
    const state = seen.target.stat === null ? 'absent' : seen.compress ? 'compress' : seen.missing.length > 0 && seen.targets.length > 0 ? 'incomplete' : 'archive';
    return {
      archived: seen.compress ? [...seen.targets] : seen.names.map((name) => posix.join(seen.root, name)),
      dest: seen.dest, dest_state: state, arcroot: seen.root, missing: [...seen.missing], expanded_paths: [...seen.expanded], expanded_exclude_paths: [...seen.excluded],
    };
  },
});
