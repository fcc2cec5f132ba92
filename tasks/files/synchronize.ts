import { posix } from 'node:path';
import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask, type Controller } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { Flag, Text, Texts, Whole, params } from '../../runner/task/params.ts';
import { isLeftOut, parseRsyncOptions, type RsyncOptions } from '../parse/rsync-filter.ts';
import { readSource, type Source } from './common/source.ts';
import { expandPath } from './common/target.ts';
import copy from './copy.ts';

const taken = (what: string): z.ZodOptional<typeof Text> => Text.optional().describe(`Taken for compatibility: ${what}.`);
const takenFlag = Flag.optional().describe('Taken for compatibility: it says how rsync works, not what is copied.');

const schema = params({
  src: Text.describe('File or folder on the controller. A folder with a trailing slash: only its content.'),
  dest: Text.describe('Path on the host.'),
  delete: Flag.default(false).describe('Remove from the folder on the host what the source does not have.'),
  archive: Flag.default(true).describe('Copy permissions, too; folders with all that is in them.'),
  recursive: Flag.optional().describe('Copy folders with all that is in them; as `archive` says without it.'),
  perms: Flag.optional().describe('Copy permissions; as `archive` says without it.'),
  existing_only: Flag.default(false).describe('Only files that are on the host already.'),
  rsync_opts: Texts.default([]).describe('Of the options of rsync: `--exclude=`, `--include=`, `--chmod=` and `--chown=`; those that only say how it works are passed over.'),
  mode: z.enum(['push', 'pull']).default('push').describe('Only push; to get files from the host there is `fetch`.'),
  checksum: Flag.default(true).describe('Files are always compared by checksum.'),
  copy_links: takenFlag, links: takenFlag, times: takenFlag, owner: takenFlag, group: takenFlag, compress: takenFlag, dirs: takenFlag, partial: takenFlag,
  set_remote_user: takenFlag, verify_host: takenFlag, ssh_connection_multiplexing: takenFlag, delay_updates: takenFlag, use_ssh_args: takenFlag,
  dest_port: Whole.optional().describe('Taken for compatibility: the connection of the play is used.'),
  rsync_timeout: Whole.optional().describe('Taken for compatibility.'),
  private_key: taken('the connection of the play is used'),
  rsync_path: taken('no rsync is needed'),
  ssh_args: taken('the connection of the play is used'),
  link_dest: Texts.optional().describe('Taken for compatibility: nothing is linked.'),
}).refine(({ mode }) => mode === 'push', "only 'mode: push' is here: use 'fetch' to get files from the host");
type Params = z.output<typeof schema>;

interface Prepared extends Params {
  readonly source: Source;
  readonly options: RsyncOptions;
  readonly hostname: string;
}

type Copied = Parameters<typeof copy.plan>[0];

interface Seen {
  readonly copied: Parameters<typeof copy.plan>[1];
  readonly wish: Copied;
  /** Paths on the host that the source does not have. */
  readonly surplus: readonly string[];
}

async function prepare(given: Params, controller: Controller): Promise<Prepared> {
  const options = parseRsyncOptions(given.rsync_opts);
  const [unknown] = options.unknown;
  if (unknown !== undefined) throw new TaskFailure(`the option '${unknown}' of rsync is not understood here: files are copied without rsync`);
  // What is left out is not read either: it may be large, or no file at all.
  const source = await readSource(given.src, controller, (relative) => !isLeftOut(relative, options.rules));
  return { ...given, source, options, hostname: controller.hostname };
}

/** What is on the host in the folder that is made equal, and not in the source; what is inside a folder that goes is not named. */
async function lookForSurplus(given: Prepared, dest: string, host: Observer): Promise<readonly string[]> {
  const { source, src, options } = given;
  if (!given.delete || source.folders === undefined) return [];
  const base = src.endsWith('/') ? '' : `${posix.basename(src)}/`;
  const root = posix.join(dest, base).replace(/(.)\/$/, '$1');
  if ((await host.stat(root)) === null) return [];
  const found = await host.read(sh`cd ${root} && find . -mindepth 1 -type d -exec printf ${'%s/\\n'} {} + && find . -mindepth 1 ! -type d`, ({ stdout }) => stdout.split('\n').filter(Boolean).map((path) => base + path.replace(/^\.\//, '')));
  const wanted = new Set([...source.files.map(({ relative }) => relative), ...source.folders.map((folder) => `${folder.replace(/\/$/, '')}/`)]);
  const surplus = found.filter((path) => !wanted.has(path) && !isLeftOut(path, options.rules)).sort();
  return surplus.filter((path) => !surplus.some((other) => other !== path && other.endsWith('/') && path.startsWith(other))).map((path) => posix.join(dest, path.replace(/\/$/, '')));
}

/** Copies a tree to the host and makes the host's equal to it. */
export default defineTask<Params, Seen, Prepared>({
  name: 'synchronize',
  summary: 'Makes a folder on the host equal to one of the controller.',
  description: `Takes the parameters of Ansible's module and works without rsync on either side: files are compared by checksum and go through the connection
of the play. Copied are content and permissions; owner and times are not (\`--chown\` in \`rsync_opts\` sets an owner), and of links what they lead
to. Only from the controller to the host: not with \`delegate_to\`, and not \`mode: pull\`.`,
  examples: `
- synchronize: { src: site/, dest: /var/www/html, delete: true, rsync_opts: ['--exclude=.git'] }
`,
  params: schema,
  prepare,
  async probe(given, host) {
    if (given.hostname !== host.name) throw new TaskFailure("'synchronize' with 'delegate_to' copies from one host to another, which is not possible here: fetch the files, then copy them");
    const dest = await expandPath(given.dest, host);
    const [owner, group] = (given.options.chown ?? '').split(':');
    const preserve = given.options.chmod === undefined && (given.perms ?? given.archive) && given.source.files.every(({ mode }) => mode !== undefined);
    const bare = dest.replace(/(.)\/+$/, '$1');
    const into = given.source.folders !== undefined || dest.endsWith('/') || (await host.stat(bare, { follow: true }))?.type === 'directory';
    const exist = given.existing_only ? await Promise.all(given.source.files.map(async ({ relative }) => (await host.stat(into ? posix.join(bare, relative) : bare)) !== null)) : undefined;
    const source = exist ? { ...given.source, files: given.source.files.filter((_, index) => exist[index]), folders: given.source.folders && [] } : given.source;
    const wish = {
      ...copy.params.parse({ src: given.src, dest, ...(owner !== undefined && owner !== '' && { owner }), ...(group !== undefined && group !== '' && { group }), ...(given.options.chmod !== undefined && { mode: given.options.chmod }), ...(preserve && { mode: 'preserve' }) }),
      source,
    } as Copied;
    const [copied, surplus] = await Promise.all([copy.probe(wish, host), lookForSurplus(given, dest, host)]);
    return { copied, wish, surplus };
  },
  plan: (_, { copied, wish, surplus }): readonly Change[] => [
    ...copy.plan(wish, copied),
    ...(surplus.length > 0 ? [change('surplus', [...surplus], ABSENT, surplus.map((path) => ({ remove: path })), { risk: 'destroy' })] : []),
  ],
  result: () => ({ rc: 0, msg: '' }),
});
