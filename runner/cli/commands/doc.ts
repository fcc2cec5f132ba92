import { Command, Option } from 'commander';
import { append } from '../flags.ts';

/** `rollcall doc [MODULE]`: what modules do and take, from the same definitions that run them. */
export function docCommand(): Command {
  return new Command('doc')
    .description('list modules, or show what one does and takes')
    .argument('[module]', 'name of a module')
    .option('--json', 'as JSON')
    .option('-s, --snippet', 'a task to copy into a playbook')
    .option('-M, --module-path <folder>', 'folder with task modules of your own; may be repeated', append, [])
    .addOption(new Option('--task-path <folder>').argParser(append).default([]).hideHelp())
    .option('--markdown <folder>', 'write a page for each module into a folder')
    .addHelpText('after', '\nExamples:\n  rollcall doc\n  rollcall doc service\n  rollcall doc copy --snippet\n')
    .action(async (name: string | undefined, flags: { json?: boolean; snippet?: boolean; markdown?: string; modulePath: readonly string[]; taskPath: readonly string[] }) => {
      const { showDoc } = await import('../doc/show-doc.ts');
      process.stdout.write(await showDoc(name, { ...flags, taskPath: [...flags.modulePath, ...flags.taskPath] }));
    });
}
