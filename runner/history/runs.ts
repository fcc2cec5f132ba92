import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { journalFolders, readJournal } from '../event/journal.ts';
import { reduce } from '../event/reduce.ts';
import { emptySummary, type RunSummary } from '../event/summary.ts';
import { InputError, problem } from '../source/diagnostic.ts';

/** Paths of all journals that belong to a folder, newest first: names of runs sort by time. */
function journalPaths(cwd: string): string[] {
  const paths = journalFolders(cwd).filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.jsonl')).map((name) => ({ name, path: join(folder, name) })));
  return paths.sort((a, b) => (a.name < b.name ? 1 : -1)).map(({ path }) => path);
}

/** The journal of a run by its name, or the newest one. @throws InputError when there is none. */
export function findJournal(cwd: string, run: string | undefined): string {
  const paths = journalPaths(cwd);
  const path = run === undefined ? paths[0] : paths.find((each) => each.endsWith(`${run}.jsonl`));
  if (path !== undefined) return path;
  const message = run === undefined ? 'no run is recorded here' : `there is no journal or run '${run}'`;
  throw new InputError([problem('no-journal', message, undefined, paths.length > 0 ? '`rollcall replay --list` lists the recorded runs' : 'runs are recorded in .rollcall/runs, unless --no-journal is given')]);
}

/** What happened in each recorded run, newest first; files that are no journals are left out. */
export async function listRuns(cwd: string): Promise<{ path: string; summary: RunSummary }[]> {
  const runs: { path: string; summary: RunSummary }[] = [];
  for (const path of journalPaths(cwd)) {
    const summary = emptySummary();
    try {
      for await (const event of readJournal(path)) reduce(summary, event);
    } catch (error) {
      if (error instanceof InputError) continue;
      throw error;
    }
    if (summary.run !== '') runs.push({ path, summary });
  }
  return runs;
}
