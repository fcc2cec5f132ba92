import { posix } from 'node:path';
import type { z } from 'zod';
import { change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { Flag, Text, Texts, params } from '../../runner/task/params.ts';
import { download, PLAIN_REQUEST } from '../network/common/download.ts';
import { compressionOf, parseUnzipListing, readZipDirectory, type ArchiveEntry } from '../parse/zip-directory.ts';
import { attributeFields } from './common/attributes.ts';
import { entriesToPutRight, lookAtEntries, type EntryStat } from './common/archive-entries.ts';

const schema = params({
  src: Text.describe('The archive: tar (also gz, bz2, xz, zst) or zip. On the controller; with `remote_src` on the host, or a URL that the host asks.'),
  dest: Text.describe('Folder on the host to unpack into; it must be there.'),
  remote_src: Flag.default(false).describe('The archive is on the host.'),
  copy: Flag.optional().describe('The old opposite of `remote_src`.'),
  creates: Text.optional().describe('Nothing is done when this path exists.'),
  list_files: Flag.default(false).describe("Put the archive's names into the result."),
  include: Texts.default([]).describe('Only these members.'),
  exclude: Texts.default([]).describe('All but these members.'),
  keep_newer: Flag.default(false).describe('Leave files alone that are newer than in the archive.'),
  extra_opts: Texts.default([]).describe('Further words for tar or unzip.'),
  validate_certs: Flag.default(true).describe('Whether certificates must be right, for a URL.'),
  decrypt: Flag.default(true).describe('Taken for compatibility.'),
  io_buffer_size: Text.optional().describe('Taken for compatibility.'),
  ...attributeFields,
});
type Params = z.output<typeof schema> & { readonly content?: Buffer };

interface Seen {
  readonly done: boolean;
  /** What differs between the archive and the folder. */
  readonly differences: readonly string[];
  readonly entries: readonly EntryStat[];
  readonly names: readonly string[];
}

const isUrl = (src: string): boolean => /^[a-z]+:\/\//.test(src);
const isZip = ({ src, content }: Params): boolean => (content === undefined ? /\.(zip|jar|war)$/i.test(src) : readZipDirectory(content) !== undefined);

/** A tar command over the archive: from its path, the network, or the controller. */
function tar(given: Params, words: readonly string[], after: Command = sh``): Command {
  const { src, content, extra_opts, exclude, include, validate_certs } = given;
  const more = [...extra_opts, ...exclude.map((each) => `--exclude=${each}`)];
  if (content) return sh`tar ${[...words, ...compressionOf(src, content), ...more, '-f', '-', ...include]}${after}`.with({ stdin: content, timeout: 600 });
  if (!isUrl(src)) return sh`tar ${[...words, ...more, '-f', src, ...include]}${after}`.with({ timeout: 600 });
  return sh`set -o pipefail 2>/dev/null; ${download(src, { ...PLAIN_REQUEST, validate_certs })} | tar ${[...words, ...compressionOf(src), ...more, '-f', '-', ...include]}${after}`.with({ timeout: 600 });
}

async function look(given: Params, host: Observer): Promise<Seen> {
  const nothing: Seen = { done: true, differences: [], entries: [], names: [] };
  if (given.creates !== undefined && (await host.stat(given.creates)) !== null) return nothing;
  const folder = await host.stat(given.dest, { follow: true });
  if (folder?.type !== 'directory') throw new TaskFailure(`dest '${given.dest}' must be an existing dir`);
  if (!given.content && !isUrl(given.src) && (await host.stat(given.src, { follow: true })) === null) throw new TaskFailure(`Source '${given.src}' does not exist`);
  const [differences, names] = isZip(given) ? await lookZip(given, host) : await lookTar(given, host);
  const wishes = given.owner !== undefined || given.group !== undefined || given.mode !== undefined;
  return { done: false, differences, names, entries: wishes ? await lookAtEntries(given.dest, names, host) : [] };
}

/** tar compares by itself; times and owners that differ are no difference of content. */
async function lookTar(given: Params, host: Observer): Promise<readonly [readonly string[], readonly string[]]> {
  const names = await host.read(tar(given, ['-t']), ({ code, stdout, stderr }) => {
    if (code !== 0) throw new TaskFailure(`Failed to find handler for "${given.src}": tar cannot read it: ${stderr.trim()}`, { rc: code });
    return stdout.split('\n').filter(Boolean);
  });
  const differences = await host.read(tar(given, ['-C', given.dest, '-d'], sh` 2>&1`), ({ code, stdout }) => {
    if (code === 0) return [];
    return stdout.split('\n').filter((line) => line !== '' && !/: (Uid|Gid|Mod time) differs$/.test(line) && !(given.mode !== undefined && line.endsWith(': Mode differs')));
  });
  const newer = given.keep_newer ? differences.filter((line) => /No such file|cannot stat/i.test(line)) : differences;
  return [newer, names];
}

async function lookZip(given: Params, host: Observer): Promise<readonly [readonly string[], readonly string[]]> {
  if (isUrl(given.src)) throw new TaskFailure('a zip file cannot be unpacked while it is fetched: fetch it with get_url first');
  const entries: readonly ArchiveEntry[] = given.content ? (readZipDirectory(given.content) ?? []) : await host.read(sh`unzip -v ${given.src}`, ({ stdout }) => parseUnzipListing(stdout));
  const chosen = entries.filter(({ name }) => !given.exclude.includes(name) && (given.include.length === 0 || given.include.includes(name)));
  const stats = new Map((await lookAtEntries(given.dest, chosen.map(({ name }) => name), host)).map((each) => [each.name, each]));
  const differing = chosen.filter(({ name, size }) => stats.get(name) === undefined || (!name.endsWith('/') && stats.get(name)?.size !== size));
  return [differing.map(({ name }) => name), chosen.map(({ name }) => name)];
}

/** Unpacks an archive. */
export default defineTask<z.output<typeof schema>, Seen, Params>({
  name: 'unarchive',
  summary: 'Unpacks an archive on the host, by its own tar or unzip.',
  description: `tar compares the archive with the folder first, so that a second run changes nothing. Of a zip file names and sizes are compared.
GNU tar is needed; zip files need unzip.`,
  examples: `
- unarchive: { src: files/app.tar.gz, dest: /srv/app, owner: app }
- unarchive: { src: /tmp/tool.zip, dest: /opt, remote_src: true, creates: /opt/tool }
`,
  params: schema,
  async prepare(given, controller) {
    if (given.remote_src || given.copy === false || isUrl(given.src)) return given;
    return { ...given, content: await controller.readFile(await controller.find(given.src, 'files')) };
  },
  probe: look,
  plan(given, seen): readonly Change[] {
    if (seen.done) return [];
    const { dest, owner, group } = given;
    const { modes, foreign } = entriesToPutRight(given, seen.entries);
    const below = (names: readonly string[]): readonly string[] => names.map((name) => posix.join(dest, name));
    if (seen.differences.length === 0) {
      const steps = [...(foreign.length > 0 && owner !== undefined ? [sh`chown -h ${owner} ${below(foreign)}`] : []), ...(foreign.length > 0 && group !== undefined ? [sh`chgrp -h ${group} ${below(foreign)}`] : []), ...modes.map(({ mode, names }) => sh`chmod ${mode} ${below(names)}`)];
      return steps.length === 0 ? [] : [change('attributes', [...foreign, ...modes.flatMap(({ names }) => names)].slice(0, 20), 'as wanted', steps)];
    }
    const after = [
      ...(owner === undefined ? [] : [sh`chown -h ${owner} ${below(seen.names)}`]),
      ...(group === undefined ? [] : [sh`chgrp -h ${group} ${below(seen.names)}`]),
      ...(given.mode === undefined ? [] : [sh`chmod ${given.mode} ${below(seen.names)}`]),
    ];
    return [change('content', [...new Set(seen.differences.map(memberOf))].slice(0, 20), given.src, [...extraction(given), ...after])];
  },
  result: (given, seen) => ({ dest: given.dest, src: given.src, handler: isZip(given) ? 'ZipArchive' : 'TarArchive', ...(given.list_files && { files: [...seen.names] }) }),
});

/** The member that a complaint of tar is about. */
function memberOf(line: string): string {
  return line.replace(/^tar: /, '').replace(/: (Warning: .*|[A-Z][^:]*)$/, '');
}

function extraction(given: Params): Change['steps'] {
  if (!isZip(given)) return [{ run: tar(given, ['-C', given.dest, '-x', '--no-same-owner', ...(given.keep_newer ? ['--keep-newer-files'] : [])]) }];
  const archive = given.content ? posix.join(given.dest, '.rollcall-archive.zip') : given.src;
  const words = [...given.extra_opts, ...(given.keep_newer ? ['-u'] : []), '-q', '-o', archive, ...given.include, ...(given.exclude.length > 0 ? ['-x', ...given.exclude] : []), '-d', given.dest];
  const run = { run: sh`unzip ${words}`.with({ timeout: 600 }) };
  return given.content ? [{ write: { path: archive, content: given.content, mode: '0600' } }, run, { remove: archive }] : [run];
}
