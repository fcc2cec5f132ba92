import { z } from 'zod';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import type { FileStat } from '../../runner/task/host.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import type { JsonObject } from '../../runner/util/json.ts';
import { lookAt, type Target } from './common/target.ts';

const schema = params({
  path: Text.meta({ aliases: ['dest', 'name'] }).describe('The object to look at.'),
  follow: Flag.default(false).describe('Look at what a link leads to.'),
  get_checksum: Flag.default(true).describe('Compute the checksum of a regular file.'),
  checksum_algorithm: z.enum(['sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'md5']).default('sha1').meta({ aliases: ['checksum', 'checksum_algo'] }).describe('How the checksum is computed.'),
  get_mime: Flag.default(true).meta({ aliases: ['mime', 'mime_type', 'mime-type'] }).describe('Taken for compatibility: the kind of content is not guessed.'),
  get_attributes: Flag.default(true).meta({ aliases: ['attr', 'attributes'] }).describe('Taken for compatibility: file system flags are not read.'),
});

interface Seen extends Target {
  readonly checksum: string | null;
  /** What the kernel alone tells: `r`, `w`, `x` for what the user may do, then times and blocks; null when there is nothing. */
  readonly more: JsonObject | null;
}

/** Looks at a file. */
export default defineTask<z.output<typeof schema>, Seen>({
  name: 'stat',
  summary: 'Tells what is at a path: kind, owner, permissions, size, times, checksum. Changes nothing.',
  examples: `
- stat: { path: /etc/cluster/cluster.conf }
  register: conf
`,
  params: schema,
  async probe({ path, follow, get_checksum, checksum_algorithm }, host) {
    const target = await lookAt(path, host);
    const shown = follow ? target.stat : target.own;
    const more = shown === null ? null : await host.read(furtherOf(target.path, follow), ({ stdout }) => further(stdout));
    return { ...target, more, checksum: get_checksum && shown?.type === 'file' ? await host.checksum(target.path, checksum_algorithm) : null };
  },
  plan: () => [],
  result({ follow }, { path, own, stat, checksum, more }) {
    const shown = follow ? stat : own;
    return { stat: shown ? { exists: true, path, ...describe(shown), ...more, ...(checksum !== null && { checksum }) } : { exists: false } };
  },
});

/** `test` follows links, as the kernel does when it is asked what a user may do. */
function furtherOf(path: string, follow: boolean): Command {
  return sh`for f in r w x; do [ -$f ${path} ] && printf %s $f; done; echo; stat ${follow && sh`-L `}-c '%X %Z %b %B' ${path} 2>/dev/null`;
}

function further(text: string): JsonObject {
  const [may = '', numbers = ''] = text.split('\n');
  const [atime, ctime, blocks, unit] = numbers.split(' ').map(Number);
  return {
    readable: may.includes('r'), writeable: may.includes('w'), executable: may.includes('x'),
    ...(atime !== undefined && ctime !== undefined && Number.isFinite(ctime) && { atime, ctime }),
    ...(blocks !== undefined && Number.isFinite(blocks) && unit === 512 && { blocks }),
  };
}

function describe(stat: FileStat): JsonObject {
  const { type, mode, uid, gid, owner, group, size, mtime, inode, device, links, target } = stat;
  const bits = Number.parseInt(mode, 8);
  const flag = (mask: number): boolean => (bits & mask) !== 0;
  return {
    isreg: type === 'file', isdir: type === 'directory', islnk: type === 'link', isfifo: type === 'fifo', issock: type === 'socket', isblk: type === 'block', ischr: type === 'char',
    mode, uid, gid, pw_name: owner, gr_name: group, size, mtime, inode, dev: Number.parseInt(device, 16), nlink: links,
    rusr: flag(0o400), wusr: flag(0o200), xusr: flag(0o100), rgrp: flag(0o40), wgrp: flag(0o20), xgrp: flag(0o10), roth: flag(0o4), woth: flag(0o2), xoth: flag(0o1),
    isuid: flag(0o4000), isgid: flag(0o2000),
    ...(target !== undefined && { lnk_target: target }),
  };
}
