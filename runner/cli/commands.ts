import { Command } from 'commander';
import { packageVersion } from '../util/root.ts';
import { configCommand } from './commands/config.ts';
import { docCommand } from './commands/doc.ts';
import { execCommand } from './commands/exec.ts';
import { inventoryCommand } from './commands/inventory.ts';
import { labCommand } from './commands/lab.ts';
import { replayCommand } from './commands/replay.ts';
import { runCommand } from './commands/run.ts';
import { tryCommand } from './commands/try.ts';
import { vaultCommand } from './commands/vault.ts';
import type { ConfigSource } from './load/load-config.ts';
import { loadConfig } from './load/load-config.ts';
import type { Process } from './process.ts';

const EXAMPLES = `
Examples:
  rollcall run site.yml -i inventory/ --check --diff    what would change, without changing it
  rollcall run site.yml -i inventory/                   change it
  rollcall exec all -i n1,n2 -- uptime                  a command on some hosts
  rollcall try site.yml                                 check it and run it twice on throwaway hosts
  rollcall doc service                                  what a module does and takes
  rollcall lab up n1 n2                                 two throwaway hosts to try it on

Targets need /bin/sh and an account to log in with ssh; nothing is installed on them.
`;

/** Puts the commands together. Only their descriptions are loaded; what they do is loaded when they do it. */
export function buildProgram(process: Process): Command {
  const finish = (exitCode: number): void => process.finish(exitCode);
  const config: ConfigSource = (verbosity) => loadConfig(verbosity, (text) => process.complain(text));
  const program = new Command('rollcall')
    .description('Runs Ansible playbooks and typed tasks over SSH: needs only /bin/sh on the target, and has a check mode that can be trusted.')
    .version(`rollcall ${packageVersion()}`, '-V, --version')
    .addHelpText('after', EXAMPLES)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride();
  program.addCommand(runCommand(async (options) => finish(await (await import('./run/perform-run.ts')).performRun(options, process)), config));
  program.addCommand(tryCommand(async (options) => finish(await (await import('./run/perform-try.ts')).performTry(options, process)), config));
  program.addCommand(execCommand(async (options) => finish(await (await import('./run/perform-exec.ts')).performExec(options, process)), config));
  program.addCommand(inventoryCommand(process, config));
  program.addCommand(configCommand(config));
  program.addCommand(docCommand());
  program.addCommand(labCommand(async (words) => finish(await (await import('../../lab/cli.ts')).labCommand([...words]))));
  program.addCommand(replayCommand(finish, config));
  program.addCommand(vaultCommand(config));
  for (const command of program.commands) {
    if (command.name() !== 'lab') command.version(`rollcall ${packageVersion()}`, '--version').options.at(-1)?.hideHelp();
    command.exitOverride().showHelpAfterError(`(rollcall ${command.name()} --help lists all options)`).copyInheritedSettings(program);
    // The lab explains its own words.
    if (command.name() === 'lab') command.helpOption(false);
  }
  return program;
}
