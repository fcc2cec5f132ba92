import { Command, Option } from 'commander';
import { append } from '../flags.ts';
import type { ConfigSource } from '../load-config.ts';

/** Where the passwords of `rollcall vault` come from. */
export interface VaultFlags {
  readonly vaultId?: readonly string[];
  readonly vaultPasswordFile?: readonly string[];
  readonly output?: string;
  readonly encryptVaultId?: string;
  readonly name?: string;
}

/** `rollcall vault …`: encrypts and decrypts files as ansible-vault does. */
export function vaultCommand(_config: ConfigSource): Command {
  const vault = new Command('vault').description('encrypt and decrypt files, compatible with ansible-vault');
  const add = (name: string, description: string, argument: string): Command =>
    vault.command(name).description(description).argument(argument)
      .option('--vault-id <id>', 'password as LABEL@SOURCE; may be repeated (default: ask)', append)
      .option('--vault-password-file <file>', 'file or program with the password; may be repeated', append);

  encrypting(add('encrypt', 'encrypt files in place', '<file...>')).action(async (files: string[], flags: VaultFlags) => (await import('../vault-files.ts')).encryptFiles(files, flags));
  add('decrypt', 'decrypt files in place', '<file...>').option('--output <file>', 'write there instead; - is standard output')
    .action(async (files: string[], flags: VaultFlags) => (await import('../vault-files.ts')).decryptFiles(files, flags));
  add('view', 'print decrypted files', '<file...>').action(async (files: string[], flags: VaultFlags) => (await import('../vault-files.ts')).decryptFiles(files, { ...flags, output: '-' }));
  encrypting(add('encrypt-string', 'encrypt standard input as a !vault value for a YAML file', '[name]'))
    .action(async (name: string | undefined, flags: VaultFlags) => (await import('../vault-files.ts')).encryptString(name, flags));
  return vault;
}

function encrypting(command: Command): Command {
  return command.addOption(new Option('--encrypt-vault-id <label>', 'which of several passwords to encrypt with'));
}
