import { existsSync } from 'node:fs';
import { exitCode } from '../../event/exit-code.ts';
import { readJournal } from '../../event/journal.ts';
import { reduce } from '../../event/reduce.ts';
import { emptySummary } from '../../event/summary.ts';
import { findJournal, listRuns } from '../../history/runs.ts';
import { count } from '../../report/recap.ts';
import type { SharedOptions } from '../options.ts';
import { openReports } from '../outputs.ts';

/** Sends a journal through the reports that were asked for. Returns the exit code of the run it records. */
export async function replay(journal: string | undefined, options: SharedOptions): Promise<number> {
  const path = journal !== undefined && existsSync(journal) ? journal : findJournal(process.cwd(), journal);
  const reports = await openReports(options);
  const summary = emptySummary();
  for await (const event of readJournal(path)) {
    reduce(summary, event);
    reports.handle(event);
  }
  await reports.end();
  return exitCode(summary, { check: summary.check, exitOnChange: options.exitOnChange });
}

/** Prints the recorded runs, newest first. */
export async function listJournals(): Promise<void> {
  for (const { path, summary } of await listRuns(process.cwd())) {
    const failed = [...summary.hosts.values()].filter((host) => host.standing !== 'active').length;
    const outcome = summary.outcome === 'running' ? 'cut off' : summary.outcome;
    process.stdout.write(`${summary.run}  ${new Date(summary.startedAt).toISOString()}  ${summary.check ? 'check' : 'run'} ${outcome}  ${count(summary.hosts.size, 'host')}, ${failed} failed  ${summary.playbooks.join(' ')}  ${path}\n`);
  }
}
