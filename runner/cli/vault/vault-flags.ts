import type { Config } from '../../config/config.ts';

/** Where the passwords of `rollcall vault` come from, and where its output goes. */
export interface VaultFlags {
  readonly vaultId?: readonly string[];
  readonly vaultPasswordFile?: readonly string[];
  readonly vaultPassFile?: readonly string[];
  readonly askVaultPassword?: boolean;
  readonly output?: string;
  readonly encryptVaultId?: string;
  readonly newVaultId?: string;
  readonly newVaultPasswordFile?: string;
}

/** What `rollcall vault encrypt_string` takes beside that. */
export interface StringFlags extends VaultFlags {
  readonly name?: readonly string[];
  readonly stdinName?: string;
  readonly prompt?: boolean;
  readonly showInput?: boolean;
}

/** One invocation: its flags and the configuration. */
export interface VaultCall<F extends VaultFlags = VaultFlags> {
  readonly flags: F;
  readonly config: Config;
}
