import { decryptVault, isVault, VaultError, type VaultSecret } from './vault.ts';

/** Decrypts texts with the passwords of a run; equal texts are decrypted once. */
export interface Keyring {
  readonly secrets: readonly VaultSecret[];
  /** The content of a vault as text. @throws VaultError */
  decrypt(text: string): string;
}

/** A keyring over passwords. */
export function keyring(secrets: readonly VaultSecret[]): Keyring {
  const known = new Map<string, string>();
  return {
    secrets,
    decrypt(text) {
      let content = known.get(text);
      if (content === undefined) {
        if (!isVault(text.trimStart())) throw new VaultError('not-a-vault', 'it does not begin with $ANSIBLE_VAULT');
        content = utf8(decryptVault(text.trimStart(), secrets));
        known.set(text, content);
      }
      return content;
    },
  };
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new VaultError('damaged', 'what it decrypts to is no UTF-8 text');
  }
}
