import { hash } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod';
import { ignore } from '../../runner/util/ignore.ts';
import { sharedBytes } from '../../runner/util/shared.ts';
import { ABSENT, change, type Change, type FileSpec } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { FileStat, Observer } from '../../runner/task/host.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { sh } from '../../runner/task/command.ts';
import { attributeChanges, attributeCommands, attributeFields, Mode, ModeOrPreserve, wantedMode, type Attributes } from './common/attributes.ts';
import { spacedJson, type Json } from '../../runner/util/json.ts';
import { contentChanges, type Description, missingParents } from './common/content.ts';
import { lookAtRemoteSource, remoteCopyChanges, type RemoteSource } from './common/remote-copy.ts';
import { readSource, sha256, type Source, type SourceFile } from './common/source.ts';
import { expandPath, fileFacts, lookAt, type Target } from './common/target.ts';

const schema = params({
  src: Text.optional().describe('File or folder on the controller (with `remote_src`, on the host). A folder with a trailing slash: only its content.'),
  content: z.preprocess((given) => (typeof given === 'object' && given !== null ? spacedJson(given as Json) : given), Text).optional().describe("The file's text, instead of `src`."),
  dest: Text.describe('Path on the host. With a trailing slash, or when it is a folder, the file goes into it.'),
  mode: ModeOrPreserve.optional().describe("Permissions, octal in quotes or symbolic; `preserve` takes the source's."),
  directory_mode: Mode.optional().describe('Permissions of folders that are made on the way.'),
  force: Flag.default(true).meta({ aliases: ['thirsty'] }).describe('Replace a file of other content; with false only a missing one is written.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
  validate: Text.optional().describe('Command that must accept the new file, with `%s` in place of its path.'),
  remote_src: Flag.default(false).describe('Take `src` from the host itself.'),
  checksum: Text.optional().describe('SHA-1 that the source file must have.'),
  follow: Flag.default(false).describe('When `dest` is a link: write the file it leads to. Without it the link is replaced by a file.'),
  local_follow: Flag.default(true).describe('Copy what links on the controller lead to.'),
  decrypt: Flag.default(true).describe('Taken for compatibility: encrypted sources are always decrypted.'),
  owner: attributeFields.owner,
  group: attributeFields.group,
  seuser: attributeFields.seuser,
  serole: attributeFields.serole,
  setype: attributeFields.setype,
  selevel: attributeFields.selevel,
  unsafe_writes: attributeFields.unsafe_writes,
})
  .refine((given) => given.src !== undefined || given.content !== undefined, 'src (or content) is required')
  .refine((given) => given.src === undefined || given.content === undefined, 'src and content are mutually exclusive')
  .refine((given) => given.content === undefined || !given.dest.endsWith('/'), 'can not use content with a dir as dest');

interface Prepared extends z.output<typeof schema> {
  /** undefined with `remote_src`. */
  readonly source?: Source;
}

interface SeenFile {
  readonly source: SourceFile;
  readonly target: Target;
  readonly sha256: string | null;
  /** The old bytes, read when they differ and are few. */
  readonly old: Buffer | null;
  /** The folder above it is there or comes with the copy. */
  readonly hasParent: boolean;
}

interface Seen {
  readonly dest: string;
  readonly files: readonly SeenFile[];
  readonly folders: readonly { readonly path: string; readonly stat: FileStat | null; readonly implied: boolean }[];
  readonly remote?: RemoteSource;
}

/** Copies files to the host. */
export default defineTask<z.output<typeof schema>, Seen, Prepared>({
  name: 'copy',
  summary: 'Copies a file or folder, or a given text, to the host.',
  examples: `
- copy: { src: motd, dest: /etc/motd, owner: root, mode: '0644' }
- copy:
    content: "{{ settings | to_nice_json }}"
    dest: /etc/app/settings.json
- copy: { src: site/, dest: /var/www/html/, directory_mode: '0755' }
`,
  params: schema,
  foreseeable: true,
  async prepare(given, controller) {
    if (given.remote_src) return given;
    if (given.content !== undefined) {
      const content = sharedBytes(given.content);
      return { ...given, source: { files: [{ local: '', relative: posix.basename(given.dest), content, size: content.length, sha256: sha256(content) }] } };
    }
    return { ...given, source: await readSource(given.src ?? '', controller) };
  },
  async probe(given, host) {
    if (!given.source) return { dest: given.dest, files: [], folders: [], remote: await lookAtRemoteSource({ ...given, src: given.src ?? '' }, host) };
    return lookAtDestination(given, given.source, host);
  },
  plan(given, seen) {
    if (seen.remote) return remoteCopyChanges({ ...given, src: given.src ?? '' }, seen.remote);
    checkSource(given);
    return [...folderChanges(given, seen), ...seen.files.flatMap((file) => fileChanges(given, file, seen))];
  },
  result(given, seen) {
    if (seen.remote) return { dest: seen.remote.dest, src: given.src ?? '', ...fileFacts(seen.remote.destStat) };
    const [only] = seen.files;
    if (given.source?.folders || !only) return { dest: seen.dest, src: given.src ?? '' };
    const { content } = only.source;
    const sums = content && { checksum: hash('sha1', content), md5sum: hash('md5', content) };
    return { dest: only.target.path, ...(given.src !== undefined && { src: only.source.local }), ...sums, ...fileFacts(only.target.stat) };
  },
});

async function lookAtDestination(given: Prepared, source: Source, host: Observer): Promise<Seen> {
  const dest = await expandPath(given.dest, host);
  const bare = dest.replace(/(.)\/+$/, '$1');
  // Nearly always one file to a path that is no folder: it is looked at in the same round trip that tells whether it is one.
  const [only] = source.files;
  const likely = only && source.folders === undefined && !dest.endsWith('/') ? lookAtFile(only, bare, false, given, host) : undefined;
  likely?.catch(ignore);
  const there = await host.stat(bare, { follow: true });
  const into = source.folders !== undefined || dest.endsWith('/') || there?.type === 'directory';
  if (likely && !into) return { dest, files: [await likely], folders: [] };
  const wanted = !into ? [] : [bare, ...(source.folders ?? []).map((folder) => posix.join(bare, folder))];
  const missing = into ? await missingParents(bare, async (folder) => (await host.stat(folder, { follow: true })) !== null) : [];
  const folders = await Promise.all([...missing, ...wanted].map(async (path) => ({ path, stat: await host.stat(path, { follow: true }), implied: path === bare || missing.includes(path) })));
  const files = await Promise.all(source.files.map((file) => lookAtFile(file, into ? posix.join(bare, file.relative) : bare, into, given, host)));
  return { dest, files, folders };
}

async function lookAtFile(source: SourceFile, path: string, into: boolean, given: Prepared, host: Observer): Promise<SeenFile> {
  const [looking, summing, above] = [lookAt(path, host, attributesOf(given)), host.checksum(path, 'sha256', { likely: source.content }), into ? undefined : host.stat(posix.dirname(path), { follow: true })];
  summing.catch(ignore);
  above?.catch(ignore);
  const target = await looking;
  const sum = await summing;
  const hasParent = into || (target.stat ?? (await above)) !== null;
  const small = source.content !== undefined && (target.stat?.size ?? 0) <= 1024 * 1024;
  const old = sum !== null && sum !== source.sha256 && small ? await host.readFile(path) : null;
  return { source, target, sha256: sum, old, hasParent };
}

function checkSource(given: Prepared): void {
  const content = given.source?.files[0]?.content;
  if (given.checksum === undefined || !content || given.source?.folders) return;
  const checksum = hash('sha1', content);
  if (checksum !== given.checksum) throw new TaskFailure('Copied file does not match the expected checksum. Transfer failed.', { checksum, expected_checksum: given.checksum });
}

function attributesOf({ owner, group, seuser, serole, setype, selevel, mode }: Prepared, source?: SourceFile): Attributes {
  const own = mode === 'preserve' ? source?.mode : mode;
  return { owner, group, seuser, serole, setype, selevel, ...(own !== undefined && { mode: own }) };
}

function folderChanges(given: Prepared, { folders }: Seen): readonly Change[] {
  const want = { ...attributesOf(given), mode: given.directory_mode };
  return folders.flatMap(({ path, stat, implied }): readonly Change[] => {
    if (stat && stat.type !== 'directory') throw new TaskFailure(`${path} already exists as a ${stat.type}`);
    if (stat) return implied ? [] : attributeChanges(path, stat, want);
    const mode = wantedMode(given.directory_mode, '0755', true) ?? '0755';
    return [change('folder', ABSENT, path, [sh`mkdir ${path}`, ...attributeCommands([path], { ...want, mode }, '0755', true)])];
  });
}

function fileChanges(given: Prepared, { source, target, sha256: seen, old, hasParent }: SeenFile, { files }: Seen): readonly Change[] {
  const { path, own, stat } = target;
  if (stat && !given.force) return [];
  if (!hasParent) throw new TaskFailure(`Destination directory ${posix.dirname(path)} does not exist`);
  if (stat?.type === 'directory') throw new TaskFailure(`cannot overwrite the directory ${path} with a file`);
  if (given.mode === 'preserve' && source.mode === undefined) throw new TaskFailure("'mode: preserve' needs a source file whose permissions are known");
  const want = { ...attributesOf(given, source), content: source.content ?? Buffer.alloc(0), backup: given.backup, validate: given.validate };
  const labelled = (changes: readonly Change[]): readonly Change[] => (files.length === 1 ? changes : changes.map((each) => ({ ...each, aspect: `${each.aspect} of ${source.relative}` })));
  const after = `sha256:${source.sha256.slice(0, 12)}`;
  const written = (to: Target, before: Buffer | null, shown: Description): readonly Change[] => {
    const changes = contentChanges(to, before, want, shown);
    return source.content === undefined ? changes.map((each) => streamed(each, source.local)) : changes;
  };
  if (own?.type === 'link' && !given.follow) {
    const [put, ...rest] = written({ ...target, stat: null }, null, { aspect: 'content', before: { link: own.target ?? '' }, after });
    return labelled([{ ...put!, steps: [{ remove: path }, ...put!.steps] }, ...rest]);
  }
  if (seen === source.sha256) return labelled(stat ? attributeChanges(path, stat, want, { context: target.context }) : []);
  const before = seen === null ? ABSENT : `sha256:${seen.slice(0, 12)}`;
  return labelled(written(target, seen === null ? null : (old ?? Buffer.from(`${seen}\0`)), { aspect: 'content', before, after }));
}

/** The same change of a file that is streamed. */
function streamed({ diff: _ofNothing, steps, ...rest }: Change, from: string): Change {
  return { ...rest, steps: steps.map((step) => ('write' in step ? { upload: { from, file: withoutContent(step.write) } } : step)) };
}

function withoutContent({ content: _content, ...file }: FileSpec): Omit<FileSpec, 'content'> {
  return file;
}
