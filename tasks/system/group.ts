import { z } from 'zod';
import { ABSENT, change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Flag, Whole, Word, params } from '../../runner/task/params.ts';

const schema = params({
  name: Word.describe('Name of the group.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be there.'),
  gid: Whole.optional().describe('Its number.'),
  system: Flag.default(false).describe('Take the number of a new group from the range for system groups.'),
  non_unique: Flag.default(false).describe('Allow a number that another group has.'),
  force: Flag.default(false).describe('Remove it although it is the primary group of a user, where the tools can.'),
  local: Flag.default(false).describe('Taken for compatibility: local files are what is changed anyway.'),
});

interface Seen {
  readonly entry: { readonly gid: number } | null;
  /** groupadd and its kin; without them busybox's addgroup is used. */
  readonly shadow: boolean;
}

/** Keeps a group. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'group',
  summary: 'Keeps a group of users, or its absence.',
  examples: `
- group: { name: haclient, gid: 189, system: true }
`,
  params: schema,
  exclusive: 'accounts',
  foreseeable: true,
  async probe({ name }, host) {
    const [fields, shadow] = await Promise.all([host.getent('group', name), host.read(sh`command -v groupadd`, ({ code }) => code === 0)]);
    return { entry: fields?.[0] === name ? { gid: Number(fields[2]) } : null, shadow };
  },
  plan({ name, state, gid, system, non_unique, force }, { entry, shadow }) {
    if (state === 'absent') {
      if (!entry) return [];
      return [change('group', 'present', ABSENT, [shadow ? sh`groupdel ${[...(force ? ['-f'] : []), name]}` : sh`delgroup ${name}`], { risk: 'destroy' })];
    }
    const number = [...(gid === undefined ? [] : ['-g', gid]), ...(non_unique && gid !== undefined ? ['-o'] : [])];
    if (!entry) return [change('group', ABSENT, 'present', [shadow ? sh`groupadd ${[...number, ...(system ? ['-r'] : []), name]}` : sh`addgroup ${[...number, ...(system ? ['-S'] : []), name]}`])];
    if (gid === undefined || gid === entry.gid) return [];
    const set = shadow ? sh`groupmod ${[...number, name]}` : sh`sed -i ${`s/^\\(${name.replace(/[.[\]*^$/\\]/g, '\\$&')}:[^:]*\\):[0-9]*:/\\1:${gid}:/`} /etc/group`;
    return [change('gid', entry.gid, gid, [set])];
  },
  result: ({ name, state, system }, { entry }) => ({ name, state, system, ...(entry && { gid: entry.gid }) }),
});
