import { join } from 'node:path';
import { diskReader } from '../source/disk.ts';
import type { FileReader } from '../source/reader.ts';
import type { Process } from './commands.ts';
import type { ExecOptions } from './options.ts';
import { runPlaybooks } from './run-playbooks.ts';
import { sharedRequest } from './shared-request.ts';

/** Carries out `rollcall exec`: a playbook of one task that stands in no file, so that everything else is as in a run. */
export async function performExec(options: ExecOptions, process: Process): Promise<number> {
  const { settings, ...request } = await sharedRequest(options, process);
  const path = join(request.cwd, 'exec.yml');
  const play = { name: `${options.module} on ${options.pattern}`, hosts: options.pattern, gather_facts: false, tasks: [{ name: options.module, [options.module]: options.args === '' ? null : options.args }] };
  const tags = { only: ['all'], skip: [] };
  return runPlaybooks({
    ...request,
    files: withFile(diskReader(), path, JSON.stringify([play], null, 2)),
    playbooks: [path],
    mode: 'run',
    selection: tags,
    settings: { ...settings, tags, forceHandlers: false, taskTimeout: 0, step: false, lookahead: true },
  });
}

/** A reader with one more file. */
function withFile(files: FileReader, path: string, text: string): FileReader {
  return { ...files, read: (asked) => (asked === path ? text : files.read(asked)) };
}
