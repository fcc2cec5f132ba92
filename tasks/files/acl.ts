import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { own } from '../../runner/util/own.ts';

const schema = params({
  path: Text.meta({ aliases: ['name'] }).describe('File or folder.'),
  entry: Text.optional().describe('The entry as setfacl writes it, e.g. `user:joe:rw`; in place of entity, etype and permissions.'),
  entity: Text.default('').describe('User or group.'),
  etype: z.enum(['group', 'mask', 'other', 'user']).optional().describe('Kind of entry.'),
  permissions: Text.optional().describe('`rwx`, or part of it.'),
  state: z.enum(['absent', 'present', 'query']).default('query').describe('Whether the entry is there; query only tells.'),
  follow: Flag.default(true).describe('Follow a link.'),
  default: Flag.default(false).describe('The entry is a default for what is made in the folder later.'),
  recursive: Flag.default(false).meta({ aliases: ['recurse'] }).describe('All that is below the folder, too.'),
  recalculate_mask: z.enum(['default', 'mask', 'no_mask']).default('default').describe('Whether the mask is worked out anew.'),
  use_nfsv4_acls: Flag.default(false).describe('Accepted for compatibility; only POSIX entries are handled.'),
})
  .refine(({ entry, etype, entity, permissions }) => entry === undefined || (etype === undefined && entity === '' && permissions === undefined), "'entry' MUST NOT be set when 'entity', 'etype' or 'permissions' are set.")
  .refine(({ state, recursive }) => state !== 'query' || !recursive, "'recursive' MUST NOT be set when 'state=query'.")
  .refine(({ state, entry }) => state !== 'query' || entry === undefined, "'entry' MUST NOT be set when 'state=query'.")
  .refine(({ state, entry }) => state !== 'present' || entry === undefined || [2, 3].includes(entry.split(':').length - 1), "'entry' MUST have 3 or 4 sections divided by ':' when 'state=present'.")
  .refine(({ state, entry }) => state !== 'absent' || entry === undefined || [1, 2].includes(entry.split(':').length - 1), "'entry' MUST have 2 or 3 sections divided by ':' when 'state=absent'.")
  .refine(({ state, entry, permissions }) => state !== 'absent' || entry !== undefined || permissions === undefined, "'permissions' MUST NOT be set when 'state=absent'.")
  .refine(({ state, entry, entity }) => state !== 'absent' || entry !== undefined || entity !== '', "'entity' MUST be set when 'state=absent'.")
  .refine(({ state, entry, etype }) => state === 'query' || entry !== undefined || etype !== undefined, ({ message: "'etype' MUST be set when 'state' is present or absent." }));
type Params = z.output<typeof schema>;

interface Seen {
  readonly acl: readonly string[];
  /** setfacl would change something. */
  readonly open: boolean;
}

const KINDS: Readonly<Record<string, string>> = { u: 'user', g: 'group', m: 'mask', o: 'other' };

/** The entry in words, and whether it is a default. */
function entryOf(given: Params): { readonly entry: string; readonly isDefault: boolean } {
  const join = (etype: string, entity: string, permissions: string | undefined): string => [etype, entity, ...(permissions === undefined || permissions === '' ? [] : [permissions])].join(':');
  if (given.entry === undefined) return { entry: join(given.etype ?? '', given.entity, given.permissions), isDefault: given.default };
  const parts = given.entry.split(':');
  const flagged = given.entry.toLowerCase().startsWith('d');
  if (flagged) parts.shift();
  const [kind = '', entity = '', permissions] = parts;
  return { entry: join(own(KINDS, kind.charAt(0).toLowerCase()) ?? kind, entity, permissions), isDefault: flagged || given.default };
}

/** What setfacl is called with. */
function words(given: Params): readonly string[] {
  const { entry, isDefault } = entryOf(given);
  const mask = { default: [], mask: ['--mask'], no_mask: ['--no-mask'] }[given.recalculate_mask];
  return [...(isDefault ? ['-d'] : []), given.state === 'absent' ? '-x' : '-m', entry, ...(given.recursive ? ['--recursive'] : []), ...mask, ...(given.follow ? [] : ['--physical']), given.path];
}

const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));

/** An entry of the access control list of a file. */
export default defineTask<Params, Seen>({
  name: 'acl',
  summary: 'An entry of the access control list of a file or folder, by setfacl.',
  description: 'What an entry would change is asked of `setfacl --test`.',
  examples: `
- acl: { path: /srv/app, entity: deploy, etype: user, permissions: rwx, state: present }
- acl: { path: /srv/app, entry: 'default:group:web:r-x', state: present }
`,
  params: schema,
  async probe(given, host) {
    if ((await host.stat(given.path, { follow: true })) === null) throw new TaskFailure('Path not found or not accessible.');
    const get = [...(entryOf(given).isDefault ? ['-d'] : []), '--omit-header', '--absolute-names', ...(given.recursive ? ['--recursive'] : []), ...(given.follow ? [] : ['--physical']), given.path];
    const acl = await host.read(sh`getfacl ${get}`, ({ code, stdout, stderr }) => {
      if (code === 127) throw new TaskFailure('Failed to find required executable "getfacl": install acl first');
      if (code !== 0) throw new TaskFailure(stderr.trim(), { rc: code });
      return lines(stdout);
    });
    if (given.state === 'query') return { acl, open: false };
    const open = await host.read(sh`setfacl --test ${words(given)}`, ({ code, stdout, stderr }) => {
      if (code !== 0) throw new TaskFailure(stderr.trim(), { rc: code });
      return lines(stdout).some((line) => !line.endsWith('*,*'));
    });
    return { acl, open };
  },
  plan(given, { open }): readonly Change[] {
    if (!open) return [];
    const { entry, isDefault } = entryOf(given);
    const text = `${isDefault ? 'default:' : ''}${entry}`;
    return [change('entry', given.state === 'absent' ? text : ABSENT, given.state === 'absent' ? ABSENT : text, [sh`setfacl ${words(given)}`])];
  },
  result: (given, { acl }) => ({ acl: [...acl], msg: given.state === 'query' ? 'current acl' : `${entryOf(given).entry} is ${given.state}` }),
});
