import { join, resolve } from 'node:path';
import { diskReader } from '../source/disk.ts';
import type { FileReader } from '../source/reader.ts';
import type { Json } from '../util/json.ts';
import type { Process } from './commands.ts';
import type { ExecOptions } from './options.ts';
import { runPlaybooks } from './run-playbooks.ts';
import { sharedRequest } from './shared-request.ts';

/** Carries out `rollcall exec`: a playbook of one task that stands in no file, so that everything else is as in a run. */
export async function performExec(options: ExecOptions, process: Process): Promise<number> {
  const { settings, ...request } = await sharedRequest(options, process);
  const { pattern, module, background, poll } = options;
  const path = join(resolve(request.cwd, options.playbookDir ?? '.'), 'exec.yml');
  // A list of hosts needs no module, but a play some task.
  const called = options.listHosts ? { ping: null } : { [module]: argumentsOf(options.args) };
  const task = { name: module, ...called, ...(background !== undefined && { async: background, poll: poll ?? 15 }) };
  const play = { name: `${module} on ${pattern}`, hosts: pattern, gather_facts: false, tasks: [task] };
  const tags = { only: ['all'], skip: [] };
  return runPlaybooks({
    ...request,
    files: withFile(diskReader(), path, JSON.stringify([play], null, 2)),
    playbooks: [path],
    mode: options.listHosts ? 'list-matching' : 'run',
    selection: tags,
    settings: { ...settings, tags, forceHandlers: false, taskTimeout: options.taskTimeout, step: false, lookahead: true },
  });
}

/** `-a`: a JSON object is parameters as they are, everything else is the text behind a module's name. */
function argumentsOf(text: string): Json {
  if (text === '') return null;
  if (!/^\{.*\}$/s.test(text.trim())) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** A reader with one more file. */
function withFile(files: FileReader, path: string, text: string): FileReader {
  return { ...files, read: (asked) => (asked === path ? text : files.read(asked)) };
}
