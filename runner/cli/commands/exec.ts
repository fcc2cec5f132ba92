import { Command } from 'commander';
import { NO_CONFIG } from '../../config/config.ts';
import { behaviourFlags, connectionFlags, inventoryFlags, outputFlags, pollInterval, wholeNumber } from '../flags.ts';
import type { ConfigSource } from '../load/load-config.ts';
import type { ExecOptions } from '../options.ts';
import { execOptions } from '../read-options.ts';
import type { Flags } from '../given-flags.ts';

const EXAMPLES = `
Examples:
  rollcall exec web -i inventory/ -- uptime                       a shell command on all hosts of a group
  rollcall exec all -i n1,n2 -b -m service -a 'name=cman state=started'
  rollcall exec n1 -i hosts -m copy -a 'src=motd dest=/etc/motd' --check --diff
`;

/** `rollcall exec PATTERN`: one module, or a shell command, on some hosts. */
export function execCommand(perform: (options: ExecOptions) => Promise<void>, config: ConfigSource = () => NO_CONFIG): Command {
  const command = new Command('exec').description('run one module or shell command on hosts').usage('[options] <pattern> [-- command...]').argument('<pattern>', 'hosts, as in a play').argument('[command...]', 'a shell command, after --');
  for (const add of [inventoryFlags, connectionFlags, behaviourFlags, outputFlags]) add(command);
  return command
    .optionsGroup('What to run:')
    .option('-m, --module-name <name>', 'module (default: command, or shell for words after --)')
    .option('-a, --args <text>', 'its parameters: key=value words, or the free text of command and shell')
    .option('-o, --one-line', 'a line for each host')
    .option('-t, --tree <folder>', 'write the result of each host to a file of its name there, as JSON')
    .option('--list-hosts', 'list the hosts, run nothing')
    .option('--task-timeout <seconds>', 'time it may take', wholeNumber)
    .option('-B, --background <seconds>', 'let it run in the background, for so long at most', wholeNumber)
    .option('-P, --poll <seconds>', 'with -B: time between looks at it; 0 does not wait', pollInterval)
    .option('--playbook-dir <folder>', 'the folder that stands for that of a playbook: group_vars, files, roles')
    .addHelpText('after', EXAMPLES)
    .action((pattern: string, words: string[], flags: Flags) => perform(execOptions(pattern, words, flags, config(flags.verbose ?? 0))));
}
