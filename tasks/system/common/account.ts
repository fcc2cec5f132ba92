import { sh } from '../../../runner/task/command.ts';
import type { FileStat, Observer } from '../../../runner/task/host.ts';

/** A user as the host knows it. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
  /** Name of the primary group; its number as text when nobody knows it. */
  readonly group: string;
  /** Names of all other groups. */
  readonly groups: readonly string[];
  /** From /etc/shadow; null when it may not be read. */
  readonly shadow: Shadow | null;
  /** The home folder that is wanted: another than `home` when it is to change. */
  readonly homeStat: FileStat | null;
}

/** An entry of /etc/shadow. */
interface Shadow {
  readonly hash: string;
  /** Days since 1970, by name; empty texts are undefined. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly warn: number | undefined;
  readonly expires: number | undefined;
}

/** Reads all about a user; null when there is none. `wantedHome` is the home folder to look at instead of its own. */
export async function readAccount(name: string, wantedHome: string | undefined, host: Observer): Promise<Account | null> {
  const homeOf = (folder: string): Promise<FileStat | null> | null => (folder === '' ? null : host.stat(folder, { follow: true }));
  // Wanted when there is such a user, which is nearly always: asked for along with that.
  const names = host.read(sh`id -Gn ${name}`, ({ stdout }) => stdout.split(/\s+/).filter(Boolean));
  names.catch(() => undefined);
  const [entry, shadow, wanted] = await Promise.all([host.getent('passwd', name), host.getent('shadow', name), wantedHome === undefined ? null : homeOf(wantedHome)]);
  if (!entry || entry[0] !== name) return null;
  const [, , uid, gid = '', comment = '', home = '', shell = ''] = entry;
  const [groups, homeStat] = await Promise.all([names, wantedHome === undefined ? homeOf(home) : wanted]);
  // The primary group comes first; its number where nobody knows its name.
  const group = groups[0] ?? gid;
  return { uid: Number(uid), gid: Number(gid), comment, home, shell, group, groups: groups.filter((each) => each !== group), shadow: shadow ? readShadow(shadow) : null, homeStat };
}

const number = (text: string | undefined): number | undefined => (text === undefined || text === '' ? undefined : Number(text));

function readShadow(fields: readonly string[]): Shadow {
  return { hash: fields[1] ?? '', min: number(fields[3]), max: number(fields[4]), warn: number(fields[5]), expires: number(fields[7]) };
}
