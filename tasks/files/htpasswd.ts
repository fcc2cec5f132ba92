import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Word, params } from '../../runner/task/params.ts';
import { performSteps } from '../../runner/task/perform.ts';
import { isHashOf, ldapSha1, md5Crypt, saltFor } from '../parse/password-hash.ts';
import { attributeFields } from './common/attributes.ts';
import { contentChanges } from './common/content.ts';
import { lookAtText, parentSteps, type TextFile } from './common/text-file.ts';

const schema = params({
  path: Text.meta({ aliases: ['dest', 'destfile'] }).describe('The file.'),
  name: Word.meta({ aliases: ['username'] }).describe('User.'),
  password: Text.optional().describe('Its password.'),
  hash_scheme: z.enum(['apr_md5_crypt', 'md5_crypt', 'ldap_sha1', 'plaintext']).default('apr_md5_crypt').meta({ aliases: ['crypt_scheme'] }).describe('How a new password is hashed.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the user is in the file.'),
  create: Flag.default(true).describe('Create the file when there is none.'),
  ...attributeFields,
}).refine(({ name }) => !name.includes(':'), 'a user name cannot have a colon in it');
type Params = z.output<typeof schema>;

type Seen = TextFile & { readonly host: string };

function hashed({ hash_scheme, name, path }: Params, password: string, host: string): string {
  const salt = saltFor(host, path, name);
  switch (hash_scheme) {
    case 'apr_md5_crypt':
      return md5Crypt(password, salt, '$apr1$');
    case 'md5_crypt':
      return md5Crypt(password, salt, '$1$');
    case 'ldap_sha1':
      return ldapSha1(password);
    case 'plaintext':
      return password;
  }
}

/** A user of a web server's password file. */
export default defineTask<Params, Seen>({
  name: 'htpasswd',
  summary: 'A user in a password file of Apache or nginx.',
  description: `The hash is made here: the host needs neither htpasswd nor Python, and never sees the password. A stored hash of another scheme is taken as
right when it fits the password; one that cannot be tested here (bcrypt, crypt) is replaced.`,
  examples: `
- htpasswd: { path: /etc/nginx/passwdfile, name: janedoe, password: '{{ web_password }}', owner: root, group: www-data, mode: '0640' }
`,
  params: schema,
  probe: async (given, host) => ({ ...(await lookAtText(given.path, host, given)), host: host.name }),
  plan(given, seen): readonly Change[] {
    const { name, password, state, create } = given;
    const text = seen.content?.toString() ?? '';
    const lines = text.split('\n');
    const stored = lines.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1);
    if (state === 'absent') {
      if (stored === undefined) return [];
      const content = lines.filter((line) => !line.startsWith(`${name}:`)).join('\n');
      return [change('user', name, ABSENT, [{ write: { path: seen.path, content, secret: true } }])];
    }
    if (!seen.content && !create) throw new TaskFailure(`Destination ${seen.path} does not exist`);
    if (password === undefined) throw new TaskFailure('a user who shall be there needs a password');
    if (stored !== undefined && isHashOf(stored.split(':')[0] ?? '', password) === true) return contentChanges(seen, seen.content, { ...given, content: seen.content ?? Buffer.alloc(0) });
    const line = `${name}:${hashed(given, password, seen.host)}`;
    const next = stored === undefined ? `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n` : lines.map((each) => (each.startsWith(`${name}:`) ? line : each)).join('\n');
    const changes = contentChanges(seen, seen.content, { ...given, content: Buffer.from(next) }, { aspect: 'user', before: stored === undefined ? ABSENT : `${name} with another password`, after: name });
    // Hashes are no secret for long, so they are in no diff either.
    const quiet = changes.map((each): Change => ({ aspect: each.aspect, before: each.before, after: each.after, steps: each.steps.map((step) => ('write' in step ? { write: { ...step.write, secret: true } } : step)) }));
    return parentSteps(seen, quiet);
  },
  async apply(done, host, { name, state }) {
    await performSteps(done.steps, host);
    return done.aspect === 'user' ? { msg: `${state === 'absent' ? 'Remove' : 'Add/update'} ${name}` } : {};
  },
  result: ({ name, state }) => ({ msg: `${name} ${state === 'absent' ? 'not' : 'already'} present` }),
});
