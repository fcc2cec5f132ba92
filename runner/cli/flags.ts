import { InvalidArgumentError, Option, type Command } from 'commander';
import { didYouMean } from '../util/suggest.ts';
import { HOST_KEY_CHECKING, OUTPUT_NAMES, type OutputChoice } from './options.ts';

/** `-i` and what decides the hosts' variables: for every command that reads an inventory. */
export function inventoryFlags(command: Command): Command {
  return command
    .optionsGroup('Hosts and variables:')
    .option('-i, --inventory <source>', 'inventory file, folder, script, or comma-separated hosts; may be repeated', append)
    .addOption(new Option('--inventory-file <source>').argParser(append).hideHelp())
    .option('-l, --limit <pattern>', 'work on these hosts only; @FILE reads them from a file')
    .option('-e, --extra-vars <vars>', 'variables that win over all others: key=value, JSON or YAML, or @FILE; may be repeated', append)
    .option('--vault-id <id>', 'vault password as LABEL@SOURCE, where SOURCE is a file, a program or "prompt"; may be repeated', append)
    .option('--vault-password-file <file>', 'file or program with the vault password; may be repeated', append)
    .option('-J, --ask-vault-password', 'ask for the vault password')
    .addOption(new Option('--ask-vault-pass').hideHelp().implies({ askVaultPassword: true }))
    .addOption(new Option('--vault-pass-file <file>').argParser(append).hideHelp());
}

/** How to log in and whose rights to use. */
export function connectionFlags(command: Command): Command {
  return command
    .optionsGroup('Connection:')
    .option('-u, --user <name>', 'log in as this user')
    .addOption(new Option('-c, --connection <type>', 'how to reach the hosts').choices(['ssh', 'local', 'smart', 'paramiko']))
    .option('-T, --timeout <seconds>', 'time for each step of connecting', wholeNumber)
    .option('--private-key <file>', 'log in with this key')
    .addOption(new Option('--key-file <file>').hideHelp())
    .option('--ssh-common-args <args>', 'further ssh options, e.g. "-J jump.example.org"')
    .addOption(new Option('--ssh-extra-args <args>').hideHelp())
    .addOption(withoutEffect('--scp-extra-args', 'files travel through the open shell'))
    .addOption(withoutEffect('--sftp-extra-args', 'files travel through the open shell'))
    .option('--ssh-config <file>', 'read this ssh_config instead of ~/.ssh/config')
    .addOption(new Option('--host-key-checking <mode>', 'what to do about unknown host keys').choices(HOST_KEY_CHECKING))
    .option('-k, --ask-pass', 'ask for the password to log in with')
    .option('--connection-password-file <file>', 'file or program with that password')
    .addOption(new Option('--conn-pass-file <file>').hideHelp())
    .optionsGroup('Privileges:')
    .option('-b, --become', 'work as another user')
    .option('--become-method <method>', 'how: sudo or su')
    .option('--become-user <name>', 'which user (default: root)')
    .option('-K, --ask-become-pass', 'ask for the password for that')
    .option('--become-password-file <file>', 'file or program with that password')
    .addOption(new Option('--become-pass-file <file>').hideHelp());
}

/** Whether to change anything, and how fast. */
export function behaviourFlags(command: Command): Command {
  return command
    .optionsGroup('Behaviour:')
    .option('-C, --check', 'only find out what would be changed; nothing is written on any host')
    .option('-D, --diff', 'show the lines of files that change')
    .option('-f, --forks <number>', 'work on this many hosts at a time (default: 20)', wholeNumber)
    .option('--exit-on-change', 'with --check: exit with 3 when changes are pending')
    .option('-M, --module-path <folder>', 'folder with task modules of your own; may be repeated', append)
    .addOption(new Option('--task-path <folder>').argParser(append).hideHelp())
    .option('--no-journal', 'do not record the run in .rollcall/runs');
}

/** How to tell what happens. */
export function outputFlags(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .option('--output <form>', `${OUTPUT_NAMES.join(', ')}; FORM:FILE writes to a file; may be repeated`, appendOutput)
    .option('-v, --verbose', 'say more; up to -vvvv', (_value, count: number) => count + 1, 0)
    .option('--profile', 'say at the end where the time went: by play, task and host, with round trips, bytes and processes');
}

/** A flag of Ansible's that nothing here depends on: it is taken, and that is said. */
function withoutEffect(flag: string, why: string): Option {
  return new Option(`${flag} <args>`).hideHelp().argParser((value: string) => {
    process.stderr.write(`warning: ${flag} has no effect here: ${why}\n`);
    return value;
  });
}

/** Adds a value to a repeatable option. */
export function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Adds comma-separated values to a repeatable option. */
export function appendList(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').map((each) => each.trim()).filter((each) => each !== '')];
}

/** A count or a time. */
export function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return number;
}

/** A time that may be nothing. */
export function pollInterval(value: string): number {
  return value === '0' ? 0 : wholeNumber(value);
}

function appendOutput(value: string, before: readonly OutputChoice[] = []): readonly OutputChoice[] {
  const [form = '', ...file] = value.split(':');
  const name = OUTPUT_NAMES.find((each) => each === form);
  if (name === undefined) throw new InvalidArgumentError(`Allowed are ${OUTPUT_NAMES.join(', ')}.${withSpace(didYouMean(form, OUTPUT_NAMES))}`);
  return [...before, { name, ...(file.length > 0 && { file: file.join(':') }) }];
}

function withSpace(help: string | undefined): string {
  return help === undefined ? '' : ` (${help.replace('did', 'Did')})`;
}
