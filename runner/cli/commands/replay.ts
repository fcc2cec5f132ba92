import { Command } from 'commander';
import { outputFlags } from '../flags.ts';
import type { ConfigSource } from '../load/load-config.ts';
import { sharedOptions } from '../read-options.ts';
import type { Flags } from '../given-flags.ts';

/** `rollcall replay FILE`: shows a recorded run again, in any form; exits as that run did. */
export function replayCommand(finish: (exitCode: number) => void, config: ConfigSource): Command {
  const command = new Command('replay')
    .description('show a recorded run again, in any form')
    .argument('[journal]', 'a .jsonl file, or the name of a run (default: the last run here)')
    .option('--list', 'list the recorded runs, newest first')
    .option('--exit-on-change', 'exit with 3 when the run was a check and changes were pending');
  return outputFlags(command)
    .addHelpText('after', '\nExamples:\n  rollcall replay                         the last run\n  rollcall replay --output junit:out.xml\n  rollcall replay .rollcall/runs/20260102-150405-3f2a.jsonl --output classic -v\n')
    .action(async (journal: string | undefined, flags: Flags & { list?: boolean }) => {
      const { listJournals, replay } = await import('../run/replay.ts');
      if (flags.list === true) await listJournals();
      else finish(await replay(journal, sharedOptions(flags, config(flags.verbose ?? 0))));
    });
}
