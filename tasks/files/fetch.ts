import { hash } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod';
import { ABSENT, change } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import type { Json } from '../../runner/util/json.ts';
import { lookAt, type Target } from './common/target.ts';

const schema = params({
  src: Text.describe('The file on the host.'),
  dest: Text.describe('Folder on the controller: the file goes to DEST/HOST/SRC. With `flat`, the file, or with a trailing slash its folder.'),
  flat: Flag.default(false).describe("Write to `dest` itself, without the host's name and the path."),
  fail_on_missing: Flag.default(true).describe('Fail when there is no such file.'),
  validate_checksum: Flag.default(true).describe('Compare checksums after the transfer.'),
});

interface Prepared extends z.output<typeof schema> {
  /** Absolute. */
  readonly folder: string;
  readonly hostname: string;
  /** SHA-256 by absolute path of what is there already. */
  readonly local: Readonly<Record<string, string>>;
}

interface Seen extends Target {
  readonly sha256: string | null;
  readonly sha1: string | null;
}

/** Copies files from the host. */
export default defineTask<z.output<typeof schema>, Seen, Prepared>({
  name: 'fetch',
  summary: 'Copies a file of the host to the controller.',
  examples: `
- fetch: { src: /var/log/cluster/corosync.log, dest: logs/ }
- fetch: { src: /etc/hosts, dest: 'hosts-{{ inventory_hostname }}', flat: true }
`,
  params: schema,
  async prepare(given, controller) {
    const base = textOr(controller.variable('playbook_dir'), '/');
    const folder = posix.resolve(base, given.dest) + (given.dest.endsWith('/') ? '/' : '');
    const hostname = textOr(controller.variable('inventory_hostname'), controller.hostname);
    const prepared = { ...given, folder, hostname, local: {} };
    const path = localPath(prepared, given.src);
    const known = await controller.inspect?.(path);
    if (!known || known.directory) return prepared;
    const sum = controller.checksum ? await controller.checksum(path) : hash('sha256', await controller.readFile(path));
    return { ...prepared, local: { [path]: sum } };
  },
  async probe({ src }, host) {
    const target = await lookAt(src, host);
    const [sha256, sha1] = await Promise.all([host.checksum(target.path), host.checksum(target.path, 'sha1')]);
    return { ...target, sha256, sha1 };
  },
  plan(given, seen) {
    if (seen.stat?.type === 'directory') throw new TaskFailure('remote file is a directory, fetch cannot work on directories');
    if (!seen.sha256) {
      if (given.fail_on_missing) throw new TaskFailure(`the remote file does not exist, not transferring: ${seen.path}`);
      return [];
    }
    const path = localPath(given, seen.path);
    const before = given.local[path];
    if (before === seen.sha256) return [];
    return [change('local file', before === undefined ? ABSENT : `sha256:${before.slice(0, 12)}`, `sha256:${seen.sha256.slice(0, 12)}`, [], { repeats: true })];
  },
  async apply(_, host, given) {
    const { path } = await lookAt(given.src, host);
    await host.download(path, localPath(given, path));
  },
  result(given, { path, sha1 }) {
    if (!sha1) return { file: path, msg: `the remote file does not exist, not transferring, ignored` };
    return { file: path, dest: localPath(given, path), checksum: sha1, remote_checksum: sha1 };
  },
});

/** Where the file goes. The host's path is taken apart first, so that no `..` leads out of the folder. */
function localPath({ folder, flat, hostname }: Pick<Prepared, 'folder' | 'flat' | 'hostname'>, src: string): string {
  if (flat) return folder.endsWith('/') ? posix.join(folder, posix.basename(src)) : folder;
  const inside = posix.join('/', hostname.replaceAll('/', '_'), posix.join('/', src));
  return posix.join(folder, inside);
}

function textOr(value: Json | undefined, other: string): string {
  return typeof value === 'string' ? value : other;
}
