import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { Redactor } from '../event/redact.ts';
import { InputError, problem } from '../source/diagnostic.ts';
import { decryptVault, encryptVault, isVault, type VaultSecret } from '../vault/vault.ts';
import type { VaultFlags } from './commands/vault.ts';
import { readSecrets } from './vault-secrets.ts';

/** Encrypts files in place. @throws InputError when one is encrypted already; none is touched then. */
export async function encryptFiles(files: readonly string[], flags: VaultFlags): Promise<void> {
  const contents = files.map((file) => ({ file, bytes: read(file) }));
  for (const { file, bytes } of contents) if (isVault(bytes.toString('latin1'))) throw refuse(`'${file}' is encrypted already`);
  const secret = chosen(await secretsOf(flags), flags);
  for (const { file, bytes } of contents) replace(file, encryptVault(bytes, secret, secret.id));
}

/** Decrypts files in place, or to another file or standard output. */
export async function decryptFiles(files: readonly string[], flags: VaultFlags): Promise<void> {
  if (flags.output !== undefined && flags.output !== '-' && files.length > 1) throw refuse('--output takes one file only');
  const contents = files.map((file) => ({ file, text: read(file).toString('utf8') }));
  for (const { file, text } of contents) if (!isVault(text)) throw refuse(`'${file}' is not encrypted`);
  const secrets = await secretsOf(flags);
  // All are opened before the first is written: a wrong password leaves everything as it was.
  const opened = contents.map(({ file, text }) => ({ file, bytes: decryptVault(text, secrets) }));
  for (const { file, bytes } of opened) {
    if (flags.output === '-') process.stdout.write(bytes);
    else if (flags.output === undefined) replace(file, bytes);
    else writeFileSync(flags.output, bytes, { mode: 0o600 });
  }
}

/** Prints standard input as a `!vault` value, indented for a YAML file. */
export async function encryptString(name: string | undefined, flags: VaultFlags): Promise<void> {
  if (process.stdin.isTTY) throw new InputError([problem('no-input', 'the value to encrypt is read from standard input', undefined, "printf %s 'the value' | rollcall vault encrypt-string NAME")]);
  const value = await readAll(process.stdin);
  const secret = chosen(await secretsOf(flags), flags);
  const body = encryptVault(Buffer.from(value), secret, secret.id).trimEnd().split('\n').map((line) => `  ${line}\n`).join('');
  process.stdout.write(`${name === undefined ? '' : `${name}: `}!vault |\n${body}`);
}

function secretsOf(flags: VaultFlags): Promise<readonly VaultSecret[]> {
  const ids = [...(flags.vaultId ?? []), ...(flags.vaultPasswordFile ?? []).map((file) => `default@${file}`)];
  return readSecrets(ids.length > 0 ? ids : ['default@prompt'], new Redactor());
}

function chosen(secrets: readonly VaultSecret[], flags: VaultFlags): VaultSecret {
  const secret = flags.encryptVaultId === undefined ? secrets[0] : secrets.find((each) => each.id === flags.encryptVaultId);
  if (secret === undefined) throw refuse(`no vault password is labelled '${flags.encryptVaultId ?? ''}'`);
  return secret;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw refuse(`'${file}' cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Writes beside the file and renames, so that a crash leaves the old file or the new one, never half of a secret. */
function replace(file: string, content: string | Buffer): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
  chmodSync(temporary, statSync(file).mode & 0o7777);
  renameSync(temporary, file);
}

function refuse(message: string): InputError {
  return new InputError([problem('vault', message)]);
}
