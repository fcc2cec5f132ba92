import { encryptVault, isVault, openVault } from '../../vault/vault.ts';
import { readBytes, replaceFile, writeResult } from './private-files.ts';
import type { VaultCall } from './vault-flags.ts';
import { encryptingSecret, openingSecrets, refuse, replacingSecret } from './vault-passwords.ts';

/** Encrypts files in place, or to `--output`; without files standard input to standard output. None is touched when one cannot be. */
export async function encryptFiles(files: readonly string[], call: VaultCall): Promise<void> {
  const contents = await readAll(files, call);
  for (const { file, bytes } of contents) if (isVault(bytes.toString('latin1'))) throw refuse(`'${file}' is encrypted already`);
  const secret = await encryptingSecret(call);
  for (const { file, bytes } of contents) writeResult(file, call.flags.output, encryptVault(bytes, secret, secret.id), 'vault');
  say('Encryption successful');
}

/** Decrypts files in place, or to `--output`. None is touched when one cannot be opened. */
export async function decryptFiles(files: readonly string[], call: VaultCall): Promise<void> {
  for (const { file, content } of await openAll(files, call)) writeResult(file, call.flags.output, content, 'plain');
  say('Decryption successful');
}

/** Prints the content of vaults. */
export async function viewFiles(files: readonly string[], call: VaultCall): Promise<void> {
  for (const { content } of await openAll(files, call)) process.stdout.write(content);
}

/** Encrypts vaults anew with another password; none is touched when one cannot be opened. */
export async function rekeyFiles(files: readonly string[], call: VaultCall): Promise<void> {
  const opened = await openAll(files, call);
  const secret = await replacingSecret(call);
  for (const { file, content } of opened) replaceFile(file, encryptVault(content, secret, secret.id), 'vault');
  process.stderr.write('Rekey successful\n');
}

async function openAll(files: readonly string[], call: VaultCall): Promise<{ file: string; content: Buffer }[]> {
  const contents = (await readAll(files, call)).map(({ file, bytes }) => ({ file, text: bytes.toString('utf8') }));
  for (const { file, text } of contents) if (!isVault(text)) throw refuse(`'${file}' is not encrypted`);
  const secrets = await openingSecrets(call);
  return contents.map(({ file, text }) => {
    try {
      return { file, content: openVault(text, secrets).content };
    } catch (error) {
      throw refuse(`'${file}' cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}

async function readAll(files: readonly string[], { flags }: VaultCall): Promise<{ file: string; bytes: Buffer }[]> {
  if (flags.output !== undefined && files.length > 1) throw refuse('--output takes one file only');
  const contents: { file: string; bytes: Buffer }[] = [];
  for (const file of files.length === 0 ? ['-'] : files) contents.push({ file, bytes: await readBytes(file) });
  return contents;
}

/** Said to a person only: a pipe takes the result. */
function say(text: string): void {
  if (process.stdout.isTTY) process.stderr.write(`${text}\n`);
}
