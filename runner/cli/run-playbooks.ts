import { setMaxListeners } from 'node:events';
import type { Event } from '../event/event.ts';
import { createBus } from '../event/bus.ts';
import { EXIT_BAD_INPUT, exitCode } from '../event/exit-code.ts';
import { journalFolder, newRunId, openJournal } from '../event/journal.ts';
import type { Redactor } from '../event/redact.ts';
import { reduce } from '../event/reduce.ts';
import { emptySummary } from '../event/summary.ts';
import type { FactCache, RunContext, RunSettings } from '../engine/request.ts';
import { run } from '../engine/run.ts';
import { openSessions } from '../engine/open-sessions.ts';
import { splitPattern, selectHosts } from '../inventory/pattern.ts';
import type { Node, Playbook } from '../playbook/model.ts';
import { literalText } from '../plan/literal.ts';
import type { Reporter } from '../report/reporter.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { formatDiagnostic } from '../source/excerpt.ts';
import { nearest } from '../util/suggest.ts';
import { problem } from '../source/diagnostic.ts';
import { writeRetryFile } from './retry-file.ts';
import { listRun } from './list-run.ts';
import { type Loaded, loadRun, type Sources } from './load-run.ts';

/** What `rollcall run` was asked to do. */
export interface RunRequest extends Sources {
  readonly settings: RunSettings;
  readonly mode: 'run' | 'syntax-check' | 'list-hosts' | 'list-tasks' | 'list-tags' | 'list-tasks-and-tags' | 'list-matching';
  readonly exitOnChange: boolean;
  readonly journal: boolean;
  readonly signal: AbortSignal;
  /** Facts of earlier runs; forgotten first when `flushCache` says so. */
  readonly factCache?: FactCache;
  readonly flushCache?: boolean;
  /** Folder for lists of the hosts that failed; empty: beside the playbook. */
  readonly retryFiles?: string;
  /** Knows the passwords given on the command line; the run adds what it decrypts. */
  readonly redactor: Redactor;
  reporter(): Promise<Reporter>;
  prompt(text: string, echo: boolean): Promise<string | undefined>;
  print(text: string): void;
  complain(text: string): void;
}

/** Loads, checks, runs and reports; returns the exit code. */
export async function runPlaybooks(request: RunRequest): Promise<number> {
  const loaded = await loadRun(request, (secret) => request.redactor.add(secret));
  // Names cannot be looked up in an inventory that could not be read.
  const diagnostics = [...loaded.diagnostics, ...(loaded.inventoryRead ? unmatched(loaded, request) : [])].sort(inFileOrder);
  for (const each of diagnostics) request.complain(`${formatDiagnostic(each)}\n\n`);
  if (diagnostics.some((each) => each.severity === 'error')) return EXIT_BAD_INPUT;
  if (request.mode === 'run') return runLoaded(request, loaded);
  request.print(listRun(request, loaded));
  return 0;
}

async function runLoaded(request: RunRequest, loaded: Loaded): Promise<number> {
  // Every host and task waits on it: many listeners are no leak here.
  setMaxListeners(0, request.signal);
  const { redactor } = request;
  if (request.flushCache === true) for (const host of loaded.inventory.hosts.keys()) request.factCache?.forget(host);
  const bus = createBus(redactor);
  const summary = emptySummary();
  bus.subscribe((event: Event) => void reduce(summary, event));
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
    sessions: openSessions({ signal: request.signal, check: request.settings.check, publish: (happening) => bus.publish(happening) }),
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

/** As a person reads: by place within a file; what has no place, and other files, in the order of finding. */
function inFileOrder(a: Diagnostic, b: Diagnostic): number {
  return a.span !== undefined && a.span.file === b.span?.file ? a.span.start - b.span.start : 0;
}

/** Patterns that name nothing: refused before anybody is contacted, unless the run may add hosts itself. */
function unmatched(loaded: Loaded, request: RunRequest): Diagnostic[] {
  const names = [...loaded.inventory.groups.keys(), ...loaded.inventory.hosts.keys()];
  const say = (word: string, what: string, span?: Diagnostic['span']): Diagnostic => {
    const near = nearest(word, names);
    if (request.inventories.length === 0) return problem('no-such-host', `'${word}' ${what} matches no host, since no inventory was given`, span, 'name one with -i: a file, a folder, or hosts such as -i n1,n2');
    return problem('no-such-host', `'${word}' ${what} matches no host or group of the inventory`, span, near === undefined ? `groups and hosts: ${names.slice(0, 12).join(', ')}` : `did you mean '${near}'?`);
  };
  const read = { readFile: (path: string) => loaded.files.read(path) };
  const limit = request.settings.limit === undefined ? [] : selectHosts(loaded.inventory, 'all', { limit: request.settings.limit, ...read }).unmatched.map((word) => say(word, 'in --limit'));
  if (growsInventory(loaded.playbooks)) return limit;
  const plays = loaded.selected.flatMap((playbook) => playbook.plays).flatMap((play) => {
    const pattern = literalText(Array.isArray(play.hosts) ? play.hosts.map((each) => literalText(each)).join(',') : play.hosts);
    if (pattern === undefined || pattern.includes('{{')) return [];
    return selectHosts(loaded.inventory, splitPattern(pattern), read).unmatched.map((word) => say(word, "in 'hosts'", play.hostsAt ?? play.at));
  });
  return [...limit, ...plays];
}

function growsInventory(playbooks: readonly Playbook[]): boolean {
  const grows = (node: Node): boolean => {
    if (node.kind === 'block') return [...node.block, ...node.rescue, ...node.always].some(grows);
    return node.kind === 'include' || node.module === 'add_host' || node.module === 'group_by';
  };
  return playbooks.some((playbook) => playbook.plays.some((play) => play.phases.some((phase) => phase.nodes.some(grows))));
}
