import { posix } from 'node:path';
import type { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';

const schema = params({
  repo: Text.meta({ aliases: ['name', 'repository'] }).describe('URL of the repository.'),
  dest: Text.optional().describe('Folder of the working copy on the host.'),
  revision: Text.default('HEAD').meta({ aliases: ['rev', 'version'] }).describe('Revision: a number or HEAD.'),
  force: Flag.default(false).describe('Throw away local modifications; without it they are a failure.'),
  in_place: Flag.default(false).describe('Check out into a folder that has other files already.'),
  username: Text.optional().describe('User name for the server.'),
  password: Text.optional().describe('Password for the server; given on standard input (Subversion 1.10 and later).'),
  executable: Text.default('svn').describe('Path of svn.'),
  checkout: Flag.default(true).describe('Whether a missing working copy is made.'),
  update: Flag.default(true).describe('Whether one that is there is brought up to date.'),
  export: Flag.default(false).describe('Files without a working copy; done each time.'),
  switch: Flag.default(true).describe('Whether a working copy of another URL is switched to this one.'),
  validate_certs: Flag.default(false).describe('Whether certificates must be right.'),
}).refine(({ dest, checkout, update, export: only }) => dest !== undefined || !(checkout || update || only), 'the destination directory must be specified unless checkout=no, update=no, and export=no');
type Params = z.output<typeof schema>;

interface Info {
  readonly url: string;
  readonly revision: number;
}

interface Seen {
  readonly exists: boolean;
  readonly local: Info | null;
  readonly remote: Info | null;
  readonly modified: boolean;
}

/** svn that asks nothing and stores no password. */
function svn({ executable, username, password, validate_certs }: Params, words: readonly string[]): Command {
  const who = [...(username === undefined ? [] : ['--username', username]), ...(password === undefined ? [] : ['--password-from-stdin'])];
  const command = sh`${executable} --non-interactive --no-auth-cache ${[...(validate_certs ? [] : ['--trust-server-cert']), ...who, ...words]}`.with({ timeout: 600 });
  return password === undefined ? command : command.with({ stdin: password });
}

function parseInfo(text: string): Info | null {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1];
  const [url, revision] = [field('URL'), field('Revision')];
  return url === undefined || revision === undefined ? null : { url, revision: Number(revision) };
}

async function look(given: Params, host: Observer): Promise<Seen> {
  const { dest, repo, revision } = given;
  const exists = dest !== undefined && (await host.stat(dest, { follow: true })) !== null;
  const asked = exists && !given.update && !given.export ? null : await host.read(svn(given, ['info', '-r', revision, repo]), ({ code, stdout, stderr }) => {
    if (code === 127) throw new TaskFailure(`Failed to find required executable "${given.executable}": install subversion first`);
    if (code !== 0) throw new TaskFailure(`Failed to read the repository ${repo}: ${stderr.trim()}`, { rc: code });
    return parseInfo(stdout);
  });
  if (!exists || given.export) return { exists, local: null, remote: asked, modified: false };
  const local = await host.read(svn(given, ['info', dest]), ({ code, stdout }) => (code === 0 ? parseInfo(stdout) : null));
  const modified = local !== null && (await host.read(svn(given, ['status', '--quiet', '--ignore-externals', dest]), ({ stdout }) => stdout.split('\n').some((line) => /^[^?X]/.test(line))));
  return { exists, local, remote: asked, modified };
}

const told = (info: Info | null): string[] => (info === null ? [] : [`Revision: ${info.revision}`, `URL: ${info.url}`]);

/** A working copy of a Subversion repository. */
export default defineTask<Params, Seen>({
  name: 'subversion',
  summary: 'A working copy of a Subversion repository, by the svn of the host.',
  description: 'The server is asked which revision it has, so that check mode tells what an update would come to.',
  examples: `
- subversion: { repo: 'https://svn.example.org/app/trunk', dest: /srv/app, revision: '1889' }
`,
  params: schema,
  volatile: true,
  probe: look,
  plan(given, { exists, local, remote, modified }): readonly Change[] {
    const { dest, repo, revision, force } = given;
    if (dest === undefined) return [];
    const wanted = remote === null ? revision : `r${remote.revision}`;
    if (given.export) return [change('files', exists ? 'some' : ABSENT, wanted, [svn(given, ['export', ...(force ? ['--force'] : []), '-r', revision, repo, dest])], { repeats: true })];
    const checkout = (words: readonly string[]): Command => svn(given, ['checkout', ...words, '-r', revision, repo, dest]);
    if (!exists) return given.checkout ? [change('revision', ABSENT, wanted, [sh`mkdir -p ${posix.dirname(dest)}`, checkout([])])] : [];
    if (!local && given.in_place) return [change('revision', ABSENT, wanted, [checkout(['--force']), ...(force ? [svn(given, ['revert', '-R', dest])] : [])])];
    if (!local) throw new TaskFailure(`ERROR: ${dest} folder already exists, but its not a subversion repository.`);
    if (!given.update) return [];
    if (modified && !force) throw new TaskFailure('ERROR: modified files exist in the repository.');
    const changes: Change[] = [];
    if (modified) changes.push(change('modifications', 'some', 'none', [svn(given, ['revert', '-R', dest])]));
    const moved = given.switch && remote !== null && local.url !== remote.url;
    if (moved) changes.push(change('url', local.url, remote.url, [svn(given, ['switch', '--revision', revision, repo, dest])]));
    else if (remote !== null && local.revision !== remote.revision) changes.push(change('revision', `r${local.revision}`, wanted, [svn(given, ['update', '-r', revision, dest])]));
    return changes;
  },
  result: ({ dest }, { local, remote }) => ({ after: dest === undefined ? (told(remote)[0] ?? null) : told(local) }),
});
