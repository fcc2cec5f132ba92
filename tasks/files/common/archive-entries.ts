import { sh } from '../../../runner/task/command.ts';
import type { Observer } from '../../../runner/task/host.ts';
import { wantedMode, type Attributes } from './attributes.ts';

/** What is there of a member of an archive. */
export interface EntryStat {
  readonly name: string;
  readonly size: number;
  /** Four octal digits. */
  readonly mode: string;
  /** Name and number of the user and the group. */
  readonly owner: readonly [string, string];
  readonly group: readonly [string, string];
  readonly directory: boolean;
}

/** Looks at members of an archive below a folder, all with one question; those that are missing are left out. */
export async function lookAtEntries(folder: string, names: readonly string[], host: Observer): Promise<readonly EntryStat[]> {
  if (names.length === 0) return [];
  const list = sh`cd ${folder} && while IFS= read -r f; do [ -e "$f" ] && stat -c '%s %a %U %u %G %g %F|%n' "$f"; done; :`.with({ stdin: `${names.join('\n')}\n` });
  return host.read(list, ({ stdout }) =>
    stdout.split('\n').flatMap((line) => {
      const [, size, mode = '', user = '', uid = '', group = '', gid = '', kind = '', name = ''] = /^(\d+) (\d+) (\S+) (\d+) (\S+) (\d+) ([^|]+)\|(.*)$/.exec(line) ?? [];
      return size === undefined ? [] : [{ name, size: Number(size), mode: mode.padStart(4, '0'), owner: [user, uid] as const, group: [group, gid] as const, directory: kind === 'directory' }];
    }),
  );
}

/** The members whose owner or group, or whose mode, is not the wanted one. */
export function entriesToPutRight(want: Attributes, entries: readonly EntryStat[]): { readonly foreign: readonly string[]; readonly modes: readonly { readonly mode: string; readonly names: readonly string[] }[] } {
  const foreign = entries.filter(({ owner, group }) => (want.owner !== undefined && !owner.includes(want.owner)) || (want.group !== undefined && !group.includes(want.group)));
  const byMode = new Map<string, string[]>();
  for (const { name, mode, directory } of entries) {
    const wanted = wantedMode(want.mode, mode, directory);
    if (wanted !== undefined && wanted !== mode) byMode.set(wanted, [...(byMode.get(wanted) ?? []), name]);
  }
  return { foreign: foreign.map(({ name }) => name), modes: [...byMode].map(([mode, names]) => ({ mode, names })) };
}
