import { homedir } from 'node:os';
import type { Redactor } from '../../event/redact.ts';
import { InputError, problem } from '../../source/diagnostic.ts';
import { diskReader } from '../../source/disk.ts';
import { parseVaultId, readVaultSecrets, type AskPassword } from '../../vault/secrets.ts';
import type { VaultSecret } from '../../vault/vault.ts';
import { askSecret } from '../prompt.ts';

/** Reads or asks for the vault passwords that were announced, and has them masked everywhere. `matching`: each is for the vaults of its label alone. */
export async function readSecrets(ids: readonly string[], redactor: Redactor, matching = false, ask: AskPassword = askOnce): Promise<readonly VaultSecret[]> {
  const sources = ids.map(parseVaultId).map(({ id, from }) => ({ id, from: from.replace(/^~(?=\/)/, homedir()) }));
  const secrets = await readVaultSecrets(sources, { files: diskReader(), cwd: process.cwd(), ask });
  for (const secret of secrets) redactor.add(secret.password.toString());
  return matching ? secrets.map((each) => ({ ...each, strict: true })) : secrets;
}

const INSTEAD = 'use --vault-password-file';

function askOnce(prompt: string): Promise<string> {
  return askSecret(prompt, INSTEAD);
}

/** Asks for a password that does not exist yet: twice, since nothing can tell that it was mistyped. */
export async function askNewPassword(prompt: string): Promise<string> {
  const label = /\(.*\)/.exec(prompt)?.[0];
  const what = label === undefined ? 'Vault password: ' : `vault password ${label}: `;
  const typed = await askSecret(`New ${what}`, INSTEAD);
  if (typed !== (await askSecret(`Confirm ${label === undefined ? 'N' : 'n'}ew ${what}`, INSTEAD))) throw new InputError([problem('vault', 'the two passwords differ')]);
  return typed;
}
