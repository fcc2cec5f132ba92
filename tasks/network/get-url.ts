import { posix } from 'node:path';
import type { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import type { Observer } from '../../runner/task/host.ts';
import { attributeChanges, attributeCommands, attributeFields } from '../files/common/attributes.ts';
import { fileFacts, lookAt, type Target } from '../files/common/target.ts';
import { download, requestFields } from './common/download.ts';

const schema = params({
  url: Text.describe('Where the file is: http, https, ftp, or file:// for one on the host.'),
  dest: Text.describe("Path on the host; in a folder, the file is called as the URL's last part."),
  force: Flag.default(false).meta({ aliases: ['thirsty'] }).describe('Compare with what the server has, each time. Without it a file that is there is right, unless `checksum` says otherwise.'),
  checksum: Text.optional().describe('`sha256:HEX` (or md5, sha1, sha224, sha384, sha512), or `sha256:URL` of a list of sums.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
  tmp_dest: Text.optional().describe('Taken for compatibility: the new file is made beside the old one, where it can be renamed.'),
  ...requestFields,
  ...attributeFields,
});
type Params = z.output<typeof schema>;

interface Seen extends Target {
  /** Digest of the file that is there, in the algorithm that is wanted. */
  readonly sum: string | null;
  /** Digest it shall have; undefined when any file will do. */
  readonly want: string | undefined;
}

const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

function parted(checksum: string | undefined): { readonly algorithm: string; readonly sum: string | undefined } {
  if (checksum === undefined || checksum === '') return { algorithm: 'sha256', sum: undefined };
  const [, algorithm = '', sum = ''] = /^([^:]+):(.*)$/s.exec(checksum.trim()) ?? [];
  if (!ALGORITHMS.includes(algorithm)) throw new TaskFailure(`checksum must be ALGORITHM:SUM, with one of ${ALGORITHMS.join(', ')}`);
  return { algorithm, sum: sum.trim() };
}

async function look(given: Params, host: Observer): Promise<Seen> {
  const { algorithm, sum } = parted(given.checksum);
  let target = await lookAt(given.dest, host, given);
  if (target.stat?.type === 'directory' || given.dest.endsWith('/')) target = await lookAt(posix.join(target.path, nameIn(given.url)), host, given);
  if (target.stat !== null && target.stat.type !== 'file') throw new TaskFailure(`${target.path} is no file`);
  if ((await host.stat(posix.dirname(target.path), { follow: true })) === null) throw new TaskFailure(`the folder ${posix.dirname(target.path)} does not exist`);
  const mine = target.stat === null ? null : await host.read(sh`${`${algorithm}sum`} ${target.path}`, ({ stdout }) => digestIn(stdout));
  return { ...target, sum: mine, want: await wantedSum(given, algorithm, sum, target.stat !== null, host) };
}

async function wantedSum(given: Params, algorithm: string, sum: string | undefined, exists: boolean, host: Observer): Promise<string | undefined> {
  if (sum !== undefined && /^[a-z]+:\/\//.test(sum)) {
    const name = nameIn(given.url);
    const listed = await host.read(download(sum, given), ({ code, stdout }) => (code === 0 ? sumOf(stdout, name) : undefined));
    if (listed === undefined) throw new TaskFailure(`${sum} does not tell a checksum of '${name}'`);
    return listed;
  }
  if (sum !== undefined) return sum.toLowerCase();
  if (!given.force || !exists) return undefined;
  return host.read(sh`set -o pipefail 2>/dev/null; ${download(given.url, given)} | ${`${algorithm}sum`}`.with(stdinOf(download(given.url, given))), ({ stdout }) => digestIn(stdout));
}

/** A list of sums has `HEX  NAME` lines; a file for one download may hold nothing but the sum. */
function sumOf(text: string, name: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/)).filter(([first = '']) => /^[0-9a-fA-F]{32,}$/.test(first));
  const named = lines.find(([, each = '']) => posix.basename(each.replace(/^\*/, '')) === name);
  const only = lines.length === 1 && lines[0]?.length === 1 ? lines[0] : undefined;
  return (named ?? only)?.[0]?.toLowerCase();
}

function digestIn(text: string): string {
  return text.trim().replace(/^\\/, '').split(/\s/)[0] ?? '';
}

function nameIn(url: string): string {
  return posix.basename(decodeURIComponent(url.replace(/[?#].*$/s, ''))) || 'index.html';
}

function stdinOf({ stdin }: Command): { stdin?: string | Buffer; timeout: number } {
  return { timeout: 600, ...(stdin !== undefined && { stdin }) };
}

/** Downloads a file. */
export default defineTask<Params, Seen>({
  name: 'get_url',
  summary: 'Downloads a file to the host, by its own curl or wget.',
  description: `A file that is there already is taken as right, unless \`checksum\` names another sum or \`force\` has it compared with the server's.
The new file is fetched beside the old one, checked, and put in its place in one step.`,
  examples: `
- get_url:
    url: https://downloads.example.org/tool-1.2.tar.gz
    dest: /opt/tool.tar.gz
    checksum: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
`,
  params: schema,
  probe: look,
  plan(given, seen): readonly Change[] {
    if (seen.stat !== null && (seen.want === undefined || seen.want === seen.sum)) return attributeChanges(seen.path, seen.stat, given, { context: seen.context });
    const { algorithm } = parted(given.checksum);
    const part = `${seen.path}.rollcall-part`;
    const fetch = download(given.url, given);
    const check = given.checksum === undefined || seen.want === undefined ? undefined : sh` && echo ${`${seen.want}  ${part}`} | ${`${algorithm}sum`} -c - >/dev/null`;
    const steps = [
      sh`{ ${fetch}; } >${part}${check} || { rm -f ${part}; echo ${`the download failed, or is not what the checksum says: ${given.url}`} >&2; exit 1; }`.with(stdinOf(fetch)),
      ...attributeCommands([part], { ...given, mode: given.mode ?? seen.stat?.mode ?? '0644', owner: given.owner ?? seen.stat?.owner, group: given.group ?? seen.stat?.group }, '0644', false),
      ...(given.backup && seen.stat ? [sh`cp -p ${seen.path} ${seen.path}".$$.$(date +%Y-%m-%d@%H:%M:%S)~"`] : []),
      sh`mv -f ${part} ${seen.path}`,
    ];
    return [change('content', seen.sum === null ? ABSENT : seen.sum, seen.want ?? given.url, steps)];
  },
  result: ({ url }, seen) => ({ url, dest: seen.path, status_code: 200, ...fileFacts(seen.stat), ...(seen.sum !== null && seen.sum !== '' && { checksum_dest: seen.sum }) }),
});
