import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Texts, Whole, params } from '../../runner/task/params.ts';
import { parseParted, placeInBytes, unitBytes, type Disk } from '../parse/parted.ts';

const schema = params({
  device: Text.describe('The disk.'),
  number: Whole.optional().describe('Number of the partition.'),
  state: z.enum(['absent', 'info', 'present']).default('info').describe('Whether the partition shall be there; info only tells.'),
  label: z.enum(['aix', 'amiga', 'bsd', 'dvh', 'gpt', 'loop', 'mac', 'msdos', 'pc98', 'sun']).default('msdos').describe('Kind of partition table. Another one than there is means a new, empty table.'),
  part_type: z.enum(['extended', 'logical', 'primary']).default('primary').describe('Kind of partition; for msdos and dvh.'),
  part_start: Text.default('0%').describe('Where it begins: `1MiB`, `10%`.'),
  part_end: Text.default('100%').describe('Where it ends.'),
  fs_type: Text.optional().describe('Kind of file system that it is marked for; none is made.'),
  name: Text.optional().describe('Name of the partition (gpt, mac, pc98).'),
  flags: Texts.optional().describe('Flags that are set, and only those.'),
  align: z.enum(['cylinder', 'minimal', 'none', 'optimal', 'undefined']).default('optimal').describe('How it is aligned.'),
  unit: z.enum(['s', 'B', 'KB', 'KiB', 'MB', 'MiB', 'GB', 'GiB', 'TB', 'TiB', '%', 'cyl', 'chs', 'compact']).default('KiB').describe('Unit of numbers without one, and of the result.'),
  resize: Flag.default(false).describe('Move the end of a partition that is there.'),
}).refine(({ state, number }) => state === 'info' || number !== undefined, 'state is present or absent but all of the following are missing: number');
type Params = z.output<typeof schema>;

/** parted rounds to its alignment: ends that are closer than this are the same. */
const ROUNDING = 2 * 1024 * 1024;

/** A partition of a disk. */
export default defineTask<Params, Disk>({
  name: 'parted',
  summary: 'A partition of a disk, or what there is on it, by parted.',
  description: 'A partition that is there keeps its place, whatever `part_start` and `part_end` say, unless `resize` is given.',
  examples: `
- parted: { device: /dev/sdb, number: 1, state: present, label: gpt, name: data }
`,
  params: schema,
  exclusive: 'parted',
  probe: ({ device }, host) =>
    host.read(sh`parted -s -m ${device} -- unit B print`, ({ code, stdout, stderr }) => {
      if (code === 127) throw new TaskFailure('Failed to find required executable "parted"');
      const disk = parseParted(stdout);
      // An empty disk has no table: that is told with an error.
      if (disk === undefined) throw new TaskFailure(`Error while getting device information with parted script: ${(stderr || stdout).trim()}`, { rc: code });
      return disk;
    }),
  plan(given, disk): readonly Change[] {
    const { device, number = 0, state, label, part_type, part_start, part_end, fs_type, name, flags, align, unit, resize } = given;
    const parted = (words: readonly (string | number)[]) => sh`parted -s -m -a ${align} ${device} -- unit ${unit} ${words}`;
    const part = disk.partitions.find((each) => each.number === number);
    if (state === 'info') return [];
    if (state === 'absent') return part ? [change(`partition ${number}`, shown(part), ABSENT, [parted(['rm', number])], { risk: 'destroy' })] : [];
    const changes: Change[] = [];
    const fresh = disk.table !== label;
    if (fresh) changes.push(change('table', disk.table, label, [parted(['mklabel', label])], disk.table === 'unknown' ? {} : { risk: 'destroy' }));
    const there = fresh ? undefined : part;
    if (!there) changes.push(change(`partition ${number}`, ABSENT, `${part_start} to ${part_end}`, [parted(['mkpart', part_type, ...(fs_type === undefined ? [] : [fs_type]), part_start, part_end])]));
    const end = placeInBytes(part_end, disk.size, unit);
    if (there && resize && end !== undefined && Math.abs(there.end - end) > ROUNDING) changes.push(change('end', there.end, end, [parted(['resizepart', number, part_end])], end < there.end ? { risk: 'destroy' } : {}));
    if (name !== undefined && there?.name !== name) changes.push(change('name', there?.name ?? ABSENT, name, [parted(['name', number, `'${name}'`])]));
    if (flags !== undefined) {
      const now = there?.flags ?? [];
      const wanted = label === 'gpt' ? [...new Set(flags.flatMap(twins))] : flags;
      const [off, on] = [now.filter((flag) => !wanted.includes(flag)), flags.filter((flag) => !now.includes(flag))];
      const set = [...off.map((flag) => ['set', number, flag, 'off']), ...on.map((flag) => ['set', number, flag, 'on'])].flat();
      if (set.length > 0) changes.push(change('flags', [...now], [...flags], [parted(set)]));
    }
    return changes;
  },
  result({ unit, device }, { size, logical, physical, table, model, partitions }) {
    const factor = unitBytes(unit) ?? 1;
    const shownUnit = unitBytes(unit) === undefined ? 'b' : unit.toLowerCase();
    const round = (value: number): number => Math.round((value / factor) * 100) / 100;
    return {
      disk: { dev: device, size: round(size), unit: shownUnit, table, model, logical_block: logical, physical_block: physical },
      partitions: partitions.map((each) => ({ num: each.number, begin: round(each.begin), end: round(each.end), size: round(each.size), fstype: each.fstype, name: each.name, flags: [...each.flags], unit: shownUnit })),
      script: '',
    };
  },
});

/** On a gpt disk `boot` and `esp` are one flag. */
function twins(flag: string): readonly string[] {
  return flag === 'boot' || flag === 'esp' ? ['boot', 'esp'] : [flag];
}

function shown({ begin, end }: Disk['partitions'][number]): string {
  return `${begin}B to ${end}B`;
}
