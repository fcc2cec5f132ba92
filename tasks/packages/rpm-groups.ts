import { sh } from '../../runner/task/command.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { didYouMean } from '../../runner/util/suggest.ts';
import { lastLines } from '../parse/console-text.ts';
import { parseGroupInfo, parseGroupList, type PackageGroup } from '../parse/yum-group.ts';
import { parseInstalled, parseUpdates } from '../parse/rpm-query.ts';
import { assertFree, whenFree } from './rpm-lock.ts';

/** What is known of one group on a host. */
export interface GroupSeen {
  /** As the playbook names it. */
  readonly asked: string;
  readonly group: PackageGroup;
  /** The members that are installed, of any kind. */
  readonly installed: readonly string[];
  /** Default members that are not installed and that no enabled repository has: yum passes them over in silence. */
  readonly unavailable: readonly string[];
}

/** How yum is to be asked. */
export interface GroupQuery {
  readonly tool: 'yum' | 'dnf';
  readonly words: readonly string[];
  readonly lockTimeout: number;
}

/**
 * Looks at groups. yum keeps no mark of installed groups and calls one installed when its mandatory packages are, so members are asked
 * of rpm. @throws TaskFailure for a group that no repository knows: yum itself would exit with 0
 */
export async function lookGroups(names: readonly string[], { tool, words, lockTimeout }: GroupQuery, host: Observer): Promise<readonly GroupSeen[]> {
  if (names.length === 0) return [];
  const info = tool === 'yum' ? sh`yum ${['-q', ...words, 'groupinfo']}` : sh`dnf ${['-q', ...words, 'group', 'info']}`;
  const found = await Promise.all(names.map((name) => host.read(whenFree(tool, lockTimeout, sh`${info} ${name}`.with({ timeout: 180 })), (output) => output)));
  const groups: { asked: string; group: PackageGroup }[] = [];
  for (const [index, name] of names.entries()) {
    const output = found[index]!;
    assertFree(output, lockTimeout);
    const known = parseGroupInfo(output);
    if (known.length === 0) throw await unknownGroup(name, tool, words, `${output.stdout}\n${output.stderr}`, host);
    groups.push(...known.map((group) => ({ asked: name, group })));
  }
  const members = [...new Set(groups.flatMap(({ group }) => [...group.mandatory, ...group.default, ...group.optional, ...group.conditional]))];
  const query = await host.read(sh`rpm -q ${members}`, ({ stdout }) => stdout);
  const installed = parseInstalled(members, query, query);
  const wanted = groups.flatMap(({ group }) => group.default).filter((name) => !installed.has(name));
  const available = await availablePackages(wanted, tool, words, lockTimeout, host);
  return groups.map(({ asked, group }) => ({
    asked,
    group,
    installed: [...group.mandatory, ...group.default, ...group.optional, ...group.conditional].filter((name) => installed.has(name)),
    unavailable: group.default.filter((name) => !installed.has(name) && !available.has(name)),
  }));
}

/** Which of some packages a repository has. EL6.0's group names `ccs`, which came with 6.1: a default member may not exist at all. */
async function availablePackages(
  names: readonly string[],
  tool: 'yum' | 'dnf',
  words: readonly string[],
  lockTimeout: number,
  host: Observer,
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const list = sh`${tool} ${['-q', ...words, 'list', 'available', ...names]}`.with({ timeout: 180 });
  return host.read(whenFree(tool, lockTimeout, list), (output) => {
    assertFree(output, lockTimeout);
    // "none of them" is an answer; a repository that cannot be reached is not.
    if (output.code !== 0 && !/No matching Packages to list/i.test(output.stderr))
      throw new TaskFailure(`${tool} cannot say which members of the group there are: ${lastLines(output, 4)}`, { rc: output.code });
    return parseUpdates(output.stdout);
  });
}

/** The members that `install` brings and that are not there. */
export function missingMembers({ group, installed, unavailable }: GroupSeen, exclude: readonly string[]): readonly string[] {
  return [...group.mandatory, ...group.default].filter((name) => !installed.includes(name) && !unavailable.includes(name) && !exclude.includes(name));
}

async function unknownGroup(name: string, tool: 'yum' | 'dnf', words: readonly string[], said: string, host: Observer): Promise<TaskFailure> {
  // Not -q: yum prints this list through its verbosity logger.
  const list =
    tool === 'yum' ? sh`yum ${[...words, 'grouplist']}`.with({ timeout: 180 }) : sh`dnf ${['-q', ...words, 'group', 'list', '--ids']}`.with({ timeout: 180 });
  const known = await host.read(list, ({ stdout }) => parseGroupList(stdout));
  const text = said.trim();
  if (known.length === 0)
    return new TaskFailure(`no package groups are known on this host (are its repositories reachable?)${text ? `: ${text}` : ''}`, { groups: [] });
  return new TaskFailure(`no repository knows a package group '${name}'; ${didYouMean(name, known) ?? `known: ${known.join(', ')}`}`, { groups: [...known] });
}
