import { posix } from 'node:path';
import { z } from 'zod';
import { ABSENT, change, type Change, type Step } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { FileStat } from '../../runner/task/host.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { textDiff } from '../files/common/content.ts';
import { authorizedKeyLine, parseAuthorizedKey, type AuthorizedKey } from '../parse/authorized-keys.ts';

const schema = params({
  user: Text.describe('Whose logins the keys open.'),
  key: Text.describe('Public keys, one per line.'),
  path: Text.optional().describe('The file; `~USER/.ssh/authorized_keys` without it.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the keys shall be there.'),
  exclusive: Flag.default(false).describe('Remove all other keys.'),
  manage_dir: Flag.default(true).describe("Make the folder, and set its owner and permissions."),
  key_options: Text.optional().describe('Options to put before the keys.'),
  comment: Text.optional().describe('Comment to put after the keys instead of their own.'),
  follow: Flag.default(false).describe('Taken for compatibility: the file a link leads to is written.'),
  validate_certs: Flag.default(true).describe('Taken for compatibility: keys are not fetched from addresses.'),
});

type Params = z.output<typeof schema>;
interface Seen {
  readonly path: string;
  readonly owner: { readonly uid: string; readonly gid: string };
  readonly content: Buffer | null;
  readonly file: FileStat | null;
  readonly folder: FileStat | null;
}

/** Keeps keys that may log in. */
export default defineTask<Params, Seen>({
  name: 'authorized_key',
  summary: 'Keeps public keys in the authorized_keys of a user, or out of it.',
  examples: `
- authorized_key: { user: deploy, key: "{{ lookup('file', 'deploy.pub') }}", exclusive: true }
`,
  params: schema,
  async probe({ user, path }, host) {
    const entry = await host.getent('passwd', user);
    if (!entry) throw new TaskFailure(`Failed to lookup user ${user}`);
    const file = path === undefined ? posix.join(entry[5] ?? '/', '.ssh/authorized_keys') : path.replaceAll('%h', entry[5] ?? '').replaceAll('%u', user);
    const [content, own, folder] = await Promise.all([host.readFile(file), host.stat(file, { follow: true }), host.stat(posix.dirname(file), { follow: true })]);
    return { path: file, owner: { uid: entry[2] ?? '0', gid: entry[3] ?? '0' }, content, file: own, folder };
  },
  plan(given, seen) {
    const old = seen.content?.toString() ?? '';
    const next = edited(given, old);
    const changes: Change[] = [];
    const { path, owner, folder, file } = seen;
    const own = `${owner.uid}:${owner.gid}`;
    const parent = posix.dirname(path);
    const makeFolder: Step[] = given.manage_dir && !folder && given.state === 'present' ? [{ run: sh`mkdir -m 0700 ${parent} && chown ${own} ${parent}` }] : [];
    if (!folder && makeFolder.length === 0 && given.state === 'present') throw new TaskFailure(`Destination directory ${parent} does not exist`);
    if (given.manage_dir && folder && given.state === 'present' && (folder.mode !== '0700' || String(folder.uid) !== owner.uid)) {
      changes.push(change('folder', { owner: folder.owner, mode: folder.mode }, { owner: given.user, mode: '0700' }, [sh`chown ${own} ${parent} && chmod 0700 ${parent}`]));
    }
    if (next !== old) {
      const diff = textDiff(path, seen.content, Buffer.from(next));
      const write = { path, content: next, ...(file ? {} : { mode: '0600', owner: owner.uid, group: owner.gid }) };
      changes.push(change('keys', seen.content ? keysOf(old) : ABSENT, keysOf(next), [...makeFolder, { write }], diff ? { diff } : {}));
    }
    return changes;
  },
  result: ({ user, state, exclusive, key }, { path }) => ({ user, state, exclusive, key, keyfile: path }),
});

function wantedKeys({ key, key_options, comment }: Params): readonly AuthorizedKey[] {
  return key.split('\n').filter((line) => !/^\s*(#|$)/.test(line)).map((line) => {
    const parsed = parseAuthorizedKey(line);
    if (!parsed) throw new TaskFailure(`invalid key specified: ${line}`);
    return { ...parsed, ...(key_options !== undefined && { options: key_options }), ...(comment !== undefined && { comment }) };
  });
}

function edited(given: Params, text: string): string {
  const wanted = wantedKeys(given);
  const byKey = new Map(wanted.map((each) => [each.key, each]));
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  if (given.state === 'absent') {
    const kept = lines.filter((line) => !byKey.has(parseAuthorizedKey(line)?.key ?? ''));
    return kept.length === lines.length ? text : kept.map((line) => `${line}\n`).join('');
  }
  const seen = new Set<string>();
  const kept = lines.flatMap((line) => {
    const parsed = parseAuthorizedKey(line);
    if (!parsed) return [line];
    const want = byKey.get(parsed.key);
    if (!want) return given.exclusive ? [] : [line];
    if (seen.has(parsed.key)) return [];
    seen.add(parsed.key);
    return [want.options === parsed.options && want.comment === parsed.comment && want.type === parsed.type ? line : authorizedKeyLine(want)];
  });
  const all = [...kept, ...wanted.filter(({ key }, index) => !seen.has(key) && wanted.findIndex((each) => each.key === key) === index).map(authorizedKeyLine)];
  const same = all.length === lines.length && all.every((line, index) => line === lines[index]);
  return same ? text : all.map((line) => `${line}\n`).join('');
}

/** What a person can tell keys by: type, end, comment. */
function keysOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const parsed = parseAuthorizedKey(line);
    return parsed ? [`${parsed.type} …${parsed.key.slice(-12)}${parsed.comment === '' ? '' : ` ${parsed.comment}`}`] : [];
  });
}
