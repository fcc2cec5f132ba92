import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Texts, Word, params } from '../../runner/task/params.ts';
import { parseLvmSize, type LvmSize } from '../parse/lvm-size.ts';
import { askLvm } from './common/ask-lvm.ts';

const schema = params({
  vg: Word.describe('Volume group.'),
  lv: Word.optional().describe('Logical volume.'),
  size: Text.optional().refine((text) => text === undefined || parseLvmSize(text) !== undefined, 'must be a size such as 512m, 10g, +1g or 100%FREE').describe('Its size: `512` (megabytes), `10g`, `+1g`, `60%VG`, `100%FREE`.'),
  opts: Text.optional().describe('Further words for lvcreate.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be there.'),
  force: Flag.default(false).describe('Allow what destroys data: removing and shrinking.'),
  shrink: Flag.default(true).describe('Whether a volume that is too large is made smaller (with `force`).'),
  active: Flag.default(true).describe('Whether it can be used.'),
  snapshot: Word.optional().describe('Name of a snapshot of the volume, to be made in place of it.'),
  pvs: Texts.default([]).describe('Devices to put it on.'),
  resizefs: Flag.default(false).describe('Resize the file system in it, too.'),
  thinpool: Word.optional().describe('Thin pool that it is in, or that is made.'),
}).refine(({ lv, thinpool }) => lv !== undefined || thinpool !== undefined, 'one of the following is required: lv, thinpool');
type Params = z.output<typeof schema>;

interface Volume {
  readonly size: number;
  readonly active: boolean;
}

interface Seen {
  readonly group: { readonly size: number; readonly free: number; readonly extent: number } | null;
  readonly volume: Volume | null;
  /** The volume that a snapshot is of. */
  readonly origin: Volume | null;
}

const words = (text: string | undefined): readonly string[] => (text ?? '').split(/[\s,]+/).filter(Boolean);

/** The name of what is made. */
function nameOf({ lv, snapshot, thinpool }: Params): string {
  return snapshot ?? lv ?? thinpool ?? '';
}

function creation(given: Params, size: LvmSize | undefined): Command {
  const { vg, lv, snapshot, thinpool, opts, pvs } = given;
  if (size === undefined && snapshot === undefined) throw new TaskFailure('No size given.');
  if (size !== undefined && (size.operator === '-' || (size.operator === '+' && size.kind === 'bytes'))) throw new TaskFailure(`Bad size specification of '${size.operator}${size.text}' for creating LV`);
  const sized = size === undefined ? [] : [size.kind === 'percent' ? '-l' : '-L', size.text];
  const more = words(opts);
  if (snapshot !== undefined) return sh`lvcreate ${['--yes', ...sized, '-s', '-n', snapshot, ...more, `${vg}/${lv ?? thinpool ?? ''}`]}`;
  if (thinpool !== undefined && lv !== undefined) return sh`lvcreate ${['--yes', '-n', lv, '-V', size?.text ?? '', ...more, '-T', `${vg}/${thinpool}`]}`;
  if (thinpool !== undefined) return sh`lvcreate ${['--yes', ...sized, ...more, '-T', `${vg}/${thinpool}`]}`;
  return sh`lvcreate ${['--yes', '-n', lv ?? '', ...sized, ...more, vg, ...pvs]}`;
}

/** The size that a volume that is there shall have, in bytes. */
function wantedSize(size: LvmSize, volume: Volume, group: NonNullable<Seen['group']>): number {
  const { extent } = group;
  const part = size.kind === 'bytes' ? Math.ceil(size.bytes / extent) * extent : (size.percent * (size.of === 'FREE' ? group.free : group.size)) / 100;
  const whole = size.operator === '+' || (size.kind === 'percent' && size.of === 'FREE' && size.operator === '') ? volume.size + part : size.operator === '-' ? volume.size - part : part;
  return whole - (whole % extent);
}

/** A logical volume of LVM. */
export default defineTask<Params, Seen>({
  name: 'lvol',
  summary: 'A logical volume of LVM: its size, its snapshot, whether it is active.',
  description: '`100%FREE` of a volume that is there means: all that is still free, in addition. A size with `+` or `-` is applied each time.',
  examples: `
- lvol: { vg: data, lv: www, size: 10g }
- lvol: { vg: data, lv: www, size: 100%FREE, resizefs: true }
`,
  params: schema,
  exclusive: 'lvm',
  async probe(given, host) {
    const { vg, lv } = given;
    const [groups, volumes] = await Promise.all([
      askLvm('vgs', ['vg_name', 'vg_size', 'vg_free', 'vg_extent_size'], [], host),
      askLvm('lvs', ['vg_name', 'lv_name', 'lv_size', 'lv_attr'], ['-a'], host),
    ]);
    const group = groups.find(([name]) => name === vg);
    const volume = (wanted: string | undefined): Volume | null => {
      const found = volumes.find(([owner, name = '']) => owner === vg && name.replace(/^\[|\]$/g, '') === wanted);
      return found ? { size: Number(found[2]), active: found[3]?.charAt(4) === 'a' } : null;
    };
    const [, size = 0, free = 0, extent = 0] = (group ?? []).map(Number);
    return { group: group === undefined ? null : { size, free, extent }, volume: volume(nameOf(given)), origin: volume(lv) };
  },
  plan(given, { group, volume, origin }): readonly Change[] {
    const { vg, lv, state, force, shrink, active, snapshot, resizefs, pvs } = given;
    const name = nameOf(given);
    const path = `${vg}/${name}`;
    const size = given.size === undefined ? undefined : parseLvmSize(given.size);
    if (group === null) {
      if (state === 'absent') return [];
      throw new TaskFailure(`Volume group ${vg} does not exist.`);
    }
    if (state === 'absent') {
      if (volume === null) return [];
      if (!force) throw new TaskFailure(`Sorry, no removal of logical volume ${name} without force=true.`);
      return [change('volume', path, ABSENT, [sh`lvremove --force ${path}`], { risk: 'destroy' })];
    }
    if (volume === null) {
      if (snapshot !== undefined && origin === null) throw new TaskFailure(`Snapshot origin LV ${lv ?? ''} does not exist in volume group ${vg}.`);
      return [change('volume', ABSENT, given.size ?? path, [creation(given, size), ...(active ? [] : [sh`lvchange -an ${path}`])])];
    }
    const changes: Change[] = [];
    const wanted = size === undefined || snapshot !== undefined ? volume.size : wantedSize(size, volume, group);
    const sized = size === undefined ? [] : [size.kind === 'percent' ? '-l' : '-L', size.kind === 'percent' && size.of === 'FREE' ? `+${size.text}` : `${size.operator}${size.text}`];
    const flags = resizefs ? ['--resizefs'] : [];
    const again = size?.operator === '' ? {} : { repeats: true as const };
    if (wanted > volume.size) {
      if (wanted - volume.size > group.free) throw new TaskFailure(`Logical Volume ${name} could not be extended. Not enough free space left (${wanted - volume.size} bytes required / ${group.free} bytes available)`);
      changes.push(change('size', volume.size, wanted, [sh`lvextend ${[...flags, ...sized, path, ...pvs]}`.with({ timeout: 1800 })], again));
    } else if (shrink && wanted < volume.size - (size?.kind === 'percent' ? group.extent : 0)) {
      if (wanted < 1) throw new TaskFailure(`Sorry, no shrinking of ${name} to 0 permitted.`);
      if (!force) throw new TaskFailure(`Sorry, no shrinking of ${name} without force=true.`);
      changes.push(change('size', volume.size, wanted, [sh`lvreduce ${['--force', ...flags, ...sized, path]}`.with({ timeout: 1800 })], { risk: 'destroy', ...again }));
    }
    if (active !== volume.active) changes.push(change('active', volume.active, active, [active ? sh`lvchange -ay ${path}` : sh`lvchange -an ${path}`]));
    return changes;
  },
  result: (given, { volume }) => ({ vg: given.vg, lv: nameOf(given), ...(volume && { size: volume.size }) }),
});
