import { sh } from '../../../runner/task/command.ts';
import type { FileStat, Observer } from '../../../runner/task/host.ts';

/** A user as the host knows it. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
  /** Name of the primary group; its number as text when nobody knows or asked for it. */
  readonly group: string;
  /** Names of all other groups, when they were asked for. */
  readonly groups: readonly string[];
  /** From /etc/shadow; null when it may not be read, or was not asked for. */
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

/** What is wanted to know about a user, beyond the entry itself: each costs the host a process. */
export interface AccountQuestions {
  /** The home folder to look at instead of the user's own; false when none matters. */
  readonly home: string | undefined | false;
  /** The primary group that is wanted, if any. */
  readonly group: string | undefined;
  readonly groups: boolean;
  readonly shadow: boolean;
}

/** Reads what is asked about a user; null when there is none. */
export async function readAccount(name: string, { home: wantedHome, group: wantedGroup, groups: membership, shadow: secrets }: AccountQuestions, host: Observer): Promise<Account | null> {
  const homeOf = (folder: string | false): Promise<FileStat | null> | null => (folder === false || folder === '' ? null : host.stat(folder, { follow: true }));
  const readNames = (): Promise<readonly string[]> => host.read(sh`id -Gn ${name}`, ({ stdout }) => stdout.split(/\s+/).filter(Boolean));
  // Wanted when there is such a user, which is nearly always: asked for along with that.
  const early = membership ? readNames() : undefined;
  early?.catch(() => undefined);
  const [entry, shadow, wanted, groupEntry] = await Promise.all([
    host.getent('passwd', name), secrets ? host.getent('shadow', name) : null, wantedHome === undefined ? null : homeOf(wantedHome), wantedGroup === undefined ? null : host.getent('group', wantedGroup),
  ]);
  if (!entry || entry[0] !== name) return null;
  const [, , uid, gid = '', comment = '', home = '', shell = ''] = entry;
  // Only a group that is not the wanted one has to be named.
  const named = !early && wantedGroup !== undefined && groupEntry?.[2] !== gid ? readNames() : early;
  const [groups, homeStat] = await Promise.all([named ?? [groupEntry?.[0] ?? gid], wantedHome === undefined ? homeOf(home) : wanted]);
  // The primary group comes first; its number where nobody knows its name.
  const group = groups[0] ?? gid;
  return { uid: Number(uid), gid: Number(gid), comment, home, shell, group, groups: groups.filter((each) => each !== group), shadow: shadow ? readShadow(shadow) : null, homeStat };
}

const number = (text: string | undefined): number | undefined => (text === undefined || text === '' ? undefined : Number(text));

function readShadow(fields: readonly string[]): Shadow {
  return { hash: fields[1] ?? '', min: number(fields[3]), max: number(fields[4]), warn: number(fields[5]), expires: number(fields[7]) };
}
