import { posix } from 'node:path';
import { z } from 'zod';
import { ABSENT, change, type Change } from '../../runner/task/change.ts';
import { sh } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Observer } from '../../runner/task/host.ts';
import { Flag, Text, Texts, Whole, Word, params } from '../../runner/task/params.ts';
import { Mode } from '../files/common/attributes.ts';
import { contentChanges } from '../files/common/content.ts';
import { lookAtText, type TextFile } from '../files/common/text-file.ts';
import { download, PLAIN_REQUEST } from '../network/common/download.ts';
import { own } from '../../runner/util/own.ts';

const flag = (what: string): z.ZodOptional<typeof Flag> => Flag.optional().describe(what);
/** Fields of the file in the order in which they are written, with the module's parameter for each. */
const settings = {
  types: Texts.default(['deb']).describe('deb, deb-src, or both.'),
  uris: Texts.optional().describe('Addresses of the repository.'),
  suites: Texts.optional().describe('Suites, e.g. bookworm; a path that ends in a slash stands for itself.'),
  components: Texts.optional().describe('Components, e.g. main.'),
  architectures: Texts.optional().describe('Architectures; all of the host without it.'),
  languages: Texts.optional().describe('Languages of the descriptions.'),
  targets: Texts.optional().describe('Index targets.'),
  enabled: flag('Whether apt uses it.'),
  trusted: flag('Take it without signature.'),
  allow_insecure: flag('Use it although it is not signed.'),
  allow_weak: flag('Use it although its signature is weak.'),
  allow_downgrade_to_insecure: flag('Use it although it was signed once.'),
  by_hash: Text.optional().describe('yes, no or force: whether files are fetched by digest.'),
  check_date: flag('Whether its date must be right.'),
  check_valid_until: flag('Whether it may be out of date.'),
  date_max_future: Whole.optional().describe('Seconds its date may lie ahead.'),
  inrelease_path: Text.optional().describe('Path of InRelease in it.'),
  pdiffs: flag('Whether patches of lists are fetched.'),
};

const schema = params({
  name: Word.describe('Name of the file, and of the repository for people.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be there.'),
  mode: Mode.default('0644').describe('Permissions of the files.'),
  signed_by: Text.optional().describe("URL of the key, path of a keyring on the host, fingerprint, or the key's own text."),
  ...settings,
});
type Params = z.output<typeof schema>;

const LABELS: Readonly<Record<string, string>> = { uris: 'URIs', pdiffs: 'PDiffs', inrelease_path: 'InRelease-Path' };

interface Seen {
  readonly file: TextFile;
  /** Where a key that is fetched shall lie, and what it is. */
  readonly key?: { readonly file: TextFile; readonly fetched: Buffer };
}

const fileName = (name: string): string => name.trim().toLowerCase().replace(/[_\s]+/g, '-').replace(/[^a-z0-9.+-]/g, '').replace(/-+/g, '-');

async function look(given: Params, host: Observer): Promise<Seen> {
  const name = fileName(given.name);
  const file = await lookAtText(`/etc/apt/sources.list.d/${name}.sources`, host, {});
  const { signed_by: signer } = given;
  if (signer === undefined || !/^[a-z]+:\/\//.test(signer) || given.state === 'absent') return { file };
  // Binary keys do not survive a text output: base64 does.
  const fetched = await host.read(sh`set -o pipefail 2>/dev/null; ${download(signer, PLAIN_REQUEST)} | base64`.with({ timeout: 60 }), ({ code, stdout }) => (code === 0 && stdout !== '' ? Buffer.from(stdout, 'base64') : undefined));
  if (fetched === undefined) throw new TaskFailure(`the key could not be fetched from ${signer}`);
  const suffix = fetched.includes('-----BEGIN PGP') ? 'asc' : 'gpg';
  return { file, key: { file: await lookAtText(`/etc/apt/keyrings/${name}.${suffix}`, host, {}), fetched } };
}

function stanza(given: Params, keyPath: string | undefined): string {
  const lines = Object.keys(settings).map((key): [string, string] | undefined => {
    const value = given[key as keyof Params];
    if (value === undefined) return undefined;
    const label = own(LABELS, key) ?? key.split('_').map((word) => word[0]?.toUpperCase() + word.slice(1)).join('-');
    return [label, Array.isArray(value) ? value.join(' ') : typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value as string | number)];
  });
  const signer = keyPath ?? given.signed_by;
  const inline = signer?.includes('\n') ? `\n${signer.trimEnd().split('\n').map((line) => ` ${line.trim() === '' ? '.' : line}`).join('\n')}` : signer === undefined ? undefined : ` ${signer}`;
  const fields = lines.filter((line) => line !== undefined).map(([label, value]) => `${label}: ${value}\n`);
  return [...fields, `X-Repolib-Name: ${given.name}\n`, ...(inline === undefined ? [] : [`Signed-By:${inline}\n`])].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)).join('');
}

/** A repository of apt in the newer form. */
export default defineTask<Params, Seen>({
  name: 'deb822_repository',
  summary: 'A .sources file of apt, with the key that signs it.',
  description: 'Lists are not fetched: run `apt` with update_cache afterwards, as with Ansible.',
  examples: `
- deb822_repository:
    name: example
    uris: https://packages.example.org/debian
    suites: bookworm
    components: main
    signed_by: https://packages.example.org/key.asc
`,
  params: schema,
  probe: look,
  plan(given, { file, key }): readonly Change[] {
    if (given.state === 'absent') return file.content === null ? [] : [change('repository', given.name, ABSENT, [{ remove: file.path }])];
    const keyChanges = key === undefined ? [] : contentChanges(key.file, key.file.content, { content: key.fetched, mode: given.mode }, { aspect: 'key', before: key.file.content === null ? ABSENT : 'another', after: key.file.path });
    const [first, ...rest] = keyChanges;
    const folder = key !== undefined && !key.file.hasParent ? [{ run: sh`mkdir -p ${posix.dirname(key.file.path)}` }] : [];
    const withFolder = first === undefined ? [] : [{ ...first, steps: [...folder, ...first.steps] }, ...rest];
    return [...withFolder, ...contentChanges(file, file.content, { content: Buffer.from(stanza(given, key?.file.path)), mode: given.mode })];
  },
  result: (given, { file, key }) => ({ repo: stanza(given, key?.file.path), dest: file.path, key_filename: key?.file.path ?? null }),
});
