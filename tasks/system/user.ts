import { posix } from 'node:path';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { readAccount, type Account, type AccountQuestions } from './common/account.ts';
import { userSchema, type UserParams } from './common/user-params.ts';
import { createChanges, modifyChanges } from './common/user-plan.ts';

interface Seen {
  readonly account: Account | null;
  /** useradd and its kin; without them busybox's adduser is used. */
  readonly shadow: boolean;
  /** A group of the user's name is there; not asked when another is wanted. */
  readonly groupExists: boolean;
  /** The public key, when one was asked for; null when there is none. */
  readonly publicKey: string | null;
}

/** Keeps a user. */
export default defineTask<UserParams, Seen>({
  name: 'user',
  summary: 'Keeps a user account, or its absence.',
  description: 'Passwords are given as hashes and never appear in a command line. Without usermod (busybox) a user can be made and put into groups, but not changed otherwise.',
  examples: `
- user: { name: app, system: true, shell: /sbin/nologin, groups: [haclient], append: true }
- user: { name: mallory, state: absent, remove: true }
`,
  params: userSchema,
  exclusive: 'accounts',
  foreseeable: true,
  async probe(given, host) {
    const [account, shadow, ownGroup] = await Promise.all([
      readAccount(given.name, questions(given), host),
      host.read(sh`command -v useradd`, ({ code }) => code === 0),
      given.group === undefined ? host.getent('group', given.name) : null,
    ]);
    const key = given.generate_ssh_key && account ? await host.readFile(`${keyFile(given, account.home)}.pub`) : null;
    return { account, shadow, groupExists: ownGroup?.[0] === given.name, publicKey: key?.toString().trim() ?? null };
  },
  plan(given, seen): readonly Change[] {
    const { account, shadow } = seen;
    const { name } = given;
    if (given.state === 'absent') {
      if (!account) return [];
      const remove = shadow ? sh`userdel ${[...(given.force ? ['-f'] : []), ...(given.remove ? ['-r'] : []), name]}` : sh`deluser ${[...(given.remove ? ['--remove-home'] : []), name]}`;
      return [change('user', 'present', ABSENT, [remove], { risk: 'destroy' })];
    }
    const changes = account ? modifyChanges(given, account, shadow) : createChanges(given, seen);
    return given.generate_ssh_key && seen.publicKey === null ? [...changes, keyChange(given, account?.home ?? given.home ?? `/home/${name}`)] : changes;
  },
  result(given, { account, publicKey }) {
    const { name, state, append, move_home, create_home, system, force, remove, password } = given;
    if (!account) return { name, state, force, remove };
    const { uid, gid, home, shell, comment } = account;
    return {
      name, state, uid, group: gid, home, shell, comment, append, move_home, create_home, system,
      groups: given.groups?.join(',') ?? '',
      ...(password !== undefined && { password: 'NOT_LOGGING_PASSWORD' }),
      ...(publicKey !== null && { ssh_public_key: publicKey, ssh_key_file: keyFile(given, home) }),
    };
  },
});

function questions({ home, group, groups, create_home, state, password, password_lock, expires, password_expire_max, password_expire_min }: UserParams): AccountQuestions {
  const secrets = [password, password_lock, expires, password_expire_max, password_expire_min];
  return { home: create_home && state === 'present' ? home : false, group, groups: groups !== undefined, shadow: secrets.some((each) => each !== undefined) };
}

function keyFile({ ssh_key_file, ssh_key_type }: UserParams, home: string): string {
  return posix.resolve(home, ssh_key_file ?? `.ssh/id_${ssh_key_type}`);
}

function keyChange(given: UserParams, home: string): Change {
  const file = keyFile(given, home);
  const folder = posix.dirname(file);
  const words = ['-q', '-t', given.ssh_key_type, ...(given.ssh_key_bits === undefined ? [] : ['-b', given.ssh_key_bits]), '-C', given.ssh_key_comment ?? `ansible-generated on ${given.name}`, '-N', '', '-f', file];
  return change('ssh key', ABSENT, file, [
    sh`[ -d ${folder} ] || { mkdir -m 0700 ${folder} && chown ${`${given.name}:`} ${folder}; }`,
    sh`ssh-keygen ${words} </dev/null && chown ${`${given.name}:`} ${file} ${`${file}.pub`}`,
  ]);
}
