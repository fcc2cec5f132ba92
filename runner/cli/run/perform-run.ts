import type { Process } from '../process.ts';
import type { RunOptions } from '../options.ts';
import { runPlaybooks } from './run-playbooks.ts';
import { runRequest } from '../load/run-request.ts';

/** Carries out `rollcall run`: reads passwords and extra variables, then hands everything to the engine. */
export async function performRun(options: RunOptions, process: Process): Promise<number> {
  return runPlaybooks(await runRequest(options, process));
}
