import type { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { Flag, Text, Whole, params } from '../../runner/task/params.ts';

const schema = params({
  repo: Text.meta({ aliases: ['name'] }).describe('Where the repository is: a URL, USER@HOST:PATH, or a path on the host.'),
  dest: Text.describe('Folder of the working copy on the host.'),
  version: Text.default('HEAD').describe('Branch, tag or full commit id.'),
  remote: Text.default('origin').describe('Name of the remote.'),
  update: Flag.default(true).describe('Whether a working copy that is there is brought up to date.'),
  clone: Flag.default(true).describe('Whether a missing one is made.'),
  force: Flag.default(false).describe('Throw away local modifications; without it they are a failure.'),
  depth: Whole.optional().describe('Commits of history to fetch.'),
  recursive: Flag.default(true).describe('Submodules, too.'),
  single_branch: Flag.default(false).describe('Fetch only the branch of `version`.'),
  bare: Flag.default(false).describe('A repository without files; only cloned and fetched.'),
  accept_hostkey: Flag.default(false).describe('Take any key of the ssh server.'),
  accept_newhostkey: Flag.default(false).describe("Take the key of an ssh server that has none yet."),
  key_file: Text.optional().describe('Private key on the host.'),
  ssh_opts: Text.optional().describe('Further options for ssh.'),
  executable: Text.default('git').describe('Path of git.'),
  umask: Text.optional().describe('Umask for new files, octal.'),
  refspec: Text.optional().describe('A further refspec to fetch.'),
  reference: Text.optional().describe('Repository on the host whose objects a new clone borrows.'),
  separate_git_dir: Text.optional().describe('Folder for the repository of a new working copy, in place of `.git`.'),
  track_submodules: Flag.default(false).describe('Submodules follow their branches, and not the commit that is written down.'),
  verify_commit: Flag.default(false).describe('The commit that was come to must have a good signature.'),
  archive: Text.optional().describe('File on the host (.zip, .tar, .tar.gz, .tgz) into which `version` is packed, made anew with each new commit.'),
  archive_prefix: Text.optional().describe('Folder that everything in the archive is in.'),
});
type Params = z.output<typeof schema>;

interface Seen {
  /** The archive is there. */
  readonly archived: boolean;
  /** Commit of the working copy; null when there is none. */
  readonly before: string | null;
  /** Commit that `version` is in the remote repository. */
  readonly after: string | null;
  readonly branch: boolean;
  readonly modified: boolean;
  readonly url: string | null;
}

/** The environment of git: it must never ask. */
function setting({ accept_hostkey: any, accept_newhostkey: fresh, key_file: key, ssh_opts: more, umask }: Params): ReturnType<typeof sh> {
  const check = any ? ' -o StrictHostKeyChecking=no' : fresh ? ' -o StrictHostKeyChecking=accept-new' : '';
  const ssh = `ssh -o BatchMode=yes${check}${key === undefined ? '' : ` -o IdentitiesOnly=yes -i '${key.replaceAll("'", "'\\''")}'`}${more === undefined ? '' : ` ${more}`}`;
  return sh`${umask !== undefined && sh`umask ${umask}; `}GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=true GIT_SSH_COMMAND=${ssh}`;
}

/** The same for looking: a key of a server is written nowhere, the first file named being the one that takes it. */
function asking(given: Params): ReturnType<typeof sh> {
  const files = given.accept_hostkey ? '/dev/null' : '/dev/null ~/.ssh/known_hosts ~/.ssh/known_hosts2';
  const forgetful = given.accept_hostkey || given.accept_newhostkey ? `-o UserKnownHostsFile="${files}" ${given.ssh_opts ?? ''}`.trim() : given.ssh_opts;
  return setting({ ...given, ssh_opts: forgetful });
}

async function look(given: Params, host: Observer): Promise<Seen> {
  const archived = given.archive !== undefined && (await host.stat(given.archive, { follow: true })) !== null;
  return { ...(await lookAtCopy(given, host)), archived };
}

async function lookAtCopy(given: Params, host: Observer): Promise<Omit<Seen, 'archived'>> {
  const { repo, dest, version, remote, executable: git, bare } = given;
  const folder = await host.stat(bare ? `${dest}/HEAD` : `${dest}/.git`, { follow: true });
  const local = folder === null ? undefined : await host.read(sh`cd ${dest} && export GIT_OPTIONAL_LOCKS=0; ${git} rev-parse HEAD; ${git} config --get ${`remote.${remote}.url`}; echo; ${!bare && sh`${git} status --porcelain -uno`}`, ({ stdout }) => stdout.split('\n'));
  const before = local && /^[0-9a-f]{40,64}$/.test(local[0] ?? '') ? (local[0] ?? null) : null;
  const [url, modified] = [folder === null ? null : (local?.[1] ?? null), (local ?? []).slice(3).some((line) => line !== '')];
  if (folder !== null && !given.update) return { before, after: before, branch: false, modified, url };
  if (/^[0-9a-f]{40}$/.test(version)) return { before, after: version, branch: false, modified, url };
  const refs = [version, `refs/tags/${version}^{}`];
  const listed = await host.read(sh`${asking(given)} ${git} ls-remote ${repo} ${refs}`.with({ timeout: 60 }), ({ code, stdout, stderr }) => {
    if (code !== 0) throw new TaskFailure(`Failed to read the repository ${repo}: ${stderr.trim()}`, { rc: code });
    return stdout.split('\n').map((line) => line.split('\t')).filter(([, name]) => name !== undefined);
  });
  const named = (name: string): string | undefined => listed.find(([, each]) => each === name)?.[0];
  const head = named(`refs/heads/${version}`);
  return { before, after: version === 'HEAD' ? (named('HEAD') ?? null) : (head ?? named(`refs/tags/${version}^{}`) ?? named(`refs/tags/${version}`) ?? named(version) ?? null), branch: head !== undefined, modified, url };
}

/** A working copy of a git repository. */
export default defineTask<Params, Seen>({
  name: 'git',
  summary: 'A working copy of a git repository, by the git of the host.',
  description: `The remote repository is asked which commit \`version\` is, so that check mode tells the commit it would come to.
Local modifications are a failure unless \`force\` is given.`,
  examples: `
- git:
    repo: https://git.example.org/app.git
    dest: /srv/app
    version: v1.4.2
`,
  params: schema,
  volatile: true,
  probe: look,
  plan(given, seen): readonly Change[] {
    const changes = planCopy(given, seen);
    return given.archive === undefined ? changes : [...changes, ...packed(given, given.archive, seen, changes)];
  },
  result: (_, { before, after }) => ({ before, after }),
  // Of what was done: the last look knows only what the copy has come to.
  outcome: ({ aspect, before, after }) => (aspect === 'commit' ? { before: before === ABSENT ? null : (before as string), after: after as string } : aspect === 'remote' ? { remote_url_changed: true } : {}),
});

function planCopy(given: Params, { before, after, branch, modified, url }: Seen): readonly Change[] {
  const { repo, dest, version, remote, executable: git, depth, bare, recursive } = given;
  const env = setting(given);
  if (after === null) throw new TaskFailure(before !== null && !given.update ? `${dest} is no working copy of git` : `there is no branch, tag or commit '${version}' in ${repo}`);
  const depthWords = depth === undefined ? [] : ['--depth', String(depth)];
  const commit = /^[0-9a-f]{40}$/.test(version);
  const modules = recursive && !bare ? [sh`cd ${dest} && if [ -f .gitmodules ]; then ${env} ${git} submodule update --init --recursive${given.track_submodules && sh` --remote`}; fi`.with({ timeout: 600 })] : [];
  const signed = given.verify_commit ? [sh`cd ${dest} && ${git} verify-commit ${after}`] : [];
  if (before === null && url === null) {
    if (!given.clone) return [];
    const branchWords = version === 'HEAD' || commit ? [] : ['--branch', version];
    const single = given.single_branch ? ['--single-branch'] : [];
    const clone = sh`${env} ${git} clone ${[...(bare ? ['--bare'] : []), '--origin', remote, ...(given.reference === undefined ? [] : ['--reference', given.reference]), ...(given.separate_git_dir === undefined ? [] : ['--separate-git-dir', given.separate_git_dir]), ...(commit ? [] : depthWords), ...single, ...branchWords, repo, dest]}`.with({ timeout: 1800 });
    const checkout = commit && !bare ? [sh`cd ${dest} && ${git} checkout -q --force ${version}`] : [];
    return [change('commit', ABSENT, after, [clone, ...checkout, ...modules, ...signed])];
  }
  const changes: Change[] = [];
  const moved = url !== null && url !== repo && given.update;
  if (moved) changes.push(change('remote', url, repo, [sh`cd ${dest} && ${git} remote set-url ${remote} ${repo}`]));
  if (modified && !bare && given.update) {
    if (!given.force) throw new TaskFailure('Local modifications exist in the destination: ' + dest + ' (force=no).', { before: before ?? '' });
    changes.push(change('modifications', 'some', 'none', [sh`cd ${dest} && ${git} reset -q --hard`]));
  }
  if (before === after) return changes;
  const fetch = sh`cd ${dest} && ${env} ${git} fetch -q ${[...depthWords, '--force', '--tags', remote, ...(bare ? ['+refs/heads/*:refs/heads/*'] : [])]} && ${env} ${git} fetch -q ${[...depthWords, remote, ...(given.refspec === undefined ? [] : [given.refspec])]}`.with({ timeout: 1800 });
  const target = branch ? [sh`cd ${dest} && ${git} checkout -q --force -B ${version} ${after}`] : [sh`cd ${dest} && if [ ${version} = HEAD ] && ${git} symbolic-ref -q HEAD >/dev/null; then ${git} reset -q --hard ${after}; else ${git} checkout -q --force ${after}; fi`];
  return [...changes, change('commit', before ?? ABSENT, after, [fetch, ...(bare ? [] : target), ...modules, ...signed])];
}

/** The archive of what the working copy comes to. */
function packed({ dest, executable: git, archive_prefix: prefix, bare }: Params, archive: string, { after, archived }: Seen, changes: readonly Change[]): readonly Change[] {
  if (after === null || (archived && changes.length === 0)) return [];
  const format = /\.(zip|tar\.gz|tgz|tar)$/.exec(archive)?.[1];
  if (format === undefined) throw new TaskFailure(`${archive} must end in .zip, .tar, .tar.gz or .tgz`);
  const words = [`--format=${format}`, ...(prefix === undefined ? [] : [`--prefix=${prefix}`]), '-o', archive, bare ? after : 'HEAD'];
  return [change('archive', archived ? 'of another commit' : ABSENT, after, [sh`cd ${dest} && ${git} archive ${words}`.with({ timeout: 600 })])];
}
