import type { Config } from '../../config/config.ts';
import { Redactor } from '../../event/redact.ts';
import { InputError, problem } from '../../source/diagnostic.ts';
import type { VaultSecret } from '../../vault/vault.ts';
import { applyConfig } from '../load/apply-config.ts';
import { vaultIds } from '../read-options.ts';
import { askNewPassword, readSecrets } from '../load/vault-secrets.ts';
import type { VaultCall, VaultFlags } from './vault-flags.ts';

/** The passwords that may open a vault; asked for when none was named. */
export function openingSecrets({ flags, config }: VaultCall): Promise<readonly VaultSecret[]> {
  return readSecrets(named(idsOf(flags, config)), new Redactor(), config.values.vault_id_match);
}

/** The password to encrypt with: the only one, or the one with the label that was asked for. @throws InputError */
export async function encryptingSecret({ flags, config }: VaultCall): Promise<VaultSecret> {
  const secrets = await readSecrets(named(idsOf(flags, config)), new Redactor(), false, askNewPassword);
  return chosen(secrets, flags.encryptVaultId ?? config.values.vault_encrypt_identity);
}

/** The password that replaces the old one. @throws InputError */
export async function replacingSecret({ flags, config }: VaultCall): Promise<VaultSecret> {
  const label = flags.encryptVaultId ?? config.values.vault_encrypt_identity;
  const ids = [
    ...(label === undefined ? [] : (config.values.vault_identity_list ?? [])),
    ...(flags.newVaultId === undefined ? [] : [flags.newVaultId]),
    ...(flags.newVaultPasswordFile === undefined ? [] : [`default@${flags.newVaultPasswordFile}`]),
  ];
  return chosen(await readSecrets(named(ids), new Redactor(), false, askNewPassword), label);
}

function idsOf(flags: VaultFlags, config: Config): readonly string[] {
  // Where the result goes has nothing to do with the reports of a run, which are named by the same word.
  const { output: _output, ...passwords } = flags;
  return vaultIds(applyConfig(passwords, config));
}

function named(ids: readonly string[]): readonly string[] {
  const wrong = ids.find((id) => id.includes(';'));
  if (wrong !== undefined) throw refuse(`'${wrong}' is no vault id: it may not hold a ';'`);
  return ids.length > 0 ? ids : ['default@prompt'];
}

function chosen(secrets: readonly VaultSecret[], label: string | undefined): VaultSecret {
  const labels = secrets.map(({ id }) => id).join(', ');
  if (label === undefined && secrets.length > 1) throw refuse(`there are several passwords to encrypt with: ${labels}`, 'choose one with --encrypt-vault-id LABEL');
  const secret = label === undefined ? secrets[0] : secrets.find(({ id }) => id === label);
  if (secret === undefined) throw refuse(`no vault password is labelled '${label ?? ''}'`, `there are: ${labels}`);
  return secret;
}

/** A refusal in words for a person. */
export function refuse(message: string, help?: string): InputError {
  return new InputError([problem('vault', message, undefined, help)]);
}
