import type { Redactor } from '../event/redact.ts';
import { diskReader } from '../source/disk.ts';
import { parseVaultId, readVaultSecrets } from '../vault/secrets.ts';
import type { VaultSecret } from '../vault/vault.ts';
import { askSecret } from './prompt.ts';

/** Reads or asks for the vault passwords that were announced, and has them masked everywhere. */
export async function readSecrets(ids: readonly string[], redactor: Redactor): Promise<readonly VaultSecret[]> {
  const secrets = await readVaultSecrets(ids.map(parseVaultId), { files: diskReader(), cwd: process.cwd(), ask: (prompt) => askSecret(prompt, 'use --vault-password-file') });
  for (const secret of secrets) redactor.add(secret.password.toString());
  return secrets;
}
