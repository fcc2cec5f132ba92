/** What `find … -exec stat -c FORMAT {} +` tells of one object. */
export interface PathStat {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link' | 'other';
  /** Four octal digits. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly owner: string;
  readonly group: string;
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

/** The format for GNU and busybox `stat -c`: the path last, since it may hold anything but a newline. */
export const PATH_STAT_FORMAT = '%f|%u|%g|%U|%G|%s|%Y|%n';

const TYPES: Readonly<Record<number, PathStat['type']>> = { 0o10: 'file', 0o4: 'directory', 0o12: 'link' };

/** Reads such output. Lines that are not in the format (the rest of a name with a newline) are left out. */
export function parsePathStats(text: string): readonly PathStat[] {
  return [...text.matchAll(/^([0-9a-f]+)\|(\d+)\|(\d+)\|([^|]*)\|([^|]*)\|(\d+)\|(\d+)\|(.*)$/gm)].map(([, raw = '', uid, gid, owner = '', group = '', size, mtime, path = '']) => {
    const bits = Number.parseInt(raw, 16);
    return {
      path,
      type: TYPES[bits >> 12] ?? 'other',
      mode: (bits & 0o7777).toString(8).padStart(4, '0'),
      uid: Number(uid),
      gid: Number(gid),
      owner: owner === 'UNKNOWN' ? String(uid) : owner,
      group: group === 'UNKNOWN' ? String(gid) : group,
      size: Number(size),
      mtime: Number(mtime),
    };
  });
}
