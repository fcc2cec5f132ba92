import { join, resolve } from 'node:path';
import { diskReader } from '../../source/disk.ts';
import type { FileReader } from '../../source/reader.ts';
import { execSource, type CommandLineSource } from '../load/command-line-source.ts';
import { hostFilesReporter } from '../../report/host-files.ts';
import type { Reporter } from '../../report/reporter.ts';
import type { Process } from '../process.ts';
import type { ExecOptions } from '../options.ts';
import { runPlaybooks } from './run-playbooks.ts';
import { sharedRequest } from '../load/shared-request.ts';

/** Carries out `rollcall exec`: a playbook of one task that stands in no file, so that everything else is as in a run. */
export async function performExec(options: ExecOptions, process: Process): Promise<number> {
  const { settings, ...request } = await sharedRequest(options, process);
  const { pattern, module, args, afterDashes, background, poll } = options;
  const path = join(resolve(request.cwd, options.playbookDir ?? '.'), 'exec.yml');
  // A list of hosts needs no module, but a play some task.
  const called = options.listHosts ? { pattern, module: 'ping', args: '', afterDashes: false } : { pattern, module, args, afterDashes };
  const source = execSource(called, background === undefined ? {} : { async: background, poll: poll ?? 15 });
  const tags = { only: ['all'], skip: [] };
  return runPlaybooks({
    ...request,
    files: withSource(diskReader(), path, source),
    ...(options.tree !== undefined && { reporter: async () => both(await request.reporter(), hostFilesReporter(resolve(options.tree ?? ''), settings.verbosity)) }),
    playbooks: [path],
    mode: options.listHosts ? 'list-matching' : 'run',
    selection: tags,
    settings: { ...settings, tags, forceHandlers: false, taskTimeout: options.taskTimeout, step: false, lookahead: true },
  });
}

function both(shown: Reporter, written: Reporter): Reporter {
  return {
    ...shown,
    handle(event) {
      shown.handle(event);
      written.handle(event);
    },
  };
}

/** A reader with one more text, which stands in no file. */
function withSource(files: FileReader, path: string, source: CommandLineSource): FileReader {
  return { ...files, read: (asked) => (asked === path ? source.text : files.read(asked)), source: (asked) => (asked === path ? source : files.source?.(asked)) };
}
