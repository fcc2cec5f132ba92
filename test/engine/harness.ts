import { standardEnvironment } from '../../runner/expr/environment.ts';
import type { Event } from '../../runner/event/event.ts';
import { createBus } from '../../runner/event/bus.ts';
import { Redactor } from '../../runner/event/redact.ts';
import type { RunContext, RunSettings } from '../../runner/engine/request.ts';
import { run } from '../../runner/engine/run.ts';
import type { Sessions } from '../../runner/engine/sessions/sessions.ts';
import { emptyInventory, addHost, reconcile } from '../../runner/inventory/change.ts';
import { loadPlaybook } from '../../runner/playbook/load.ts';
import type { LoadContext } from '../../runner/playbook/load-context.ts';
import { formatDiagnostic } from '../../runner/source/excerpt.ts';
import type { FileReader } from '../../runner/source/reader.ts';
import { createRegistry } from '../../runner/task/registry.ts';
import type { AnyTask } from '../../runner/task/define.ts';
import type { Tree } from '../../runner/template/tree.ts';
import { fakeHost, type FakeHost, type FakeSpec } from '../../runner/testing/fake-host.ts';
import { builtinControls, builtinTasks } from '../../tasks/index.ts';

/** What a test says of a run: one playbook, hosts in memory. */
export interface Scenario {
  readonly playbook: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly hosts?: Readonly<Record<string, FakeSpec>>;
  readonly vars?: Readonly<Record<string, Readonly<Record<string, Tree>>>>;
  readonly settings?: Partial<RunSettings>;
  readonly tasks?: readonly AnyTask[];
  readonly signal?: AbortSignal;
  /** Other ways to the hosts than straight to their memory. */
  readonly sessions?: Sessions;
}

/** What came of it. */
export interface Outcome {
  readonly events: readonly Event[];
  readonly hosts: Readonly<Record<string, FakeHost>>;
  /** `host: task name: status`, in order of the results. */
  readonly story: readonly string[];
  /** The result of a task on a host, by the task's name. */
  readonly result: (host: string, task: string) => Readonly<Record<string, unknown>>;
}

const SETTINGS: RunSettings = {
  check: false, diff: false, forks: 10, tags: { only: ['all'], skip: [] }, forceHandlers: false, verbosity: 0, taskTimeout: 0, step: false,
  lookahead: true, connection: {}, become: { become: false },
};

/** Runs a playbook text through the real loader and the real engine against hosts in memory. */
export async function play(scenario: Scenario): Promise<Outcome> {
  const texts: Record<string, string> = { '/play/site.yml': scenario.playbook, ...Object.fromEntries(Object.entries(scenario.files ?? {}).map(([name, text]) => [`/play/${name}`, text])) };
  const files = memoryReader(texts);
  const environment = standardEnvironment({});
  const registry = createRegistry([...builtinTasks, ...(scenario.tasks ?? [])], builtinControls);
  const load: LoadContext = { files, registry, environment, rolesPath: [], extraVars: new Map() };
  const { playbook, diagnostics } = loadPlaybook('/play/site.yml', load);
  const errors = diagnostics.filter((each) => each.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(formatDiagnostic).join('\n'));
  const inventory = emptyInventory(['test']);
  const hosts: Record<string, FakeHost> = {};
  for (const [name, spec] of Object.entries(scenario.hosts ?? { h1: {}, h2: {} })) {
    hosts[name] = fakeHost({ name, ...spec });
    const host = addHost(inventory, name);
    for (const [key, value] of Object.entries(scenario.vars?.[name] ?? {})) host.vars.set(key, value);
  }
  reconcile(inventory);
  const events: Event[] = [];
  const bus = createBus(new Redactor());
  bus.subscribe((event) => void events.push(event));
  const context: RunContext = {
    settings: { ...SETTINGS, ...scenario.settings }, inventory, playbooks: [playbook], load, registry, environment, files, extraVars: new Map(),
    sessions: scenario.sessions ?? fakeSessions(hosts), signal: scenario.signal ?? new AbortController().signal,
    publish: (happening) => bus.publish(happening), secret: () => undefined, prompt: () => Promise.resolve(undefined),
  };
  await run(context, 'test');
  const names = new Map(events.flatMap((event) => (event.type === 'task.start' ? [[event.task, event.name] as const] : [])));
  const results = events.filter((event) => event.type === 'result');
  return {
    events, hosts,
    story: results.map((event) => `${event.host}: ${names.get(event.task)}: ${event.status}${event.ignored ? ' (ignored)' : ''}${event.rescued ? ' (rescued)' : ''}`),
    result: (host, task) => results.findLast((event) => event.host === host && names.get(event.task) === task)?.result ?? {},
  };
}

/** Straight to the memory of hosts. */
export function fakeSessions(hosts: Readonly<Record<string, FakeHost>>): Sessions {
  return {
    access(target) {
      const host = hosts[target.name];
      if (!host) throw new Error(`no fake host '${target.name}'`);
      return { observer: () => host.observer, actuator: () => host.actuator, forget: () => undefined, reconnect: () => Promise.resolve() };
    },
    forget: () => undefined,
    close: () => Promise.resolve(),
  };
}

function memoryReader(texts: Readonly<Record<string, string>>): FileReader {
  const paths = Object.keys(texts);
  return {
    read: (path) => texts[path],
    list(path) {
      const inside = paths.filter((each) => each.startsWith(`${path}/`)).map((each) => each.slice(path.length + 1).split('/')[0] ?? '');
      return inside.length === 0 ? undefined : [...new Set(inside)].sort();
    },
    isDirectory: (path) => paths.some((each) => each.startsWith(`${path}/`)),
    isExecutable: () => false,
    run: () => ({ code: 127, stdout: '', stderr: '' }),
  };
}
