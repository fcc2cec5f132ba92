import { Command } from 'commander';
import { NO_CONFIG } from '../../config/config.ts';
import { append, appendList, behaviourFlags, connectionFlags, inventoryFlags, outputFlags, wholeNumber } from '../flags.ts';
import type { ConfigSource } from '../load/load-config.ts';
import type { RunOptions } from '../options.ts';
import { runOptions } from '../read-options.ts';
import type { Flags } from '../given-flags.ts';

const EXAMPLES = `
Examples:
  rollcall run site.yml -i inventory/                   run a playbook
  rollcall run site.yml -i inventory/ --check --diff    only find out what it would change
  rollcall run site.yml -i hosts -l 'web:!web3' -t tls  some hosts, some tasks
  rollcall run site.yml -i hosts --from-phase "Start the daemons"
  rollcall run site.yml -i n1,n2 -u admin -bK -e release=42

Exit codes: 0 nothing failed, 2 a host failed, 4 a host was unreachable, 5 the input is wrong,
3 changes are pending (--check --exit-on-change), 130 interrupted, 1 a bug.
`;

/** `rollcall run PLAYBOOK…`: flags are those of ansible-playbook where it has them. */
export function runCommand(perform: (options: RunOptions) => Promise<void>, config: ConfigSource = () => NO_CONFIG): Command {
  const command = new Command('run').description('run playbooks').argument('<playbook...>', 'playbook files').usage('[options] <playbook...>');
  for (const add of [inventoryFlags, connectionFlags, behaviourFlags, outputFlags, selectionFlags]) add(command);
  return command.addHelpText('after', EXAMPLES).action((playbooks: string[], flags: Flags) => perform(runOptions(playbooks, flags, config(flags.verbose ?? 0))));
}

function selectionFlags(command: Command): Command {
  return command
    .optionsGroup('What to run:')
    .option('-t, --tags <tags>', 'only tasks with one of these tags, comma-separated', appendList)
    .option('--skip-tags <tags>', 'no tasks with one of these tags', appendList)
    .option('--phase <name>', 'only this phase of the plays; may be repeated', append)
    .option('--from-phase <name>', 'this phase and what follows')
    .option('--start-at-task <name>', 'this task and what follows; * stands for any text')
    .option('--step', 'ask before each task')
    .option('--force-handlers', 'run notified handlers also on hosts that failed')
    .option('--flush-cache', 'forget facts gathered earlier')
    .option('--task-timeout <seconds>', 'time a task may take when it says nothing itself', wholeNumber)
    .option('--no-lookahead', 'look at each task, and work on it, only when it is its turn')
    .optionsGroup('Instead of running:')
    .option('--syntax-check', 'read everything, report what is wrong')
    .option('--list-hosts', 'list the hosts of each play')
    .option('--list-tasks', 'list the tasks that would run')
    .option('--list-tags', 'list the tags of each play');
}
