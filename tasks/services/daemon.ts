import { z } from 'zod';
import { change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { Amount, Word, params } from '../../runner/task/params.ts';
import { parseServiceStatus, type ServiceState } from '../parse/lsb-status.ts';
import { runScript } from './run-script.ts';
import { lookScript } from './script-status.ts';
import { isRunning } from './sysv-service.ts';

const Entry = z.preprocess(
  (given) => (typeof given === 'string' ? { name: given } : given),
  z.strictObject({
    name: Word.describe('Name of the service.'),
    timeout: Amount.optional().describe("Seconds until it must be running or stopped; the task's `timeout` without it."),
  }),
);

const fields = params({
  names: z
    .preprocess((given) => (typeof given === 'string' ? given.split(',').map((name) => name.trim()) : given), z.array(Entry).min(1))
    .meta({ aliases: ['name'] })
    .describe('Services in the order of their start, each a name or {name, timeout}. They are stopped in the opposite order.'),
  state: z.enum(['started', 'stopped']).default('started').describe('Wanted state of all of them.'),
  timeout: Amount.default(120).describe('Seconds each may take. cman alone waits up to 20 s for the cluster and 45 s for its peer to join the fence domain.'),
});
type Params = z.output<typeof fields>;
interface Seen {
  readonly systemd: boolean;
  readonly states: readonly ServiceState[];
}

/** Daemons that depend on each other. */
export default defineTask<Params, Seen>({
  name: 'daemon',
  summary: 'Several daemons, started in order, each waited for until its own status says that it runs.',
  description: `For stacks whose members need each other (cman before rgmanager). Each start has a deadline, and the next one is not begun before the
status of this one says running. A start of cman that was cut off (it runs, but never joined the fence domain) is taken down and begun again.
A start that fails stops there and is reported with the lines the script printed, without colours.
Two cluster nodes must be started at the same time: run the task on both, not with \`serial\`.`,
  examples: `- name: Start the cluster
  daemon:
    names: [cman, rgmanager, modclusterd, ricci]
    timeout: 180
`,
  params: fields,
  async probe({ names }, host) {
    const { init } = await host.system();
    const systemd = init === 'systemd';
    const states = await Promise.all(
      names.map(({ name }) => (systemd ? host.read(sh`systemctl status --no-pager --lines=0 ${name}`, parseServiceStatus) : lookScript(name, host))),
    );
    return { systemd, states };
  },
  plan({ names, state, timeout }, { systemd, states }) {
    const act = (name: string, verb: string): Command => (systemd ? sh`systemctl ${verb} ${name}` : sh`service ${name} ${verb}`);
    const check = (name: string): Command => (systemd ? sh`systemctl is-active --quiet ${name}` : sh`service ${name} status >/dev/null 2>&1`);
    const changes = names.flatMap(({ name, timeout: own }, index) => {
      const seen = states[index]!;
      const running = isRunning(name, seen);
      const partial = seen.kind === 'partial';
      const limit = own ?? timeout;
      const before = seen.kind === 'dead' ? `dead (${seen.text.split('\n')[0] ?? ''})` : seen.kind;
      const stop = act(name, 'stop').with({ timeout: limit });
      if (!partial && running === (state === 'started')) return [];
      if (state === 'stopped') return [change(name, before, 'stopped', [stop], { risk: 'restart' })];
      const until = { until: check(name), description: `'${name}' to say that it is running`, timeout: limit, interval: 2 };
      const start = act(name, 'start').with({ timeout: limit });
      return [change(name, before, 'running', [...(partial ? [stop] : []), start, { wait: until }], { undo: [{ run: stop }] })];
    });
    return state === 'started' ? changes : changes.reverse();
  },
  async apply({ aspect, after, steps }, host) {
    for (const step of steps) {
      if ('run' in step) await runScript(host, step.run, `'${aspect}' could not be ${after === 'running' ? 'started' : 'stopped'}`);
      else if ('wait' in step) await host.wait(step.wait);
    }
  },
  result: ({ names }, { states }) => ({ daemons: Object.fromEntries(names.map(({ name }, index) => [name, states[index]!.kind])) }),
});
