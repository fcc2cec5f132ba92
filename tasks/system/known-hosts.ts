import { posix } from 'node:path';
import { z } from 'zod';
import { ABSENT, change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Word, params } from '../../runner/task/params.ts';
import { textDiff } from '../files/common/content.ts';
import { lookAtText, type TextFile } from '../files/common/text-file.ts';
import { fieldsOf, hashedName, isAboutHost } from '../parse/known-hosts.ts';

const schema = params({
  name: Word.meta({ aliases: ['host'] }).describe('The host as in `ssh HOST`; `[HOST]:PORT` for another port.'),
  key: Text.optional().describe('Lines as in known_hosts.'),
  path: Text.default('~/.ssh/known_hosts').describe('The file.'),
  hash_host: Flag.default(false).describe('Write the name as a hash.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the keys shall be there.'),
}).refine((given) => given.state === 'absent' || given.key !== undefined, 'No key specified when adding a host');

type Params = z.output<typeof schema>;

/** Keeps keys of other hosts. */
export default defineTask<Params, TextFile>({
  name: 'known_hosts',
  summary: 'Keeps the SSH keys of another host in a known_hosts file, or out of it.',
  examples: `
- known_hosts: { name: backup.example.org, key: "{{ lookup('file', 'backup.known_hosts') }}", path: /etc/ssh/ssh_known_hosts }
`,
  params: schema,
  probe: ({ path }, host) => lookAtText(path, host, {}),
  plan(given, seen) {
    const old = seen.content?.toString() ?? '';
    const next = edited(given, old);
    if (next === old) return [];
    const diff = textDiff(seen.path, seen.content, Buffer.from(next));
    const folder = seen.hasParent ? [] : [sh`mkdir -m 0700 ${posix.dirname(seen.path)}`];
    return [change('keys', seen.content ? typesOf(old, given.name) : ABSENT, typesOf(next, given.name), [...folder, { write: { path: seen.path, content: next } }], diff ? { diff } : {})];
  },
  result: ({ name, key, state, hash_host }, { path }) => ({ name, state, hash_host, path, ...(key !== undefined && { key }) }),
});

function typesOf(text: string, host: string): readonly string[] {
  return text.split('\n').filter((line) => isAboutHost(line, host)).map((line) => fieldsOf(line)?.type ?? '');
}

function edited({ name, key = '', hash_host, state }: Params, text: string): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const wanted = key.split('\n').filter((line) => !/^\s*(#|$)/.test(line)).map((line) => ({ line: line.trim(), ...fieldsOf(line) }));
  const foreign = wanted.find(({ line }) => !isAboutHost(line, name));
  if (foreign) throw new TaskFailure('Host parameter does not match hashed host field in supplied key', { key: foreign.line });
  if (state === 'absent') {
    const kept = lines.filter((line) => !isAboutHost(line, name) || (wanted.length > 0 && !wanted.some((each) => each.type === fieldsOf(line)?.type)));
    return kept.length === lines.length ? text : kept.map((line) => `${line}\n`).join('');
  }
  const right = (line: string, each: (typeof wanted)[number]): boolean => fieldsOf(line)?.key === each.key && isAboutHost(line, name) && (!hash_host || line.startsWith('|1|'));
  const missing = wanted.filter((each) => !lines.some((line) => right(line, each)));
  const stale = (line: string): boolean => isAboutHost(line, name) && missing.some((each) => each.type === fieldsOf(line)?.type);
  const kept = lines.filter((line) => !stale(line));
  if (missing.length === 0) return text;
  const added = missing.map(({ line, type = '', key: data = '' }) => (hash_host ? `${hashedName(name, data)} ${type} ${data}` : line));
  return [...kept, ...added].map((line) => `${line}\n`).join('');
}
