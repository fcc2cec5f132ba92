import { Command } from 'commander';
import { showConfig } from '../../config/show.ts';
import type { ConfigSource } from '../load/load-config.ts';

/** `rollcall config`: the settings of ansible.cfg and `ANSIBLE_*` that count, and who set them. */
export function configCommand(config: ConfigSource): Command {
  return new Command('config')
    .description('show the settings of ansible.cfg and ANSIBLE_* that count, and who set them')
    .option('--only-changed', 'only those that somebody set')
    .option('-v, --verbose', 'name the ones that have no effect too')
    .addHelpText('after', '\nExamples:\n  rollcall config\n  rollcall config --only-changed -v\n')
    .action((flags: { onlyChanged?: boolean; verbose?: boolean }) => {
      process.stdout.write(showConfig(config(flags.verbose === true ? 1 : 0), { onlyChanged: flags.onlyChanged === true }));
    });
}
