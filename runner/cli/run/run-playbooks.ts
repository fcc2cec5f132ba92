import { setMaxListeners } from 'node:events';
import { statSync } from 'node:fs';
import type { Event } from '../../event/event.ts';
import { createBus } from '../../event/bus.ts';
import { EXIT_BAD_INPUT, exitCode } from '../../event/exit-code.ts';
import { journalFolder, newRunId, openJournal } from '../../event/journal.ts';
import { reduce } from '../../event/reduce.ts';
import { emptySummary } from '../../event/summary.ts';
import { leaves } from '../../engine/host-run.ts';
import type { RunContext } from '../../engine/request.ts';
import { run } from '../../engine/run.ts';
import { openSessions } from '../../engine/sessions/open-sessions.ts';
import type { Playbook } from '../../playbook/model.ts';
import { formatDiagnostic } from '../../source/excerpt.ts';
import { writeRetryFile } from './retry-file.ts';
import { foreseeRun } from './foresee-run.ts';
import { listRun } from './list-run.ts';
import { type Loaded, loadRun } from '../load/load-run.ts';
import type { RunRequest } from '../load/request.ts';
import { tuneV8ForLoading, tuneV8ForRunning } from './v8-flags.ts';

/** Loads, checks, runs and reports; returns the exit code. */
export async function runPlaybooks(request: RunRequest): Promise<number> {
  const bytes = request.playbooks.reduce((sum, path) => sum + sizeOf(path), 0);
  tuneV8ForLoading(bytes);
  const loaded = await loadRun(request, (secret) => request.redactor.add(secret));
  const diagnostics = foreseeRun(loaded, request);
  for (const each of diagnostics) request.complain(`${formatDiagnostic(each)}\n\n`);
  if (diagnostics.some((each) => each.severity === 'error')) return EXIT_BAD_INPUT;
  if (request.mode === 'run') return runLoaded(request, loaded, tuneV8ForRunning({ bytes, tasks: tasksOf(loaded.selected) }));
  request.print(listRun(request, loaded));
  return 0;
}

async function runLoaded(request: RunRequest, loaded: Loaded, tune: (hosts: readonly string[]) => void): Promise<number> {
  // Every host and task waits on it: many listeners are no leak here.
  setMaxListeners(0, request.signal);
  const { redactor } = request;
  if (request.flushCache === true) for (const host of loaded.inventory.hosts.keys()) request.factCache?.forget(host);
  const bus = createBus(redactor);
  const summary = emptySummary();
  bus.subscribe((event: Event) => void reduce(summary, event));
  bus.subscribe((event: Event) => event.type === 'play.start' && tune(event.hosts));
  const runId = newRunId();
  const journal = request.journal ? openJournal(journalFolder(request.cwd), runId) : undefined;
  if (journal) bus.subscribe((event) => journal.write(event));
  const reporter = await request.reporter();
  bus.subscribe((event) => reporter.handle(event));
  const context: RunContext = {
    settings: request.settings,
    inventory: loaded.inventory,
    reloadInventory: () => loaded.reloadInventory(),
    playbooks: loaded.selected,
    load: loaded.load,
    registry: loaded.registry,
    environment: loaded.environment,
    files: loaded.files,
    extraVars: request.extraVars,
    ...(request.factCache && { factCache: request.factCache }),
    sessions: openSessions({ signal: request.signal, check: request.settings.check, profile: request.profile ?? false, publish: (happening) => bus.publish(happening) }),
    signal: request.signal,
    publish: (happening) => bus.publish(happening),
    secret: (value) => redactor.add(value),
    prompt: (text, echo) => request.prompt(text, echo),
  };
  try {
    await run(context, runId);
  } finally {
    await reporter.end();
    journal?.close();
  }
  if (request.retryFiles !== undefined) request.complain(writeRetryFile(request.retryFiles, summary));
  return exitCode(summary, { exitOnChange: request.exitOnChange, check: request.settings.check });
}

function tasksOf(playbooks: readonly Playbook[]): number {
  const phases = playbooks.flatMap(({ plays }) => plays.flatMap((play) => play.phases));
  return phases.reduce((sum, { nodes }) => sum + leaves(nodes).length, 0);
}

/** Bytes of a file; 0 where they cannot be told, which is said by whoever reads it. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
