import { encryptVault, type VaultSecret } from '../../vault/vault.ts';
import { askPerson } from '../prompt.ts';
import { readBytes, writeResult } from './private-files.ts';
import type { StringFlags, VaultCall } from './vault-flags.ts';
import { encryptingSecret, refuse } from './vault-passwords.ts';

/** A value to encrypt, the variable it is for, and where it came from. */
interface Plain {
  readonly name?: string;
  readonly bytes: Buffer;
  readonly from: string;
}

/** Encrypts values as `!vault` blocks for a YAML file: words of the command line, standard input (`-`, or nothing), or what is typed. */
export async function encryptStrings(words: readonly string[], call: VaultCall<StringFlags>): Promise<void> {
  const { flags } = call;
  const values = words.filter((word) => word !== '-');
  const fromStdin = values.length < words.length || (words.length === 0 && flags.prompt !== true) || flags.stdinName !== undefined;
  if (fromStdin && flags.prompt === true) throw refuse('--prompt and standard input cannot both be read');
  const plains: Plain[] = [];
  if (flags.prompt === true) plains.push(await typed(flags.showInput === true));
  // The passwords come first: they may have to be typed too.
  const secret = await encryptingSecret(call);
  if (fromStdin) {
    if (process.stdin.isTTY) process.stderr.write('Type the value; Ctrl-D ends it.\n');
    plains.push({ bytes: await readBytes('-'), from: 'stdin', ...(flags.stdinName !== undefined && { name: flags.stdinName }) });
  }
  for (const [index, value] of values.entries()) {
    const name = flags.name?.[index];
    plains.push({ bytes: Buffer.from(value), from: 'the command line', ...(name !== undefined && { name }) });
  }
  const empty = plains.find(({ bytes }) => bytes.length === 0);
  if (empty) throw refuse(`the value from ${empty.from} is empty`);
  if (plains.length > 1) for (const [index, { name, from }] of plains.entries()) process.stderr.write(`# ${index + 1}: ${name ?? 'without a name'}, from ${from}\n`);
  writeResult('-', flags.output, plains.map((plain) => block(plain, secret)).join(''), 'vault');
  if (process.stdout.isTTY) process.stderr.write('Encryption successful\n');
}

async function typed(shown: boolean): Promise<Plain> {
  const name = await askPerson('Variable name (enter for no name): ', true);
  const value = await askPerson(shown ? 'String to encrypt: ' : 'String to encrypt (hidden): ', shown);
  if (name === undefined || value === undefined) throw refuse('the value must be asked for, and there is no terminal', 'give it on standard input');
  return { bytes: Buffer.from(value), from: 'the prompt', ...(name !== '' && { name }) };
}

/** Indented as ansible-vault does, so that it fits below any key that is not nested deeper. */
function block({ name, bytes }: Plain, secret: VaultSecret): string {
  const lines = encryptVault(bytes, secret, secret.id).trimEnd().split('\n');
  return `${name === undefined ? '' : `${name}: `}!vault |\n${lines.map((line) => `          ${line}\n`).join('')}`;
}
