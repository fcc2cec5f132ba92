import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { Flag, Texts, Word, params } from '../../runner/task/params.ts';
import { download, PLAIN_REQUEST } from '../network/common/download.ts';
import { holdsKey, parseGpgKeys } from '../parse/gpg-keys.ts';

const schema = params({
  key: Word.describe('URL or path of the key on the host; to remove one, its id will do.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether rpm trusts it.'),
  fingerprint: Texts.optional().describe('Fingerprints of which the key must have one.'),
  validate_certs: Flag.default(true).describe('Whether certificates must be right.'),
});
type Params = z.output<typeof schema>;

interface Seen {
  /** Last eight digits, as rpm names keys. */
  readonly id: string;
  /** rpm's packages of that key. */
  readonly packages: readonly string[];
}

const isId = (key: string): boolean => /^(0x)?[0-9a-f]{8,40}$/i.test(key);

function source({ key, validate_certs }: Params): Command {
  return /^[a-z]+:\/\//.test(key) ? download(key, { ...PLAIN_REQUEST, validate_certs }) : sh`cat ${key}`;
}

async function look(given: Params, host: Observer): Promise<Seen> {
  const keys = isId(given.key) ? [[given.key.replace(/^0x/i, '').toUpperCase()]] : await host.read(sh`{ ${source(given)}; } | gpg --no-tty --batch --with-colons --fixed-list-mode --with-fingerprint - 2>/dev/null`.with({ timeout: 120 }), ({ code, stdout }) => {
    if (code === 127) throw new TaskFailure('the host has no gpg; install gnupg2 first');
    return parseGpgKeys(stdout);
  });
  const [first] = keys[0] ?? [];
  if (first === undefined) throw new TaskFailure(`no key could be read from ${given.key}`);
  if (given.fingerprint && !given.fingerprint.some((each) => holdsKey(keys, each))) throw new TaskFailure(`the key of ${given.key} has the fingerprint ${first}, and not ${given.fingerprint.join(' or ')}`);
  const id = first.slice(-8).toLowerCase();
  const packages = await host.read(sh`rpm -q gpg-pubkey`, ({ stdout }) => stdout.split('\n').filter((line) => line.startsWith(`gpg-pubkey-${id}-`)));
  return { id, packages };
}

/** A key that rpm trusts. */
export default defineTask<Params, Seen>({
  name: 'rpm_key',
  summary: 'A key that rpm trusts for packages.',
  examples: `
- rpm_key: { key: https://packages.example.org/RPM-GPG-KEY }
`,
  params: schema,
  exclusive: 'rpm-db',
  probe: look,
  plan(given, { id, packages }): readonly Change[] {
    if (given.state === 'absent') return packages.length === 0 ? [] : [change('key', packages, ABSENT, [sh`rpm --erase --allmatches ${packages}`])];
    if (packages.length > 0) return [];
    if (isId(given.key)) throw new TaskFailure(`the key ${given.key} is missing, and an id does not say where to get it: give a URL or a path`);
    const path = given.key.startsWith('/') ? given.key : undefined;
    const steps = path === undefined ? sh`t=$(mktemp) && { ${source(given)}; } >"$t" && rpm --import "$t"; rc=$?; rm -f "$t"; exit $rc`.with({ timeout: 120 }) : sh`rpm --import ${path}`;
    return [change('key', ABSENT, id, [steps])];
  },
});
