import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Texts, Word, params } from '../../runner/task/params.ts';
import { askLvm } from './common/ask-lvm.ts';

const schema = params({
  vg: Word.describe('Volume group.'),
  pvs: Texts.optional().describe('Devices that it is made of, all of them.'),
  pesize: Text.default('4').describe('Size of an extent, in megabytes or with a unit.'),
  pv_options: Text.default('').describe('Further words for pvcreate.'),
  pvresize: Flag.default(false).describe('Let its devices grow to their real size.'),
  vg_options: Text.default('').describe('Further words for vgcreate.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be there.'),
  force: Flag.default(false).describe('Remove it with the volumes in it.'),
}).refine(({ state, pvs }) => state === 'absent' || (pvs?.length ?? 0) > 0, 'No physical volumes given.');
type Params = z.output<typeof schema>;

interface Volume {
  readonly name: string;
  readonly vg: string;
  /** It could grow by more than an extent. */
  readonly small: boolean;
}

interface Seen {
  /** Real paths of the devices that are wanted; null for one that is not there. */
  readonly devices: readonly (string | null)[];
  readonly volumes: readonly Volume[];
  /** How many logical volumes the group has; null when there is no such group. */
  readonly count: number | null;
}

const words = (text: string): readonly string[] => text.split(/\s+/).filter(Boolean);

/** A volume group of LVM. */
export default defineTask<Params, Seen>({
  name: 'lvg',
  summary: 'A volume group of LVM and the devices it is made of.',
  examples: `
- lvg: { vg: data, pvs: [/dev/sdb, /dev/sdc] }
`,
  params: schema,
  exclusive: 'lvm',
  async probe({ vg, pvs = [] }, host) {
    const [devices, volumes, groups] = await Promise.all([
      Promise.all(pvs.map((path) => host.read(sh`[ -e ${path} ] && readlink -f ${path}`, ({ code, stdout }) => (code === 0 ? stdout.trim() : null)))),
      askLvm('pvs', ['pv_name', 'vg_name', 'dev_size', 'pv_size', 'pe_start', 'vg_extent_size'], [], host),
      askLvm('vgs', ['vg_name', 'lv_count'], [], host),
    ]);
    const group = groups.find(([name]) => name === vg);
    return {
      devices,
      volumes: volumes.map(([name = '', owner = '', ...sizes]) => {
        const [device = 0, used = 0, start = 0, extent = 0] = sizes.map(Number);
        return { name, vg: owner, small: device - (start + used) > extent };
      }),
      count: group === undefined ? null : Number(group[1]),
    };
  },
  plan({ vg, pvs = [], pesize, pv_options, vg_options, pvresize, state, force }, { devices, volumes, count }): readonly Change[] {
    if (state === 'absent') {
      if (count === null) return [];
      if (count > 0 && !force) throw new TaskFailure(`Refuse to remove non-empty volume group ${vg} without force=true`);
      return [change('group', vg, ABSENT, [sh`vgremove --force ${vg}`], { risk: 'destroy' })];
    }
    const missing = pvs.find((_, index) => devices[index] === null);
    if (missing !== undefined) throw new TaskFailure(`Device ${missing} not found.`);
    const wanted = devices.flatMap((device) => (device === null ? [] : [device]));
    const foreign = volumes.find((each) => wanted.includes(each.name) && each.vg !== '' && each.vg !== vg);
    if (foreign) throw new TaskFailure(`Device ${foreign.name} is already in ${foreign.vg} volume group.`);
    const create = (device: string) => sh`pvcreate ${[...words(pv_options), '-f', device]}`;
    if (count === null) return [change('group', ABSENT, wanted, [...wanted.map(create), sh`vgcreate ${[...words(vg_options), '-s', pesize, vg, ...wanted]}`])];
    const mine = volumes.filter((each) => each.vg === vg);
    const [add, drop] = [wanted.filter((device) => !mine.some(({ name }) => name === device)), mine.map(({ name }) => name).filter((name) => !wanted.includes(name))];
    return [
      ...(pvresize ? mine.filter(({ small, name }) => small && !drop.includes(name)).map(({ name }) => change(`size of ${name}`, 'smaller', 'the whole device', [sh`pvresize ${name}`])) : []),
      ...(add.length > 0 ? [change('devices', ABSENT, add, [...add.map(create), sh`vgextend ${vg} ${add}`])] : []),
      ...(drop.length > 0 ? [change('devices', drop, ABSENT, [sh`vgreduce --force ${vg} ${drop}`], { risk: 'destroy' })] : []),
    ];
  },
});
