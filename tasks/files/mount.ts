import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { performSteps } from '../../runner/task/perform.ts';
import { dropFstab, parseMountinfo, setFstab } from '../parse/fstab.ts';
import { textDiff } from './common/content.ts';

const schema = params({
  path: Text.meta({ aliases: ['name'] }).describe('Mount point; `none` for swap.'),
  src: Text.optional().describe('What is mounted: a device, `LABEL=…`, `UUID=…`, SERVER:/PATH, a folder.'),
  fstype: Text.optional().describe('Kind of file system.'),
  opts: Text.optional().describe('Mount options; `defaults` without it.'),
  dump: Text.default('0').describe('Fifth field of fstab.'),
  passno: Text.default('0').describe('Sixth field of fstab: order of the checks at boot.'),
  state: z.enum(['absent', 'absent_from_fstab', 'mounted', 'present', 'unmounted', 'remounted', 'ephemeral']).describe('present: in fstab. mounted: in fstab and mounted. unmounted: not mounted, fstab as it is. absent: neither, and the folder gone. remounted: mounted anew, each time. ephemeral: mounted, fstab as it is. absent_from_fstab: only not in fstab.'),
  fstab: Text.default('/etc/fstab').describe('File to use in its place.'),
  boot: Flag.default(true).describe('Whether it is mounted at boot; false adds `noauto`, unless `defaults` is among the options.'),
  backup: Flag.default(false).describe('Keep the old fstab beside it.'),
}).refine(({ state, src, fstype }) => !['mounted', 'present', 'ephemeral'].includes(state) || (src !== undefined && fstype !== undefined), 'state is mounted, present or ephemeral but all of the following are missing: src, fstype');
type Params = z.output<typeof schema>;

interface Seen {
  readonly fstab: string | null;
  readonly exists: boolean;
  /** Source of what is mounted there; null when nothing is. */
  readonly mounted: string | null;
  /** For `ephemeral`: what is mounted is what is wanted. */
  readonly same: boolean;
}

async function look({ path, src, fstab, state }: Params, host: Observer): Promise<Seen> {
  const [content, real, mounts] = await Promise.all([
    state === 'ephemeral' || state === 'unmounted' ? null : host.readFile(fstab),
    host.read(sh`readlink -f ${path}`, ({ stdout }) => stdout.replace(/\n$/, '') || path),
    host.read(sh`cat /proc/self/mountinfo`, ({ stdout }) => stdout),
  ]);
  const found = parseMountinfo(mounts).get(real);
  const exists = (await host.stat(path, { follow: true })) !== null;
  const same = found !== undefined && state === 'ephemeral' && src !== undefined && ([found.source, found.root].includes(src) || found.source === (await host.read(sh`findfs ${src} 2>/dev/null || readlink -f ${src}`, ({ stdout }) => stdout.trim())));
  return { fstab: content?.toString() ?? null, exists, mounted: found?.source ?? null, same };
}

function options({ opts = 'defaults', boot }: Params): string {
  const words = opts.split(',');
  return boot || words.includes('noauto') || words.includes('defaults') ? opts : [...words, 'noauto'].join(',');
}

/** `mount` for what fstab says or, for ephemeral ones, for what the parameters say. */
function mounting(given: Params, words: readonly string[]): Command {
  const { path, src, fstype, fstab, state } = given;
  if (state !== 'ephemeral') return sh`mount ${[...words, ...(fstab === '/etc/fstab' ? [] : ['-T', fstab]), path]}`;
  const opts = options(given);
  return sh`mount ${[...words, '-t', fstype ?? '', ...(opts === 'defaults' ? [] : ['-o', opts]), src ?? '', path]}`;
}

function remounting(given: Params): Command {
  const { path, opts, state } = given;
  if (state === 'remounted' && opts !== undefined && opts !== 'defaults') return mounting(given, ['-o', `remount,${opts}`]);
  return sh`${mounting(given, ['-o', 'remount'])} || { umount ${path} && ${mounting(given, [])}; }`;
}

/** Mounts; a mount that fails takes the new line of fstab back, which would stop the next boot, and the folder. */
function mountOrRestore(given: Params, seen: Seen, before: string | null): Command {
  const { path, fstab } = given;
  const folder = seen.exists ? undefined : sh`mkdir -p ${path} && `;
  const undo = [...(before === null ? [] : [sh`cat >${fstab}; `]), ...(seen.exists ? [] : [sh`rmdir ${path} 2>/dev/null; `])];
  const mount = mounting(given, []);
  if (undo.length === 0) return mount;
  const command = sh`${folder}{ ${mount} </dev/null || { rc=$?; ${undo[0]}${undo[1]}exit $rc; }; }`;
  return before === null ? command : command.with({ stdin: before });
}

function planFstab(given: Params, { fstab }: Seen): readonly Change[] {
  const { state, path, src = '', fstype = '', dump, passno } = given;
  if (!['present', 'mounted', 'absent', 'absent_from_fstab'].includes(state)) return [];
  const wanted = state === 'present' || state === 'mounted';
  const old = fstab ?? '';
  const entry = { src, name: path, fstype, opts: options(given), dump, passno };
  const next = wanted ? setFstab(old, entry) : dropFstab(old, path, given.src);
  if (next === old) return [];
  const diff = textDiff(given.fstab, fstab === null ? null : Buffer.from(old), Buffer.from(next));
  const only = (text: string, other: string): Change['before'] => text.split('\n').find((line) => !other.split('\n').includes(line)) ?? ABSENT;
  return [change('fstab', only(old, next), only(next, old), [{ write: { path: given.fstab, content: next, backup: given.backup } }], diff ? { diff } : {})];
}

function planMount(given: Params, seen: Seen, stored: boolean): readonly Change[] {
  const { state, path, src = '' } = given;
  const { mounted } = seen;
  switch (state) {
    case 'absent': {
      if (!stored) return [];
      const steps = [...(mounted === null ? [] : [sh`umount ${path}`]), ...(seen.exists ? [sh`rmdir ${path}`] : [])];
      return steps.length === 0 ? [] : [change(mounted === null ? 'folder' : 'mounted', mounted ?? path, ABSENT, steps)];
    }
    case 'unmounted':
      return mounted === null ? [] : [change('mounted', mounted, ABSENT, [sh`umount ${path}`])];
    case 'remounted':
      return [change('mounted', mounted ?? ABSENT, 'remounted', [remounting(given)], { repeats: true })];
    case 'mounted':
    case 'ephemeral':
      if (mounted === null) return [change('mounted', ABSENT, src, [mountOrRestore(given, seen, stored ? (seen.fstab ?? '') : null)])];
      if (state === 'mounted') return stored ? [change('mounted', mounted, 'remounted', [remounting(given)], { repeats: true })] : [];
      if (!seen.same)
        throw new TaskFailure('Ephemeral mount point is already mounted with a different source than the specified one. Failing in order to prevent an unwanted unmount or override operation. Try replacing this command with a "state: unmounted" followed by a "state: ephemeral", or use a different destination path.');
      return [change('mounted', mounted, 'remounted', [remounting(given)], { repeats: true })];
    case 'present':
    case 'absent_from_fstab':
      return [];
  }
}

/** A file system in fstab and in its place. */
export default defineTask<Params, Seen>({
  name: 'mount',
  summary: 'A file system: its line in fstab, and whether it is mounted now.',
  description: 'When a new file system cannot be mounted, its new line in fstab is taken back, so that the next boot is not stopped by it.',
  examples: `
- mount: { path: /srv/data, src: LABEL=data, fstype: xfs, opts: noatime, state: mounted }
- mount: { path: /mnt/old, state: absent }
`,
  params: schema,
  exclusive: 'fstab',
  probe: look,
  plan(given, seen): readonly Change[] {
    const stored = planFstab(given, seen);
    return [...stored, ...planMount(given, seen, stored.length > 0)];
  },
  async apply(change, host, { path, state }) {
    try {
      await performSteps(change.steps, host);
    } catch (error) {
      if (!(error instanceof TaskFailure) || change.aspect === 'fstab') throw error;
      const doing = change.aspect === 'folder' ? 'rmdir' : state === 'absent' || state === 'unmounted' ? 'unmounting' : state === 'remounted' ? 'remounting' : 'mounting';
      const { stderr } = error.result;
      throw new TaskFailure(`Error ${doing} ${path}: ${typeof stderr === 'string' && stderr !== '' ? stderr.trim() : error.message}`, error.result);
    }
  },
  result: (given) => ({ name: given.path, ...(given.src !== undefined && { src: given.src }), ...(given.fstype !== undefined && { fstype: given.fstype }), opts: options(given), dump: given.dump, passno: given.passno, fstab: given.fstab, boot: given.boot ? 'yes' : 'no', backup_file: '' }),
});
