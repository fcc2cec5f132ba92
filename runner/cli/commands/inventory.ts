import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Process } from '../process.ts';
import type { ConfigSource } from '../load/load-config.ts';
import { inventoryFlags } from '../flags.ts';
import { sharedOptions } from '../read-options.ts';
import type { InventoryFlags } from '../given-flags.ts';

/** `rollcall inventory`: shows hosts, groups and variables, as ansible-inventory does. */
export function inventoryCommand({ redactor }: Process, config: ConfigSource): Command {
  const command = new Command('inventory').description('show hosts, groups and variables').argument('[group]', 'group to begin the graph with', 'all');
  return inventoryFlags(command)
    .optionsGroup('What to show:')
    .option('--list', 'everything, as JSON')
    .option('--host <name>', 'the variables of one host')
    .option('--graph', 'groups and hosts as a tree (default)')
    .option('-y, --yaml', 'YAML in place of JSON')
    .option('--toml', 'TOML in place of JSON')
    .option('--export', 'variables where they are defined, so that the output can be an inventory again')
    .option('--vars', 'with --graph: variables too')
    .option('--playbook-dir <folder>', 'read group_vars and host_vars beside the playbooks too')
    .option('--output <file>', 'write there in place of standard output')
    .option('-v, --verbose', 'say more about the configuration', (_value, count: number) => count + 1, 0)
    .addHelpText('after', '\nExamples:\n  rollcall inventory -i inventory/\n  rollcall inventory -i inventory/ --host n1 --yaml\n')
    .action(async (group: string, { output, ...flags }: Omit<InventoryFlags, 'output'> & { output?: string }) => {
      const { showInventory } = await import('../show-inventory.ts');
      const configured = config(flags.verbose ?? 0);
      const folder = flags.playbookDir ?? configured.values.playbook_dir;
      const text = await showInventory(group, { ...flags, ...(folder !== undefined && { playbookDir: folder }) }, sharedOptions(flags, configured), redactor);
      if (output === undefined || output === '-') process.stdout.write(text);
      else writeFileSync(output, text, { mode: 0o600 });
    });
}
