import { change, type Change } from '../../runner/task/change.ts';
import { sh, type Command } from '../../runner/task/command.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import type { Output } from '../../runner/task/host.ts';
import { performSteps } from '../../runner/task/perform.ts';
import { aboutZone, lookZone, planZone, type ZoneSeen } from './firewalld-zone.ts';
import { firewalldParams, settings, type FirewalldParams, type Setting } from './firewalld-params.ts';

/** The answers to the queries of each setting; a side that was not asked for is absent. */
interface Seen {
  readonly running: boolean;
  /** Of a task about the zone itself. */
  readonly zone?: ZoneSeen;
  readonly states: readonly { readonly runtime?: boolean; readonly permanent?: boolean }[];
}

/** Zones of firewalld. */
export default defineTask<FirewalldParams, Seen>({
  name: 'firewalld',
  summary: 'Services, ports, sources and rules of a firewalld zone, at run time and stored.',
  description:
    'Run time and stored configuration are asked and changed separately; nothing is reloaded, so run-time settings of others survive. ' +
    'While firewalld is stopped, the stored side is changed by firewall-offline-cmd.',
  examples: `- name: The cluster's ports
  firewalld: { service: high-availability, permanent: true, immediate: true, state: enabled }
`,
  params: firewalldParams,
  exclusive: 'iptables',
  async probe(params, host) {
    const { code, stderr } = await host.read(sh`firewall-cmd --state`, (output) => output);
    if (code === 127) throw new TaskFailure('this host has no firewalld');
    if (code !== 0 && !/not running/i.test(stderr)) throw new TaskFailure(`firewalld does not answer: ${stderr.trim()}`, { rc: code });
    const running = code === 0;
    const both = sides(params);
    const states = await Promise.all(
      settings(params).map(async (setting) => {
        const [runtime, permanent] = await Promise.all([
          both.runtime && running ? host.read(call(params, 'runtime', 'query', setting), answer) : undefined,
          both.permanent ? host.read(call(params, running ? 'permanent' : 'offline', 'query', setting), answer) : undefined,
        ]);
        return { ...(runtime !== undefined && { runtime }), ...(permanent !== undefined && { permanent }) };
      }),
    );
    return { running, states, ...(aboutZone(params) && { zone: await lookZone(params, running, host) }) };
  },
  plan(params, { running, states, zone }) {
    const both = sides(params);
    const all = settings(params);
    const changes = zone ? planZone(params, running, zone) : [];
    if (all.length === 0 && zone) return changes;
    if (all.length === 0) throw new TaskFailure('give one of service, port, protocol, source, interface, rich_rule, icmp_block, port_forward, masquerade, icmp_block_inversion, forward, target, zone');
    if (!running && !both.permanent)
      throw new TaskFailure('firewalld is not running: there is no run-time configuration to change; start it, or set permanent: true');
    const want = params.state === 'enabled' || params.state === 'present';
    return [...changes, ...all.flatMap((setting, index): Change[] => {
      const on = setting.inverted === true ? !want : want;
      const label = [setting.option, setting.value].filter(Boolean).join(' ');
      const verb = on ? 'add' : 'remove';
      const { runtime, permanent } = states[index]!;
      return [
        ...(runtime !== undefined && runtime !== on
          ? [
              change(`runtime ${label}`, runtime, on, [call(params, 'runtime', verb, setting)], {
                risk: 'disconnect',
                undo: [{ run: call(params, 'runtime', on ? 'remove' : 'add', setting) }],
              }),
            ]
          : []),
        ...(permanent !== undefined && permanent !== on
          ? [change(`permanent ${label}`, permanent, on, [call(params, running ? 'permanent' : 'offline', verb, setting)])]
          : []),
      ];
    })];
  },
  async apply(planned, host) {
    const [back] = planned.undo ?? [];
    if (planned.risk !== 'disconnect' || back === undefined || !('run' in back)) return performSteps(planned.steps, host);
    await host.guarded(back.run, 60, () => performSteps(planned.steps, host));
  },
  result: (_, { running }) => ({ running }),
});

function sides({ permanent, immediate }: FirewalldParams): { readonly runtime: boolean; readonly permanent: boolean } {
  return { permanent, runtime: immediate || !permanent };
}

function call(
  { zone, timeout }: FirewalldParams,
  side: 'runtime' | 'permanent' | 'offline',
  verb: 'query' | 'add' | 'remove',
  { option, value }: Setting,
): Command {
  const tool = side === 'offline' ? 'firewall-offline-cmd' : 'firewall-cmd';
  const flag = `--${verb}-${option}${value === undefined ? '' : `=${value}`}`;
  const ends = side === 'runtime' && verb === 'add' && timeout > 0 ? [`--timeout=${timeout}`] : [];
  return sh`${tool} ${[...(side === 'permanent' ? ['--permanent'] : []), ...(zone === undefined ? [] : [`--zone=${zone}`]), flag, ...ends]}`;
}

/** yes 0, no 1; anything else is a refusal whose text says what is wrong with the name. */
function answer({ code, stdout, stderr }: Output): boolean {
  if (code === 0 || code === 1) return code === 0;
  throw new TaskFailure(`firewalld refuses: ${(stderr || stdout).trim().replace(/^Error: /, '')}`, { rc: code, stderr });
}
