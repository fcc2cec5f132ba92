import { setMaxListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createBus } from '../../runner/event/bus.ts';
import { Redactor } from '../../runner/event/redact.ts';
import type { RunContext, RunSettings } from '../../runner/engine/request.ts';
import { run } from '../../runner/engine/run.ts';
import type { Sessions } from '../../runner/engine/sessions/sessions.ts';
import { standardEnvironment } from '../../runner/expr/environment.ts';
import { addHost, emptyInventory, reconcile } from '../../runner/inventory/change.ts';
import { loadPlaybook } from '../../runner/playbook/load.ts';
import type { LoadContext } from '../../runner/playbook/load-context.ts';
import type { FileReader } from '../../runner/source/reader.ts';
import { createRegistry } from '../../runner/task/registry.ts';
import { HostAccess } from '../../runner/transport/access.ts';
import { createActuator } from '../../runner/transport/actuator.ts';
import { fakeShell } from '../../runner/transport/fake/shell.ts';
import { ReadMemo } from '../../runner/transport/memo.ts';
import { createObserver } from '../../runner/transport/observer.ts';
import { builtinControls, builtinTasks } from '../../tasks/index.ts';

const SETTINGS: RunSettings = {
  check: false, diff: false, forks: 500, tags: { only: ['all'], skip: [] }, forceHandlers: false, verbosity: 0, taskTimeout: 0, step: false,
  lookahead: true, connection: {}, become: { become: false },
};

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What a run in memory came to. */
export interface Simulated {
  readonly seconds: number;
  /** Most memory that was in use at the ends of tasks, over what there was before, in MB. */
  readonly heap: number;
  /** Results of tasks that ended well. */
  readonly results: number;
}

/** Runs `tasks` commands on `hosts` simulated hosts through the whole engine; the hosts say yes to everything. */
export async function simulate(hosts: number, tasks: number): Promise<Simulated> {
  const text = `- hosts: all\n  gather_facts: false\n  tasks:\n${Array.from({ length: tasks }, (_, index) => `    - command: do ${index} {{ inventory_hostname }}\n`).join('')}`;
  const files: FileReader = { read: (path) => (path === '/site.yml' ? text : undefined), list: () => undefined, isDirectory: () => false, isExecutable: () => false, run: () => ({ code: 127, stdout: '', stderr: '' }) };
  const environment = standardEnvironment({});
  const registry = createRegistry(builtinTasks, builtinControls);
  const load: LoadContext = { files, registry, environment, rolesPath: [], extraVars: new Map() };
  const { playbook } = loadPlaybook('/site.yml', load);
  const inventory = emptyInventory(['simulated']);
  for (let index = 0; index < hosts; index++) addHost(inventory, `h${index}`);
  reconcile(inventory);
  const bus = createBus(new Redactor());
  collect();
  const before = process.memoryUsage().heapUsed;
  let [results, most, collecting] = [0, before, 0n];
  bus.subscribe((event) => {
    if (event.type !== 'result') return;
    if (event.status === 'changed') results++;
    if (results % hosts !== 0) return;
    const at = process.hrtime.bigint();
    collect();
    most = Math.max(most, process.memoryUsage().heapUsed);
    collecting += process.hrtime.bigint() - at;
  });
  const { signal } = new AbortController();
  const context: RunContext = {
    settings: SETTINGS, inventory, playbooks: [playbook], load, registry, environment, files, extraVars: new Map(), sessions: sessions(),
    signal, publish: (happening) => bus.publish(happening), secret: () => undefined, prompt: () => Promise.resolve(undefined),
  };
  setMaxListeners(0, signal);
  const started = process.hrtime.bigint();
  await run(context, 'simulated');
  return { seconds: Number(process.hrtime.bigint() - started - collecting) / 1e9, heap: (most - before) / 2 ** 20, results };
}

function sessions(): Sessions {
  const accesses = new Map<string, HostAccess>();
  return {
    access({ name }) {
      let access = accesses.get(name);
      if (!access) {
        const shell = fakeShell(() => 'yes\n');
        accesses.set(name, (access = new HostAccess(name, new ReadMemo({ value: 0 }), () => Promise.resolve(shell))));
      }
      const known = access;
      return { observer: (signal) => createObserver(known, signal), actuator: (signal) => createActuator(known, signal), forget: () => known.memo.changed(), reconnect: () => Promise.resolve() };
    },
    forget: (host) => accesses.get(host)?.memo.changed(),
    close: () => Promise.resolve(),
  };
}
