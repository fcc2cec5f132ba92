import { Command, Option } from 'commander';
import { append } from '../flags.ts';
import type { DocOptions } from '../doc/show-doc.ts';

const EXAMPLES = `
Examples:
  rollcall doc
  rollcall doc service
  rollcall doc copy --snippet
  rollcall doc -t filter
`;

/** `rollcall doc [MODULE…]`: what modules do and take, from the same definitions that run them; with `-t` the words of the language. */
export function docCommand(): Command {
  return new Command('doc')
    .description('list modules, or show what they do and take')
    .argument('[name...]', 'names of modules; with -t, of other words')
    .option('-l, --list', 'the names with their summaries (default without a name)')
    .option('-j, --json', 'as JSON')
    .option('-s, --snippet', 'a task to copy into a playbook')
    .addOption(new Option('-t, --type <type>', 'what the names are names of; of all but modules, what there is and where it may stand').choices(['module', 'filter', 'test', 'lookup', 'keyword']).default('module'))
    .option('-M, --module-path <folder>', 'folder with task modules of your own; may be repeated', append, [])
    .addOption(new Option('--task-path <folder>').argParser(append).default([]).hideHelp())
    .addOption(new Option('-v, --verbose').hideHelp())
    .option('--markdown <folder>', 'write a page for each module into a folder')
    .addHelpText('after', EXAMPLES)
    .action(async (names: readonly string[], flags: Omit<DocOptions, 'taskPath'> & { modulePath: readonly string[]; taskPath: readonly string[] }) => {
      const { showDoc } = await import('../doc/show-doc.ts');
      process.stdout.write(await showDoc(names, { ...flags, taskPath: [...flags.modulePath, ...flags.taskPath] }));
    });
}
