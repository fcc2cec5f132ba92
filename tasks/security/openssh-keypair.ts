import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, Whole, params } from '../../runner/task/params.ts';
import { attributeChanges, attributeCommands, attributeFields } from '../files/common/attributes.ts';
import { lookAt, type Target } from '../files/common/target.ts';

const SIZES = { rsa: 4096, dsa: 1024, ecdsa: 256, ed25519: 256 } as const;

const schema = params({
  path: Text.describe('The private key; the public one has `.pub` at its end.'),
  type: z.enum(['rsa', 'dsa', 'ecdsa', 'ed25519']).default('rsa').describe('Kind of key.'),
  size: Whole.optional().describe('Bits: 4096 for rsa, 256 for ecdsa without it.'),
  comment: Text.optional().describe('Comment of the key; the tool writes USER@HOST without it.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether there is a pair.'),
  force: Flag.default(false).describe('Make a new pair, each time.'),
  regenerate: z.enum(['never', 'fail', 'partial_idempotence', 'full_idempotence', 'always']).default('partial_idempotence').describe('What happens to a pair that is not as wanted: it stays, the task fails, or a new one is made; with partial_idempotence not when the key cannot be read.'),
  backend: Text.optional().describe('Accepted for compatibility: the ssh-keygen of the host is used.'),
  private_key_format: Text.optional().describe('Accepted for compatibility: ssh-keygen decides.'),
  ...attributeFields,
});
type Params = z.output<typeof schema>;

interface Seen extends Target {
  /** What ssh-keygen says of the private key; null when it cannot be read. */
  readonly key: { readonly size: number; readonly fingerprint: string; readonly type: string; readonly public: string } | null;
  /** Words of the public key's file: kind, key, comment; null when there is none. */
  readonly public: readonly string[] | null;
}

function makePair({ type, size, comment, path }: Params): Command {
  const part = `${path}.rollcall-part`;
  const bits = type === 'ed25519' ? [] : ['-b', String(size ?? SIZES[type])];
  const words = ['-q', '-t', type, ...bits, ...(comment === undefined ? [] : ['-C', comment]), '-N', '', '-f', part];
  return sh`rm -f ${part} ${`${part}.pub`} && ssh-keygen ${words} </dev/null && mv -f ${part} ${path} && mv -f ${`${part}.pub`} ${`${path}.pub`}`;
}

/** What is wrong with the pair that is there; undefined when it is as wanted. */
function complaint({ type, size }: Params, { key, public: words }: Seen): string | undefined {
  if (key === null) return 'unreadable';
  if (key.type !== type) return `of type ${key.type}`;
  if (key.size !== (size ?? SIZES[type]) && type !== 'ed25519') return `of ${key.size} bits`;
  return words === null || words.slice(0, 2).join(' ') !== key.public ? 'without its public key' : undefined;
}

/** A pair of SSH keys. */
export default defineTask<Params, Seen>({
  name: 'openssh_keypair',
  aliases: ['community.crypto.openssh_keypair'],
  summary: 'A pair of SSH keys on the host, by its ssh-keygen.',
  description: 'Keys have no passphrase: ssh-keygen would take one only as a word that every user of the host can see.',
  examples: `
- openssh_keypair: { path: /home/app/.ssh/id_ed25519, type: ed25519, owner: app }
`,
  params: schema,
  async probe(given, host) {
    const target = await lookAt(given.path, host, given);
    if (target.stat === null) return { ...target, key: null, public: null };
    const [told, text, stored] = await Promise.all([
      host.read(sh`ssh-keygen -l -f ${given.path}`, ({ stdout }) => /^(\d+) (\S+) .*\((\S+)\)\s*$/.exec(stdout.trim())),
      host.read(sh`ssh-keygen -y -P ${''} -f ${given.path} </dev/null`, ({ code, stdout }) => (code === 0 ? stdout.trim().split(/\s+/).slice(0, 2).join(' ') : null)),
      host.readFile(`${given.path}.pub`),
    ]);
    const key = told && text !== null ? { size: Number(told[1]), fingerprint: told[2] ?? '', type: (told[3] ?? '').toLowerCase(), public: text } : null;
    return { ...target, key, public: stored?.toString().trim().split(/\s+/) ?? null };
  },
  plan(given, seen): readonly Change[] {
    const { path, state, force, regenerate, comment } = given;
    if (state === 'absent') return seen.own || seen.public ? [change('pair', path, ABSENT, [{ remove: path }, { remove: `${path}.pub` }], { risk: 'destroy' })] : [];
    const keep = attributeCommands([path], { ...given, mode: given.mode ?? '0600' }, '0600', false);
    const owned = attributeCommands([`${path}.pub`], { ...given, mode: '0644' }, '0644', false);
    const make = (before: Change['before'], repeats: boolean): readonly Change[] => [change('pair', before, given.type, [makePair(given), ...keep, ...owned], { ...(before !== ABSENT && { risk: 'destroy' }), ...(repeats && { repeats }) })];
    if (seen.stat === null) return make(ABSENT, force || regenerate === 'always');
    if (force || regenerate === 'always') return make('another', true);
    const wrong = complaint(given, seen);
    if (wrong === 'without its public key' && seen.key) {
      const line = `${seen.key.public}${comment === undefined ? '' : ` ${comment}`}\n`;
      return [change('public key', seen.public?.join(' ') ?? ABSENT, line.trim(), [{ write: { path: `${path}.pub`, content: line, mode: '0644' } }])];
    }
    if (wrong === 'unreadable' && (regenerate === 'partial_idempotence' || regenerate === 'fail')) throw new TaskFailure("Unable to read the key. The key is protected with a passphrase or broken. Will not proceed. To force regeneration, call the module with `generate` set to `full_idempotence` or `always`, or with `force=true`.");
    if (wrong !== undefined && regenerate === 'fail') throw new TaskFailure(`the key is ${wrong}, and 'regenerate: fail' does not allow to make another`);
    if (wrong !== undefined && regenerate !== 'never') return make(wrong, false);
    const attributes = attributeChanges(path, seen.stat, given, { context: seen.context });
    const now = seen.public?.slice(2).join(' ') ?? '';
    if (comment === undefined || now === comment || wrong !== undefined) return attributes;
    return [change('comment', now, comment, [{ write: { path: `${path}.pub`, content: `${seen.key?.public ?? ''} ${comment}\n` } }]), ...attributes];
  },
  result: ({ path, type }, { key, public: words }) => ({ filename: path, type: key?.type ?? type, size: key?.size ?? 0, fingerprint: key?.fingerprint ?? '', public_key: words?.slice(0, 2).join(' ') ?? '', comment: words?.slice(2).join(' ') ?? '' }),
});
