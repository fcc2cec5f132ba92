import { Command } from 'commander';

/** `rollcall lab …`: throwaway hosts; the lab reads its own arguments. */
export function labCommand(perform: (words: readonly string[]) => Promise<void>): Command {
  return new Command('lab')
    .description('throwaway hosts on this machine to try playbooks on: up, down, list, exec …')
    .argument('[words...]')
    .usage('<command> [options]')
    .helpOption(false)
    .allowUnknownOption()
    // Flags after the first word belong to the lab's own commands.
    .passThroughOptions()
    .action((_words: string[], _flags: object, command: Command) => perform(command.args));
}
