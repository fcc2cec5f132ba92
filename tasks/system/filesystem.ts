import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { parseMountinfo } from '../parse/fstab.ts';
import { own } from '../../runner/util/own.ts';

/** How each kind is made; `-f` and the like let a tool work on a whole disk without asking. */
const MAKERS: Readonly<Record<string, readonly string[]>> = {
  ext2: ['mkfs.ext2', '-F'], ext3: ['mkfs.ext3', '-F'], ext4: ['mkfs.ext4', '-F'], ext4dev: ['mkfs.ext4', '-F'], xfs: ['mkfs.xfs', '-f'], btrfs: ['mkfs.btrfs', '-f'],
  f2fs: ['mkfs.f2fs'], vfat: ['mkfs.vfat'], reiserfs: ['mkfs.reiserfs', '-q'], ocfs2: ['mkfs.ocfs2', '-Fx'], swap: ['mkswap', '-f'], lvm: ['pvcreate', '-f'],
};
const KINDS = ['btrfs', 'ext2', 'ext3', 'ext4', 'ext4dev', 'f2fs', 'lvm', 'ocfs2', 'reiserfs', 'xfs', 'vfat', 'swap'] as const;

const schema = params({
  dev: Text.meta({ aliases: ['device'] }).describe('Device, or a file used as one.'),
  fstype: z.enum(KINDS).optional().meta({ aliases: ['type'] }).describe('Kind of file system.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether there is one; absent wipes its marks off the device.'),
  opts: Text.optional().describe('Further words for the tool that makes it.'),
  force: Flag.default(false).describe('Make it over another one, each time.'),
  resizefs: Flag.default(false).describe('Let it grow to the size of the device (ext2, ext3, ext4, mounted xfs, lvm).'),
}).refine(({ state, fstype }) => state === 'absent' || fstype !== undefined, 'state is present but all of the following are missing: fstype');
type Params = z.output<typeof schema>;

interface Seen {
  readonly exists: boolean;
  /** Kind of what is on the device, as blkid says it; '' for nothing. */
  readonly kind: string;
  /** Bytes of the device and of what is on it; asked for growing only. */
  readonly sizes?: { readonly device: number; readonly used: number };
  readonly mountPoint?: string | undefined;
}

const wordFor = (fstype: string): string => (fstype === 'lvm' ? 'LVM2_member' : fstype === 'ext4dev' ? 'ext4' : fstype);

async function look({ dev, fstype, resizefs }: Params, host: Observer): Promise<Seen> {
  const exists = (await host.stat(dev, { follow: true })) !== null;
  if (!exists) return { exists, kind: '' };
  const kind = await host.read(sh`blkid -c /dev/null -o value -s TYPE ${dev}`, ({ code, stdout }) => {
    if (code === 127) throw new TaskFailure('Failed to find required executable "blkid"');
    return stdout.trim();
  });
  if (!resizefs || fstype === undefined || kind !== wordFor(fstype)) return { exists, kind };
  const [device, mounts] = await Promise.all([
    host.read(sh`blockdev --getsize64 ${dev} 2>/dev/null || stat -L -c %s ${dev}`, ({ stdout }) => Number(stdout)),
    host.read(sh`readlink -f ${dev}; cat /proc/self/mountinfo`, ({ stdout }) => stdout),
  ]);
  const real = mounts.split('\n')[0];
  const mountPoint = [...parseMountinfo(mounts)].find(([, { source }]) => source === real || source === dev)?.[0];
  return { exists, kind, mountPoint, sizes: { device, used: await usedSize(kind, dev, mountPoint, host) } };
}

async function usedSize(kind: string, dev: string, mountPoint: string | undefined, host: Observer): Promise<number> {
  const product = (text: string, ...patterns: readonly RegExp[]): number => patterns.reduce((size, pattern) => size * Number(pattern.exec(text)?.[1] ?? Number.NaN), 1);
  if (kind.startsWith('ext')) return host.read(sh`dumpe2fs -h ${dev}`, ({ stdout }) => product(stdout, /^Block count:\s+(\d+)/m, /^Block size:\s+(\d+)/m));
  if (kind === 'LVM2_member') return host.read(sh`pvs --noheadings --nosuffix --units b -o pv_size ${dev}`, ({ stdout }) => Number(stdout));
  if (kind !== 'xfs') throw new TaskFailure(`module does not support resizing ${kind} filesystem yet.`);
  if (mountPoint === undefined) throw new TaskFailure(`${dev} needs to be mounted for xfs operations`);
  return host.read(sh`xfs_info ${mountPoint}`, ({ stdout }) => product(stdout, /^data\s.*bsize=(\d+)/m, /^data\s.*blocks=(\d+)/m));
}

/** A file system on a device. */
export default defineTask<Params, Seen>({
  name: 'filesystem',
  summary: 'A file system on a device: made where there is none, grown, or wiped away.',
  description: 'Never makes one over another without `force`.',
  examples: `
- filesystem: { dev: /dev/sdb1, fstype: ext4 }
`,
  params: schema,
  probe: look,
  plan({ dev, fstype = '', state, opts = '', force, resizefs }, { exists, kind, sizes, mountPoint }): readonly Change[] {
    if (state === 'absent') return kind === '' ? [] : [change('file system', kind, ABSENT, [sh`wipefs --all ${dev}`], { risk: 'destroy' })];
    if (!exists) throw new TaskFailure(`Device ${dev} not found.`);
    const same = kind === wordFor(fstype);
    if (same && resizefs && sizes !== undefined) {
      if (Number.isNaN(sizes.used)) throw new TaskFailure(`the size of the ${fstype} filesystem on ${dev} could not be read`);
      // What a physical volume keeps for itself is less than one extent.
      if (sizes.used >= sizes.device - (fstype === 'lvm' ? 4 * 1024 * 1024 : fstype.startsWith('ext') ? 4095 : 0)) return [];
      const grow = fstype === 'xfs' ? sh`xfs_growfs ${mountPoint ?? ''}` : fstype === 'lvm' ? sh`pvresize ${dev}` : sh`resize2fs ${dev}`;
      return [change('size', sizes.used, sizes.device, [grow.with({ timeout: 3600 })])];
    }
    if (same && !force) return [];
    if (kind !== '' && !force) throw new TaskFailure(`'${dev}' is already used as ${kind}, use force=true to overwrite`);
    const make = sh`${[...(own(MAKERS, fstype) ?? []), ...opts.split(/\s+/).filter(Boolean), dev]}`.with({ timeout: 3600 });
    return [change('file system', kind === '' ? ABSENT : kind, wordFor(fstype), [make], force ? { repeats: true, ...(kind !== '' && { risk: 'destroy' }) } : {})];
  },
});
