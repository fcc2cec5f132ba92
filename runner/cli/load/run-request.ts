import type { Process } from '../process.ts';
import type { RunOptions } from '../options.ts';
import type { RunRequest } from './request.ts';
import { sharedRequest } from './shared-request.ts';

/** What `rollcall run` is asked to do, passwords and extra variables read. @throws InputError */
export async function runRequest(options: RunOptions, process: Process): Promise<RunRequest> {
  const { settings, ...request } = await sharedRequest(options, process);
  const { tags, skipTags, phases, fromPhase, startAtTask, forceHandlers, taskTimeout, step, lookahead } = options;
  const selected = { only: tags, skip: skipTags };
  return {
    ...request,
    playbooks: options.playbooks,
    flushCache: options.flushCache,
    mode: modeOf(options),
    selection: { ...selected, ...(phases.length > 0 && { phases }), ...(fromPhase !== undefined && { fromPhase }), ...(startAtTask !== undefined && { startAtTask }) },
    settings: { ...settings, tags: selected, forceHandlers, taskTimeout, step, lookahead },
  };
}

function modeOf({ syntaxCheck, list }: RunOptions): RunRequest['mode'] {
  if (syntaxCheck) return 'syntax-check';
  if (list.tasks) return list.tags ? 'list-tasks-and-tags' : 'list-tasks';
  if (list.tags) return 'list-tags';
  return list.hosts ? 'list-hosts' : 'run';
}
