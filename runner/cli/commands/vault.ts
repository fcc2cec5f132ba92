import { Command, Option } from 'commander';
import { append } from '../flags.ts';
import type { ConfigSource } from '../load/load-config.ts';
import type { StringFlags, VaultFlags } from '../vault/vault-flags.ts';

const EXAMPLES = `
Examples:
  rollcall vault encrypt group_vars/prod/secrets.yml
  rollcall vault edit group_vars/prod/secrets.yml --vault-id prod@~/.prod-password
  printf %s "$SECRET" | rollcall vault encrypt_string --stdin-name db_password >> vars.yml
  rollcall vault rekey secrets.yml --vault-password-file old --new-vault-password-file new
`;

/** `rollcall vault …`: encrypts and decrypts files as ansible-vault does, and with its words. */
export function vaultCommand(config: ConfigSource): Command {
  const vault = new Command('vault').description('encrypt and decrypt files, interchangeable with ansible-vault').addHelpText('after', EXAMPLES);
  const add = (name: string, description: string, argument: string): Command =>
    vault.command(name).description(description).argument(argument)
      .option('--vault-id <id>', 'password as LABEL@SOURCE; may be repeated (default: ask)', append)
      .option('--vault-password-file <file>', 'file or program with the password; may be repeated', append)
      .addOption(new Option('--vault-pass-file <file>').argParser(append).hideHelp())
      .option('-J, --ask-vault-password', 'ask for the password')
      .addOption(new Option('--ask-vault-pass').hideHelp().implies({ askVaultPassword: true }))
      .addOption(new Option('-v, --verbose').hideHelp());
  const call = <F extends VaultFlags>(flags: F): { flags: F; config: ReturnType<ConfigSource> } => ({ flags, config: config(0) });

  encrypting(add('create', 'write a new file in an editor ($EDITOR) and encrypt it', '<file>'))
    .action(async (file: string, flags: VaultFlags) => (await import('../vault/edit-files.ts')).createFile(file, call(flags)));
  // The password that opened a file closes it again: the label is taken, as ansible-vault takes it.
  add('edit', 'change encrypted files in an editor ($EDITOR)', '<file...>').addOption(new Option('--encrypt-vault-id <label>').hideHelp())
    .action(async (files: string[], flags: VaultFlags) => (await import('../vault/edit-files.ts')).editFiles(files, call(flags)));
  add('view', 'print decrypted files', '<file...>')
    .action(async (files: string[], flags: VaultFlags) => (await import('../vault/crypt-files.ts')).viewFiles(files, call(flags)));
  output(encrypting(add('encrypt', 'encrypt files in place; without files, standard input', '[file...]')))
    .action(async (files: string[], flags: VaultFlags) => (await import('../vault/crypt-files.ts')).encryptFiles(files, call(flags)));
  output(add('decrypt', 'decrypt files in place; without files, standard input', '[file...]'))
    .action(async (files: string[], flags: VaultFlags) => (await import('../vault/crypt-files.ts')).decryptFiles(files, call(flags)));
  output(encrypting(add('encrypt_string', 'encrypt values as !vault blocks for a YAML file; without values, standard input', '[value...]')))
    .alias('encrypt-string')
    .option('-n, --name <variable>', 'name of the variable; once for each value', append)
    .option('--stdin-name <variable>', 'name of the variable whose value is read from standard input')
    .option('-p, --prompt', 'ask for name and value')
    .option('--show-input', 'show the value as it is typed')
    .action(async (words: string[], flags: StringFlags) => (await import('../vault/encrypt-string.ts')).encryptStrings(words, call(flags)));
  encrypting(add('rekey', 'encrypt files anew with another password', '<file...>'))
    .option('--new-vault-id <id>', 'the new password as LABEL@SOURCE')
    .option('--new-vault-password-file <file>', 'file or program with the new password')
    .action(async (files: string[], flags: VaultFlags) => (await import('../vault/crypt-files.ts')).rekeyFiles(files, call(flags)));
  return vault;
}

function encrypting(command: Command): Command {
  return command.addOption(new Option('--encrypt-vault-id <label>', 'which of several passwords to encrypt with'));
}

function output(command: Command): Command {
  return command.option('--output <file>', 'write there instead; - is standard output');
}
