import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { download, PLAIN_REQUEST } from '../network/common/download.ts';
import { holdsKey, parseGpgKeys } from '../parse/gpg-keys.ts';

const schema = params({
  id: Text.optional().describe('Id or fingerprint of the key; read from the key itself without it.'),
  url: Text.optional().describe('Where the key is fetched from.'),
  data: Text.optional().describe("The key's own text."),
  file: Text.optional().describe('Path of the key on the host.'),
  keyserver: Text.optional().describe('Server to ask for `id`.'),
  keyring: Text.optional().describe('Keyring that it goes into.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether apt trusts it.'),
  validate_certs: Flag.default(true).describe('Whether certificates must be right.'),
}).refine(({ id, url, data, file }) => [id, url, data, file].some((each) => each !== undefined), 'one of id, url, data and file must be given');
type Params = z.output<typeof schema>;

interface Seen {
  readonly ids: readonly string[];
  readonly held: boolean;
}

/** Prints the key. */
function source({ url, data, file, validate_certs }: Params): Command | undefined {
  if (data !== undefined) return sh`cat`.with({ stdin: data });
  if (file !== undefined) return sh`cat ${file}`;
  return url === undefined ? undefined : download(url, { ...PLAIN_REQUEST, validate_certs });
}

const stdinOf = ({ stdin }: Command): { timeout: number; stdin?: string | Buffer } => ({ timeout: 120, ...(stdin !== undefined && { stdin }) });

async function look(given: Params, host: Observer): Promise<Seen> {
  const { id, state, keyring } = given;
  const key = source(given);
  const own = id !== undefined || key === undefined ? undefined : await host.read(sh`{ ${key}; } | gpg --batch --with-colons --with-fingerprint --with-fingerprint 2>/dev/null`.with(stdinOf(key)), ({ code, stdout }) => {
    if (code === 127) throw new TaskFailure('the host has no gpg; install gnupg first');
    return parseGpgKeys(stdout);
  });
  if (own?.length === 0 && state === 'present') throw new TaskFailure(`no key could be read from ${given.url ?? given.file ?? 'data'}`);
  const ids = id === undefined ? (own ?? []).flatMap(([first]) => (first === undefined ? [] : [first])) : [id];
  const ring = keyring === undefined ? [] : ['--keyring', keyring];
  const keys = await host.read(sh`apt-key ${[...ring, 'adv']} --batch --with-colons --with-fingerprint --with-fingerprint --list-public-keys 2>/dev/null`, ({ code, stdout }) => {
    if (code === 127) throw new TaskFailure('this host has no apt-key any more: put the key into /etc/apt/keyrings with get_url, and name it in signed-by of the repository');
    return parseGpgKeys(stdout);
  });
  return { ids, held: state === 'present' ? ids.every((each) => holdsKey(keys, each)) : ids.some((each) => holdsKey(keys, each)) };
}

/** A key that apt trusts. */
export default defineTask<Params, Seen>({
  name: 'apt_key',
  summary: 'A key that apt trusts for all repositories, by apt-key.',
  description: `Debian gives apt-key up: where it is gone, the failure says what to do instead. \`signed_by\` of \`deb822_repository\` trusts a key for one repository only.`,
  examples: `
- apt_key: { url: https://packages.example.org/key.asc, id: 9DC858229FC7DD38854AE2D88D81803C0EBFCD88 }
`,
  params: schema,
  exclusive: 'dpkg',
  probe: look,
  plan(given, { ids, held }): readonly Change[] {
    const { keyring, keyserver, state } = given;
    if (held === (state === 'present')) return [];
    const ring = keyring === undefined ? [] : ['--keyring', keyring];
    const environment = sh`APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE=1`;
    if (state === 'absent') return [change('key', ids, ABSENT, ids.map((id) => sh`${environment} apt-key ${[...ring, 'del', id.replace(/^0x/i, '')]}`))];
    const key = source(given);
    if (keyserver !== undefined) return [change('key', ABSENT, ids, [sh`${environment} apt-key ${[...ring, 'adv', '--no-tty', '--keyserver', keyserver, '--recv', ...ids]}`.with({ timeout: 120 })])];
    if (key === undefined) throw new TaskFailure(`the key ${ids.join(', ')} is missing, and no url, data, file or keyserver says where to get it`);
    return [change('key', ABSENT, ids, [sh`{ ${key}; } | ${environment} apt-key ${[...ring, 'add', '-']}`.with(stdinOf(key))])];
  },
  result: (_, { ids }) => ({ id: ids[0] ?? null, fp: ids[0] ?? null }),
});
