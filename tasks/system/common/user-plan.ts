import { ABSENT, change, type Change } from '../../../runner/task/change.ts';
import { quoteWord, rawCommand, sh, type Command } from '../../../runner/task/command.ts';
import { TaskFailure } from '../../../runner/task/failure.ts';
import type { Account } from './account.ts';
import type { UserParams } from './user-params.ts';

/** Days since 1970 of an expiry; undefined for never. */
function expiryDay(seconds: number): number | undefined {
  return seconds < 0 ? undefined : Math.floor(seconds / 86_400);
}

const dateOf = (day: number | undefined): string => (day === undefined ? '' : new Date(day * 86_400_000).toISOString().slice(0, 10));

/** Words for `useradd`, and what it cannot do by itself. */
export function createChanges(want: UserParams, { shadow, groupExists }: { shadow: boolean; groupExists: boolean }): readonly Change[] {
  const { name, uid, non_unique, group, groups, comment, home, create_home, skeleton, shell, system, expires, password } = want;
  const words = shadow
    ? [
        ...option('-u', uid), ...(non_unique ? ['-o'] : []), ...(group === undefined ? (groupExists ? ['-N'] : []) : ['-g', group]),
        ...(groups && groups.length > 0 ? ['-G', groups.join(',')] : []), ...option('-c', comment), ...option('-d', home), ...option('-s', shell),
        ...(expires === undefined ? [] : ['-e', dateOf(expiryDay(expires))]), ...(create_home ? ['-m', ...option('-k', skeleton)] : ['-M']), ...(system ? ['-r'] : []),
        ...(want.umask === undefined ? [] : ['-K', `UMASK=${want.umask}`]), ...option('-Z', want.seuser), name,
      ]
    : [
        ...option('-u', uid), ...option('-G', group), ...option('-g', comment), ...option('-h', home), ...option('-s', shell),
        ...(create_home ? option('-k', skeleton) : ['-H']), ...(system ? ['-S'] : []), '-D', name,
      ];
  const others = shadow ? [] : (groups ?? []).map((each) => sh`addgroup ${name} ${each}`);
  const days = ageingCommand(want, undefined);
  return [
    change('user', ABSENT, 'present', [sh`${shadow ? 'useradd' : 'adduser'} ${words}`, ...others, ...(days ? [days] : [])]),
    ...(password === undefined ? [] : [change('password', ABSENT, '******', [setPassword(name, password)])]),
    ...(want.password_lock === true && password !== undefined ? [change('password lock', false, true, [sh`usermod -L ${name}`])] : []),
  ];
}

function option(flag: string, value: string | number | undefined): readonly (string | number)[] {
  return value === undefined ? [] : [flag, value];
}

/** The hash goes through standard input: the words of a command can be seen by all users of the host. */
function setPassword(name: string, hash: string): Command {
  return sh`chpasswd -e`.with({ stdin: `${name}:${hash}\n` });
}

function ageingCommand(want: UserParams, seen: Account | undefined): Command | undefined {
  const max = want.password_expire_max !== undefined && want.password_expire_max !== seen?.shadow?.max ? ['-M', want.password_expire_max] : [];
  const min = want.password_expire_min !== undefined && want.password_expire_min !== seen?.shadow?.min ? ['-m', want.password_expire_min] : [];
  return max.length + min.length === 0 ? undefined : sh`chage ${[...max, ...min, want.name]}`;
}

/** What has to change about a user that is there. */
export function modifyChanges(want: UserParams, seen: Account, shadow: boolean): readonly Change[] {
  const { name } = want;
  const changes: Change[] = [];
  const modify = (aspect: string, before: Change['before'], after: Change['after'], words: readonly (string | number)[]): void => {
    if (!shadow) throw new TaskFailure(`the host has no usermod: ${aspect} of '${name}' cannot be changed`);
    changes.push(change(aspect, before, after, [sh`usermod ${[...words, name]}`]));
  };
  if (want.uid !== undefined && want.uid !== seen.uid) modify('uid', seen.uid, want.uid, ['-u', want.uid, ...(want.non_unique ? ['-o'] : [])]);
  if (want.group !== undefined && want.group !== seen.group && want.group !== String(seen.gid)) modify('group', seen.group, want.group, ['-g', want.group]);
  if (want.groups) changes.push(...groupsChange(want, seen, shadow));
  if (want.comment !== undefined && want.comment !== seen.comment) modify('comment', seen.comment, want.comment, ['-c', want.comment]);
  if (want.home !== undefined && want.home !== seen.home) modify('home', seen.home, want.home, ['-d', want.home, ...(want.move_home ? ['-m'] : [])]);
  if (want.shell !== undefined && want.shell !== seen.shell) modify('shell', seen.shell, want.shell, ['-s', want.shell]);
  if (want.expires !== undefined && seen.shadow) {
    const day = expiryDay(want.expires);
    const now = seen.shadow.expires === -1 ? undefined : seen.shadow.expires;
    if (day !== now) modify('expires', dateOf(now), dateOf(day), ['-e', dateOf(day)]);
  }
  const days = ageingCommand(want, seen);
  if (days) changes.push(change('password days', { min: seen.shadow?.min ?? null, max: seen.shadow?.max ?? null }, { min: want.password_expire_min ?? seen.shadow?.min ?? null, max: want.password_expire_max ?? seen.shadow?.max ?? null }, [days]));
  return [...changes, ...passwordChanges(want, seen), ...homeChange(want, seen)];
}

function groupsChange({ name, groups = [], append, group }: UserParams, seen: Account, shadow: boolean): readonly Change[] {
  const primary = group ?? seen.group;
  const wanted = [...new Set(groups)].filter((each) => each !== primary);
  const missing = wanted.filter((each) => !seen.groups.includes(each));
  const surplus = append ? [] : seen.groups.filter((each) => !wanted.includes(each));
  if (missing.length + surplus.length === 0) return [];
  const after = append ? [...seen.groups, ...missing].sort() : wanted.toSorted();
  const commands = shadow
    ? [append ? sh`usermod -a -G ${missing.join(',')} ${name}` : sh`usermod -G ${wanted.join(',')} ${name}`]
    : [...missing.map((each) => sh`addgroup ${name} ${each}`), ...surplus.map((each) => sh`delgroup ${name} ${each}`)];
  return [change('groups', seen.groups.toSorted(), after, commands)];
}

/** A hash without the mark of a lock. */
const bare = (hash: string): string => hash.replace(/^!+/, '');

function passwordChanges({ name, password, update_password, password_lock }: UserParams, { shadow }: Account): readonly Change[] {
  const asked = (password !== undefined && update_password === 'always') || password_lock !== undefined;
  if (!asked) return [];
  if (!shadow) throw new TaskFailure(`the password of '${name}' cannot be compared: /etc/shadow cannot be read (become root)`);
  const changes: Change[] = [];
  if (password !== undefined && update_password === 'always' && bare(shadow.hash) !== bare(password)) {
    changes.push(change('password', 'another', '******', [setPassword(name, password_lock === true && !password.startsWith('!') ? `!${password}` : password)]));
  }
  const locked = (changes.length > 0 && password !== undefined ? password_lock === true || password.startsWith('!') : shadow.hash.startsWith('!'));
  if (password_lock === true && !locked) changes.push(change('password lock', false, true, [sh`usermod -L ${name}`]));
  if (password_lock === false && locked) changes.push(change('password lock', true, false, [sh`usermod -U ${name}`]));
  return changes;
}

/** A home folder that is missing is made as useradd would have made it. */
function homeChange({ home, create_home, move_home, skeleton = '/etc/skel' }: UserParams, seen: Account): readonly Change[] {
  const moves = move_home && home !== undefined && home !== seen.home;
  if (!create_home || seen.homeStat || moves || (home ?? seen.home) === '') return [];
  const path = quoteWord(home ?? seen.home);
  const make = rawCommand(`mkdir -p ${path} && { [ ! -d ${quoteWord(skeleton)} ] || cp -R ${quoteWord(skeleton)}/. ${path}; } && chown -R ${seen.uid}:${seen.gid} ${path} && chmod 0700 ${path}`);
  return [change('home folder', ABSENT, home ?? seen.home, [make])];
}
