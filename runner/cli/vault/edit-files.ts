import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { splitWords } from '../../inventory/shell-words.ts';
import { encryptVault, isVault, openVault, vaultId } from '../../vault/vault.ts';
import { lendFile, readBytes, replaceFile } from './private-files.ts';
import type { VaultCall } from './vault-flags.ts';
import { encryptingSecret, openingSecrets, refuse } from './vault-passwords.ts';

/** Opens an editor for a file that does not exist yet, and encrypts what was written. */
export async function createFile(file: string, call: VaultCall): Promise<void> {
  if (existsSync(file)) throw refuse(`'${file}' exists already`, 'change it with: rollcall vault edit');
  const secret = await encryptingSecret(call);
  const { content } = lendFile(file, Buffer.alloc(0), edit);
  mkdirSync(dirname(file), { recursive: true });
  replaceFile(file, encryptVault(content, secret, secret.id), 'vault');
}

/** Opens vaults in an editor, one after the other, and encrypts what changed with the password and label they had. */
export async function editFiles(files: readonly string[], call: VaultCall): Promise<void> {
  const secrets = await openingSecrets(call);
  for (const file of files) {
    const text = (await readBytes(file)).toString('utf8');
    if (!isVault(text)) throw refuse(`'${file}' is not encrypted`);
    const before = openVault(text, secrets);
    const { content } = lendFile(file, before.content, edit);
    if (!content.equals(before.content)) replaceFile(file, encryptVault(content, before.secret, vaultId(text)), 'vault');
  }
}

function edit(path: string): void {
  const command = process.env['EDITOR'] ?? process.env['VISUAL'] ?? 'vi';
  const split = splitWords(command);
  const [program, ...words] = 'error' in split ? [command] : split.words.map((word) => word.text);
  if (program === undefined) throw refuse('EDITOR is empty');
  const { status, signal, error } = spawnSync(program, [...words, path], { stdio: 'inherit' });
  if (error) throw refuse(`the editor '${command}' cannot be started: ${error.message}`, 'set EDITOR');
  // An editor that was broken off has perhaps written half of what was meant.
  if (status !== 0) throw refuse(`the editor '${command}' ended with ${signal ?? `exit code ${status}`}: nothing was changed`);
}
