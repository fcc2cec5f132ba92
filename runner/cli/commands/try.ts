import { Command, InvalidArgumentError, Option } from 'commander';
import { NO_CONFIG } from '../../config/config.ts';
import { appendList, inventoryFlags, outputFlags } from '../flags.ts';
import type { ConfigSource } from '../load/load-config.ts';
import type { TryOptions } from '../options.ts';
import { runOptions } from '../read-options.ts';
import type { Flags } from '../given-flags.ts';

const EXAMPLES = `
Examples:
  rollcall try site.yml                            on two hosts, n1 and n2, that are in every group the plays name
  rollcall try site.yml -i inventory/ -l web       on hosts with the names and variables of an inventory
  rollcall try site.yml --persona plain --keep     hosts that look like this machine, left up for a closer look
  rollcall try site.yml --output lines             with the reports of all three runs

What the playbook does on localhost, it does on this machine.

Exit codes: 0 the check predicted what the run did and a second run changed nothing, 3 it was not so, 2 a host failed,
4 a host was unreachable, 5 the input is wrong or throwaway hosts cannot be made here (they need Linux and root), 130 interrupted.
`;

interface TryFlags extends Flags {
  readonly persona?: TryOptions['persona'];
  readonly shell?: TryOptions['shell'];
  readonly set?: Readonly<Record<string, string>>;
  readonly keep?: boolean;
}

/** `rollcall try PLAYBOOK…`: throwaway hosts, a check, a run, a second run. */
export function tryCommand(perform: (options: TryOptions) => Promise<void>, config: ConfigSource = () => NO_CONFIG): Command {
  const command = new Command('try')
    .description('try playbooks on throwaway hosts: check, run, run again, and say whether it was as predicted')
    .argument('<playbook...>', 'playbook files')
    .usage('[options] <playbook...>');
  for (const add of [hostFlags, inventoryFlags, outputFlags]) add(command);
  return command
    .optionsGroup('What to run:')
    .option('-t, --tags <tags>', 'only tasks with one of these tags, comma-separated', appendList)
    .option('--skip-tags <tags>', 'no tasks with one of these tags', appendList)
    .addHelpText('after', EXAMPLES)
    .action((playbooks: string[], flags: TryFlags) => perform({
      ...runOptions(playbooks, flags, config(flags.verbose ?? 0)),
      persona: flags.persona ?? 'centos6', shell: flags.shell ?? 'bash', conf: flags.set ?? {}, keep: flags.keep === true, quiet: flags.output === undefined,
    }));
}

function hostFlags(command: Command): Command {
  return command
    .optionsGroup('Throwaway hosts:')
    .addOption(new Option('--persona <name>', 'what they look like: CentOS 6 (the default), or this machine').choices(['centos6', 'plain']))
    .addOption(new Option('--shell <name>', 'what /bin/sh is on them (default: bash)').choices(['bash', 'dash', 'busybox']))
    .option('--set <name=value>', 'a switch of /etc/rollcall-lab.conf on them; may be repeated', addSwitch)
    .option('--keep', 'leave them up: rollcall lab shows and removes them');
}

function addSwitch(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value = ''] = /^([A-Z][A-Z0-9_]*)=([^'\n]*)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('write NAME=VALUE with a name in capitals');
  return { ...before, [name]: value };
}
